"""A TCP connection through Envoy: the client's side and the upstream's side.

Has the methods of `mixer2.testhost.Connection`.
"""

import asyncio
import socket
import struct
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from mixer2.envoyhost import http1
from mixer2.envoyhost.engine import Engine
from mixer2.testhost.errors import NotInEnvoyError

_CHUNK = 65536


class _End:
    """One end of the connection: what came, and whether more may come."""

    def __init__(self, engine: Engine) -> None:
        self.received = b""
        self.ended = False
        self.writer: asyncio.StreamWriter | None = None
        self._engine = engine

    async def read(self, reader: asyncio.StreamReader) -> None:
        with suppress(OSError):
            while data := await reader.read(_CHUNK):
                self.received += data
                self._engine.activity += 1
        self.ended = True
        self._engine.activity += 1

    async def send(self, data: bytes) -> None:
        if self.writer is None:
            raise NotInEnvoyError("the upstream sends on a connection that it has not got")
        with suppress(OSError):
            self.writer.write(data)

    async def half_close(self) -> None:
        if self.writer is not None and self.writer.can_write_eof():
            with suppress(OSError):
                self.writer.write_eof()


class EnvoyConnection:
    """One connection.

    Args:
        engine: The Envoy that it goes through.
        settle: Waits until nothing is on its way.
    """

    def __init__(self, engine: Engine, settle: Callable[[], None]) -> None:
        self._engine = engine
        self._settle = settle
        self._client = _End(engine)
        self._upstream = _End(engine)
        self._reading: asyncio.Task[None] | None = None
        self._gone = asyncio.Event()
        self._closed = False

    @property
    def is_awaited(self) -> bool:
        """Whether it has not come to the upstream, and still may."""
        return self._upstream.writer is None and not self._closed

    @property
    def received(self) -> bytes:
        """What the client got."""
        return self._client.received

    @property
    def upstream_received(self) -> bytes:
        """What the upstream got."""
        return self._upstream.received

    @property
    def upstream_ended(self) -> bool:
        """Whether the upstream was told that the client sends no more."""
        return self._upstream.ended

    @property
    def client_ended(self) -> bool:
        """Whether the client was told that no more will come."""
        return self._client.ended

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection to the upstream."""
        return self._upstream.writer is not None

    @property
    def is_over(self) -> bool:
        """Whether the connection has been closed."""
        upstream_over = self._upstream.ended or self._upstream.writer is None
        return self._closed or (self._client.ended and upstream_over)

    @property
    def is_held(self) -> bool:
        """Not to be seen from outside of Envoy."""
        raise NotInEnvoyError("whether a filter holds bytes is not to be seen from outside")

    @property
    def cluster(self) -> str:
        """Not to be seen from outside of Envoy."""
        raise NotInEnvoyError("all connections of a test in Envoy go to one upstream")

    def open(self, port: int) -> None:
        """The client connects."""
        self._do(self._open(port))

    def send(self, data: bytes) -> None:
        """The client sends bytes."""
        self._do(self._client.send(data))

    def half_close(self) -> None:
        """The client sends no more."""
        self._do(self._client.half_close())

    def close(self) -> None:
        """The client is gone."""
        self._closed = True
        self._do(self._close())

    def upstream_send(self, data: bytes) -> None:
        """The upstream sends bytes."""
        self._do(self._upstream.send(data))

    def upstream_half_close(self) -> None:
        """The upstream sends no more."""
        self._do(self._upstream.half_close())

    async def arrive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The connection comes to the upstream."""
        self._upstream.writer = writer
        await self._upstream.read(reader)
        await self._gone.wait()

    def _do(self, action: Coroutine[Any, Any, None]) -> None:
        self._engine.background.run(action)
        self._settle()

    async def _open(self, port: int) -> None:
        reader, self._client.writer = await http1.open_connection(port)
        self._reading = asyncio.create_task(self._client.read(reader))

    async def _close(self) -> None:
        self._gone.set()
        writer = self._client.writer
        if writer is not None and not writer.is_closing():
            # A reset, as of a client that is gone.
            wire: socket.socket | None = writer.get_extra_info("socket")
            if wire is not None:
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
