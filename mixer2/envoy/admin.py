"""A client of Envoy's admin interface.

Source: envoyproxy.io, "Administration interface".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from mixer2.envoy.bootstrap import Address, TcpAddress, UnixAddress
from mixer2.envoy.errors import AdminError

_TIMEOUT = aiohttp.ClientTimeout(total=30)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Part of a histogram: `count` samples in [lower, lower + width)."""

    lower: float
    width: float
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """All samples of a histogram since Envoy started.

    Buckets have two significant digits: 7 is in [7, 7.1), 1234 in [1200, 1300).
    """

    buckets: tuple[Bucket, ...]

    @property
    def count(self) -> int:
        """The number of samples."""
        return sum(bucket.count for bucket in self.buckets)

    @property
    def mean(self) -> float:
        """The mean of the samples, each taken for the middle of its bucket; 0 without any."""
        middles = sum((one.lower + one.width / 2) * one.count for one in self.buckets)
        return middles / self.count if self.count else 0.0


class AdminClient:
    """Asks one Envoy over TCP or a Unix socket; an async context manager.

    Every method raises AdminError when Envoy cannot be reached or answers with an error.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections. The client can be used again; it opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def url(self) -> str:
        """The interface's URL for a browser; for a Unix socket the socket's path."""
        return (
            f"http://{self.address}" if isinstance(self.address, TcpAddress) else str(self.address)
        )

    async def ready(self) -> bool:
        """Tell whether Envoy is up and serves; False also while nothing listens."""
        try:
            status, _ = await self._get("/ready")
        except AdminError:
            return False
        return status == 200

    async def stats(self, pattern: str = "", kind: str = "") -> dict[str, int]:
        """Return counters and gauges by name.

        Args:
            pattern: A regex that names must contain a match of; Envoy evaluates it.
            kind: "Counters" or "Gauges" for one of these only.
        """
        query = {"filter": pattern} | ({"type": kind} if kind else {})
        entries = (await self._json("/stats", query))["stats"]
        # Text readouts have strings for values; all histograms are one entry without a name.
        return {
            entry["name"]: entry["value"]
            for entry in entries
            if isinstance(entry.get("value"), int)
        }

    async def histograms(self, pattern: str = "") -> dict[str, Histogram]:
        """Return histograms by name.

        Args:
            pattern: As for `stats`.
        """
        query = {"filter": pattern, "type": "Histograms", "histogram_buckets": "detailed"}
        entries = (await self._json("/stats", query))["stats"]
        details = entries[0]["histograms"].get("details", ()) if entries else ()
        return {entry["name"]: _histogram(entry["totals"]) for entry in details}

    async def prometheus(self) -> str:
        """Return all stats in Prometheus' text format."""
        return await self._text("/stats/prometheus")

    async def config_dump(self) -> dict[str, Any]:
        """Return the configuration Envoy runs with, endpoints included."""
        return dict(await self._json("/config_dump", {"include_eds": ""}))

    async def server_info(self) -> dict[str, Any]:
        """Return Envoy's version, state and command line."""
        return dict(await self._json("/server_info", {}))

    async def set_log_level(self, component: str, level: str) -> None:
        """Change the level of one logger, such as "wasm", while Envoy runs."""
        async with self._connected().post(
            f"{self._base()}/logging", params={component: level}
        ) as response:
            if response.status != 200:
                text = (await response.text()).strip()[:200]
                raise AdminError(f"{self.url}/logging: HTTP {response.status}: {text}")

    async def listeners(self) -> dict[str, Address]:
        """Return the address that each active listener is bound to, by listener name.

        A listener that was configured with port 0 appears with the port it got. Internal listeners
        have no address.
        """
        statuses = (await self._json("/listeners", {})).get("listener_statuses", ())
        return {
            status["name"]: _address(status["local_address"])
            for status in statuses
            if "envoy_internal_address" not in status["local_address"]
        }

    async def _json(self, path: str, query: Mapping[str, str]) -> Any:
        text = await self._text(path, {"format": "json", **query})
        try:
            return json.loads(text)
        except ValueError as error:
            raise AdminError(f"{self.url}{path}: expected JSON, got {text[:80]!r}") from error

    async def _text(self, path: str, query: Mapping[str, str] | None = None) -> str:
        status, text = await self._get(path, query)
        if status != 200:
            raise AdminError(f"{self.url}{path}: HTTP {status}: {text.strip()[:200]}")
        return text

    async def _get(self, path: str, query: Mapping[str, str] | None = None) -> tuple[int, str]:
        try:
            async with self._connected().get(f"{self._base()}{path}", params=query) as response:
                return response.status, await response.text(errors="replace")
        except (aiohttp.ClientError, OSError) as error:  # OSError: also the time-out
            reason = str(error) or type(error).__name__
            raise AdminError(f"{self.url}{path}: {reason}") from error

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = _session(self.address)
        return self._session

    def _base(self) -> str:
        host = self.address if isinstance(self.address, TcpAddress) else "admin"
        return f"http://{host}"


def _session(address: Address) -> aiohttp.ClientSession:
    if isinstance(address, UnixAddress):
        connector: aiohttp.BaseConnector = aiohttp.UnixConnector(address.path)
    else:
        connector = aiohttp.TCPConnector()
    return aiohttp.ClientSession(connector=connector, timeout=_TIMEOUT)


def _histogram(totals: list[dict[str, float]]) -> Histogram:
    return Histogram(
        tuple(Bucket(one["lower_bound"], one["width"], int(one["count"])) for one in totals)
    )


def _address(address: Mapping[str, Any]) -> Address:
    if "pipe" in address:
        return UnixAddress(address["pipe"]["path"])
    socket = address["socket_address"]
    return TcpAddress(socket["address"], socket["port_value"])
