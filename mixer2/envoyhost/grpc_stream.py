"""A gRPC stream that a plugin opened through Envoy; the test plays the server."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import grpc

from mixer2.envoyhost.engine import Engine
from mixer2.testhost.errors import HostError, NotInEnvoyError
from mixer2.testhost.grpc_callout import GrpcRequest
from mixer2.testhost.header_map import HeaderMap, HeadersLike

CODES = {code.value[0]: code for code in grpc.StatusCode}


class _Metadata(NamedTuple):
    """The server's first word."""

    items: tuple[tuple[str, str], ...]


class _End(NamedTuple):
    """The server's last word."""

    status: int
    message: str
    trailers: tuple[tuple[str, str], ...]


class EnvoyGrpcStream:
    """A stream, as the test sees it; as `mixer2.testhost.GrpcStream`.

    Attributes:
        request: What was asked for.
        sent: Messages that the plugin sent.
        half_closed: Whether the plugin said that it sends no more.
        is_pending: Whether it is open.
    """

    def __init__(self, engine: Engine, request: GrpcRequest) -> None:
        self.request = request
        self.sent: list[bytes] = []
        self.half_closed = False
        self.is_pending = True
        self._engine = engine
        self._said: asyncio.Queue[_Metadata | bytes | _End] = asyncio.Queue()

    def __repr__(self) -> str:
        state = "open" if self.is_pending else "closed"
        return f"GrpcStream({self.request.service}/{self.request.method}, {state})"

    def send_initial_metadata(self, metadata: HeadersLike = ()) -> None:
        """The server's first word."""
        self._say(_Metadata(tuple(HeaderMap(metadata).items())))

    def send_message(self, message: bytes) -> None:
        """The server sends a message."""
        self._say(message)

    def close(self, status: int = 0, message: str = "", trailers: HeadersLike = ()) -> None:
        """The server ends the stream: trailing metadata, then the status."""
        self._say(_End(status, message, tuple(HeaderMap(trailers).items())))

    def reject(self, status: int, message: str = "") -> None:
        """The server ends the stream with its first word."""
        self._say(_End(status, message, ()))

    def fail(self, status: int, message: str) -> None:
        """Not to be had: what Envoy says of a broken stream is its own."""
        raise NotInEnvoyError(f"a stream that fails with {status} and exactly {message!r}")

    async def receive(self, message: bytes | None) -> None:
        """The plugin sent a message, or its end."""
        if message is None:
            self.half_closed = True
        else:
            self.sent.append(message)
        self._engine.activity += 1

    async def answers(self, context: Any) -> AsyncIterator[bytes]:
        """What the test lets the server say, until its end."""
        try:
            while True:
                said = await self._said.get()
                self._engine.activity += 1
                if isinstance(said, bytes):
                    yield said
                elif isinstance(said, _Metadata):
                    await context.send_initial_metadata(said.items)
                else:
                    self.is_pending = False
                    context.set_trailing_metadata(said.trailers)
                    if said.status:
                        await context.abort(CODES[said.status], said.message)
                    return
        finally:
            self.is_pending = False
            self._engine.activity += 1

    def _say(self, what: _Metadata | bytes | _End) -> None:
        if not self.is_pending:
            raise HostError(f"{self!r}: nothing comes any more")
        self._engine.background.run(self._put(what))
        self._engine.background.run(self._engine.settle())

    async def _put(self, what: _Metadata | bytes | _End) -> None:
        self._engine.activity += 1
        await self._said.put(what)
