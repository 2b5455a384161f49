"""Sources of endpoints: what services get their instances from, as it changes.

A source that fails keeps what it said last; a mesh never loses endpoints because a
registry is down.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import structlog

from mixer2.mesh.endpoint_list import MOST_BYTES, endpoints_of, parse_endpoints, read_endpoints
from mixer2.mesh.errors import SourceFailed
from mixer2.mesh.schema.services import HttpSource, Service
from mixer2.xds.builders.endpoint import Endpoint

_log = structlog.get_logger("mixer2.control")
_TIMEOUT = aiohttp.ClientTimeout(total=10)


@dataclass(slots=True)
class SourceStatus:
    """What is known of one service's source.

    Attributes:
        source: Where endpoints come from, for people.
        endpoints: The last that it said.
        problem: Why the last attempt failed; empty when it did not.
    """

    source: str
    endpoints: tuple[Endpoint, ...] = ()
    problem: str = ""


class EndpointSources:
    """The endpoints of all services of a mesh.

    Args:
        changed: Called when a service has other endpoints than before.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._folder = Path()
        self._services: Mapping[str, Service] = {}
        self._status: dict[str, SourceStatus] = {}
        self._polls: dict[str, tuple[HttpSource, asyncio.Task[None]]] = {}

    @property
    def endpoints(self) -> dict[str, tuple[Endpoint, ...]]:
        """The endpoints of each service."""
        return {name: status.endpoints for name, status in self._status.items()}

    @property
    def status(self) -> Mapping[str, SourceStatus]:
        """What is known of each service."""
        return self._status

    @property
    def files(self) -> list[Path]:
        """The files that endpoints are read from."""
        return [self._folder / one.file for one in self._services.values() if one.file is not None]

    async def use(self, services: Mapping[str, Service], folder: Path) -> None:
        """Take endpoints from the sources of these services.

        Args:
            services: All of a mesh.
            folder: What file names are relative to.
        """
        self._services, self._folder = services, folder
        self._status = {
            name: self._status_of(name, service)
            for name, service in services.items()
            if service.dns is None
        }
        for name, service in services.items():
            if service.endpoints is not None:
                self._status[name].endpoints = endpoints_of(service.endpoints)
        self.read_files()
        await self._poll(services)

    def read_files(self) -> None:
        """Read the files of endpoints again."""
        for name, service in self._services.items():
            if service.file is not None:
                try:
                    self._got(name, read_endpoints(self._folder / service.file))
                except SourceFailed as error:
                    self._failed(name, str(error))

    async def close(self) -> None:
        """Stop asking."""
        polls, self._polls = self._polls, {}
        for _, task in polls.values():
            task.cancel()
        for _, task in polls.values():
            with suppress(asyncio.CancelledError):
                await task

    def _status_of(self, name: str, service: Service) -> SourceStatus:
        source = str(service.file or (service.http and service.http.url) or "the mesh file")
        before = self._status.get(name)
        return before if before is not None and before.source == source else SourceStatus(source)

    async def _poll(self, services: Mapping[str, Service]) -> None:
        wanted = {name: one.http for name, one in services.items() if one.http is not None}
        for name, (source, task) in tuple(self._polls.items()):
            if wanted.get(name) != source:
                task.cancel()
                del self._polls[name]
        first: list[asyncio.Future[None]] = []
        for name, source in wanted.items():
            if name not in self._polls:
                asked = asyncio.get_running_loop().create_future()
                first.append(asked)
                self._polls[name] = (
                    source,
                    asyncio.create_task(self._ask_forever(name, source, asked)),
                )
        # The first answers belong to the start; a registry that is down must not hold it up.
        if first:
            await asyncio.wait(first, timeout=2)

    async def _ask_forever(
        self, name: str, source: HttpSource, asked: asyncio.Future[None]
    ) -> None:
        tag = ""
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
            while True:
                try:
                    tag = await self._ask(name, source, session, tag)
                except (aiohttp.ClientError, TimeoutError, SourceFailed) as error:
                    self._failed(name, str(error) or type(error).__name__)
                if not asked.done():
                    asked.set_result(None)
                await asyncio.sleep(source.every)

    async def _ask(
        self, name: str, source: HttpSource, session: aiohttp.ClientSession, tag: str
    ) -> str:
        """Ask once; returns the answer's ETag, with which an unchanged list is not sent again."""
        headers = {"accept": "application/json", **({"if-none-match": tag} if tag else {})}
        async with session.get(source.url, headers=headers) as response:
            if response.status == 304:
                return tag
            if response.status != 200:
                raise SourceFailed(f"{source.url}: HTTP {response.status}")
            content = await response.content.read(MOST_BYTES + 1)
            while len(content) <= MOST_BYTES and not response.content.at_eof():
                content += await response.content.read(MOST_BYTES + 1 - len(content))
            if len(content) > MOST_BYTES:
                raise SourceFailed(f"{source.url}: larger than {MOST_BYTES >> 20} MiB")
            self._got(name, parse_endpoints(content, source.url))
            return response.headers.get("etag", "")

    def _got(self, name: str, endpoints: tuple[Endpoint, ...]) -> None:
        status = self._status.get(name)
        if status is None:
            return
        if status.problem:
            _log.info("endpoints.recovered", service=name, source=status.source)
            status.problem = ""
        if status.endpoints != endpoints:
            status.endpoints = endpoints
            self._changed()

    def _failed(self, name: str, problem: str) -> None:
        status = self._status.get(name)
        if status is not None and status.problem != problem:
            status.problem = problem
            kept = len(status.endpoints)
            _log.warning("endpoints.failed", service=name, problem=problem, kept=kept)
