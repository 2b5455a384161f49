"""The probe filter, and an upstream and a client to see it at work."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import aiohttp
import wasmtime
from aiohttp import web

from mixer2.xds.modules import WasmModule


@cache
def probe(name: str) -> WasmModule:
    """The probe module that calls itself `name`, which has four letters."""
    wat = Path(__file__).with_name("probe.wat").read_text(encoding="utf-8")
    return WasmModule.of(bytes(wasmtime.wat2wasm(wat.replace('"NAME"', f'"{name}"'))))


@asynccontextmanager
async def upstream() -> AsyncIterator[int]:
    """A server that answers everything with 200; yields its port."""

    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(text="ok")

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield site.port
    finally:
        await runner.cleanup()


class Load:
    """Clients that send requests one after the other until they are stopped.

    Attributes:
        seen: How often which (status, module, configuration) came back.
    """

    def __init__(self, port: int) -> None:
        self.seen: Counter[tuple[int, str, str]] = Counter()
        self._answered = asyncio.Event()
        self._url = f"http://127.0.0.1:{port}/"

    @asynccontextmanager
    async def running(self, clients: int = 4) -> AsyncIterator[None]:
        """Send requests while the block runs; whatever fails, fails the block."""
        stop = asyncio.Event()
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            for _ in range(clients):
                tasks.create_task(self._client(session, stop))
            try:
                yield
            finally:
                stop.set()

    async def once(self) -> tuple[int, str, str]:
        """Send one request over a connection of its own."""
        async with aiohttp.ClientSession() as session:
            return await self._request(session)

    async def trap_and_once_more(self) -> list[tuple[int, str, str]]:
        """Send a request that traps and one that does not over one connection: to one worker."""
        async with aiohttp.ClientSession() as session:
            first = await self._request(session, {"x-trap": "1"})
            return [first, await self._request(session)]

    async def count(self, requests: int) -> None:
        """Wait until that many more requests were answered."""
        until = self.seen.total() + requests
        while self.seen.total() < until:
            self._answered.clear()
            await self._answered.wait()

    async def _client(self, session: aiohttp.ClientSession, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.seen[await self._request(session)] += 1
            self._answered.set()

    async def _request(
        self, session: aiohttp.ClientSession, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        async with session.get(self._url, headers=headers) as response:
            await response.read()
            headers = response.headers
            return response.status, headers.get("x-module", ""), headers.get("x-config", "")
