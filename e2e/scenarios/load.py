"""Requests that go on until the scenario has seen enough."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import aiohttp

_CLIENTS = 4
_TIMEOUT_S = 10.0


class Load:
    """A few clients that ask one after the other.

    Attributes:
        answers: Answers by status code.
        headers: How often each response header was seen.
        failures: What was no answer of the upstream, in words.
    """

    def __init__(self, url: str) -> None:
        self.answers: Counter[int] = Counter()
        self.headers: Counter[str] = Counter()
        self.failures: list[str] = []
        self._url = url
        self._over = asyncio.Event()

    async def answered(self, more: int) -> Self:
        """Wait until so many more answers have come."""
        enough = self.answers.total() + more
        async with asyncio.timeout(30):
            while self.answers.total() < enough:
                await asyncio.sleep(0.01)
        return self

    async def run(self) -> None:
        """Ask until `end`."""
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        async with aiohttp.ClientSession(self._url, timeout=timeout) as session:
            await asyncio.gather(*(self._ask(session) for _ in range(_CLIENTS)))

    def end(self) -> None:
        """Let the requests under way be the last."""
        self._over.set()

    async def _ask(self, session: aiohttp.ClientSession) -> None:
        while not self._over.is_set():
            try:
                async with session.get("/orders/200", headers={"x-tenant": "acme"}) as response:
                    await response.read()
            except (aiohttp.ClientError, TimeoutError) as error:
                self.failures.append(repr(error))
                await asyncio.sleep(0.01)
                continue
            self.answers[response.status] += 1
            self.headers.update(name.lower() for name in response.headers)
            if "x-origin" not in response.headers:
                self.failures.append(f"{response.status} is not the upstream's")


@asynccontextmanager
async def load_on(url: str) -> AsyncIterator[Load]:
    """Load as long as the block."""
    load = Load(url)
    running = asyncio.create_task(load.run())
    try:
        yield load
    finally:
        load.end()
        await running
