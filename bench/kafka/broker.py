"""A broker as a child process: tansu, which keeps everything in memory."""

import asyncio
from asyncio.subprocess import DEVNULL, Process
from types import TracebackType
from typing import Final, Self

from bench.errors import BenchError
from bench.processes import free_port
from e2e.world.processes import tansu

_STARTS_WITHIN_S: Final = 20.0
_POLL_S: Final = 0.05


class Broker:
    """A broker that tells its clients to come through the proxy.

    Args:
        proxy_port: Where the proxy listens on 127.0.0.1.
    """

    def __init__(self, proxy_port: int) -> None:
        self.port = free_port()
        self._proxy_port = proxy_port
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(str(tansu()), "broker"),
            *("--listener-url", f"tcp://127.0.0.1:{self.port}"),
            *("--advertised-listener-url", f"tcp://127.0.0.1:{self._proxy_port}"),
            *("--storage-engine", "memory://tansu/"),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
        )
        try:
            async with asyncio.timeout(_STARTS_WITHIN_S):
                while not await self._listens():
                    await asyncio.sleep(_POLL_S)
        except TimeoutError as error:
            await self._end()
            raise BenchError("the broker does not serve") from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._end()

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True

    async def _end(self) -> None:
        process = self._process
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
