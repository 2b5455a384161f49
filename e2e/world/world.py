"""The world that scenarios act in."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from e2e.world import plan as parts
from e2e.world.plan import HOST, Plan
from e2e.world.runtime import PartFailed, Runtime
from mixer2.envoy.admin import AdminClient
from mixer2.envoy.bootstrap import TcpAddress
from mixer2.envoy.errors import EnvoyError

_START_WITHIN_S = 40.0
_POLL_S = 0.05
_ROOT = Path(__file__).parents[2]

Found = TypeVar("Found")


class World:
    """Parts that run, and what scenarios do with them.

    Args:
        plan: Addresses and files.
        runtime: What runs the parts.
    """

    def __init__(self, plan: Plan, runtime: Runtime) -> None:
        self.plan = plan
        self.runtime = runtime
        self._built: dict[str, Path] = {}
        self._running: set[str] = set()

    async def start(self, *names: str) -> None:
        """Start parts that do not run, and wait until each takes connections.

        Raises:
            PartFailed: one does not within the time; with its last lines.
        """
        for name in names:
            if name not in self._running:
                self.runtime.start(name)
                self._running.add(name)
        for name in names:
            await self.ready(name)

    def runs(self, name: str) -> bool:
        """Whether a part has been started, and not ended since."""
        return name in self._running

    def stop(self, name: str, kill: bool = False) -> None:
        """End a part."""
        self._running.discard(name)
        if kill:
            self.runtime.kill(name)
        else:
            self.runtime.stop(name)

    async def ready(self, name: str) -> None:
        """Wait until a part takes connections."""
        port = self.plan.ports[PORT_OF[name]]
        try:
            await eventually(lambda: _connects(port), f"{name} takes connections", _START_WITHIN_S)
        except AssertionError as error:
            raise PartFailed(f"{error}:\n{self.runtime.log(name)[-3000:]}") from error

    def url(self, port: str) -> str:
        """Where a port is."""
        return f"http://{HOST}:{self.plan.ports[port]}"

    def admin(self, node: str) -> AdminClient:
        """The admin interface of an Envoy; use it in `async with`."""
        return AdminClient(TcpAddress(HOST, self.plan.ports[f"{node}_admin"]))

    async def stats(self, node: str, pattern: str = "") -> dict[str, int]:
        """Counters and gauges of an Envoy; none while it does not run."""
        try:
            async with self.admin(node) as admin:
                return await admin.stats(pattern)
        except EnvoyError:
            return {}

    async def listening(self, port: str) -> None:
        """Wait until something takes connections at a port."""
        number = self.plan.ports[port]
        await eventually(lambda: _connects(number), f"{port} takes connections")

    async def answers_with(self, port: str, header: str, value: str | None = None) -> None:
        """Wait until answers at a port have a response header, with a value if one is given."""

        async def has_it() -> bool:
            try:
                async with aiohttp.request("GET", f"{self.url(port)}/orders/200") as response:
                    found = response.headers.get(header)
            except aiohttp.ClientError:
                return False
            return found is not None and value in (None, found)

        await eventually(has_it, f"{port} answers with {header}: {value or 'anything'}")

    async def in_force(self, node: str, text: str) -> None:
        """Wait until a text, such as a plugin's configuration, is in what an Envoy runs."""
        escaped = json.dumps(text)[1:-1]

        async def looks_so() -> bool:
            async with self.admin(node) as admin:
                return escaped in json.dumps(await admin.config_dump())

        await eventually(looks_so, f"{node} runs {text}")

    async def status(self) -> dict[str, Any]:
        """What the server says of everything."""
        found: dict[str, Any] = await fetch(f"{self.url('status')}/api/status")
        return found

    def build(self, source: str, name: str = "") -> Path:
        """Compile a filter of the repository with the command that an author types.

        Args:
            source: Path below the repository's root.
            name: Of the module; that of the source unless given.
        """
        name = name or Path(source).stem
        target = self.plan.folder / f"{name}.wasm"
        if name not in self._built:
            command = [sys.executable, "-m", "mixer2", "build", source, "-o", str(target)]
            subprocess.run(command, cwd=_ROOT, check=True, stdout=subprocess.DEVNULL)
            target.chmod(0o644)
            self._built[name] = target
        return target


async def eventually(
    look: Callable[[], Awaitable[Found | None]], what: str, within_s: float = 20.0
) -> Found:
    """Look again and again until there is something to see.

    Raises:
        AssertionError: there is not within the time.
    """
    deadline = time.monotonic() + within_s
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:g} s: {what}; last seen: {found!r}")
        await asyncio.sleep(_POLL_S)


async def fetch(url: str, **options: Any) -> Any:
    """What is at a URL, as JSON.

    Raises:
        aiohttp.ClientError: there is no good answer.
    """
    async with (
        aiohttp.ClientSession(raise_for_status=True) as session,
        session.get(url, **options) as response,
    ):
        return await response.json(content_type=None)


PORT_OF = {
    parts.SERVER: "xds",
    parts.EDGE: "edge_admin",
    parts.INNER: "inner_admin",
    parts.UPSTREAM: "upstream",
    parts.COLLECTOR: "collector",
    parts.PROMETHEUS: "prometheus",
    parts.REDIS: "redis",
    parts.QUOTA: "quota",
    parts.KAFKA: "kafka",
}


async def _connects(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True
