"""gRPC callouts: servers that answer any unary method as the test says, or by its hand.

Streams are the test's to play.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import grpc
import grpc.aio

from mixer2.envoyhost.callouts import TIMEOUT_HEADER
from mixer2.envoyhost.engine import Engine
from mixer2.envoyhost.grpc_stream import CODES, EnvoyGrpcStream
from mixer2.testhost.errors import HostError
from mixer2.testhost.grpc_callout import GrpcAnswer, GrpcError, GrpcRequest
from mixer2.testhost.grpc_callouts import GrpcService
from mixer2.testhost.header_map import HeaderMap

_UNARY_WITHIN = 0.03
"""Seconds within which the end of a unary call follows its message."""


class EnvoyGrpcCall:
    """A unary call, as the test sees it; as `mixer2.testhost.GrpcCall`."""

    def __init__(self, engine: Engine, request: GrpcRequest) -> None:
        self.request = request
        self.given: asyncio.Future[GrpcAnswer] = asyncio.get_running_loop().create_future()
        self._engine = engine

    def __repr__(self) -> str:
        state = "pending" if self.is_pending else "answered"
        return f"GrpcCall({self.request.service}/{self.request.method}, {state})"

    @property
    def is_pending(self) -> bool:
        """Whether it waits for an answer."""
        return not self.given.done()

    def answer(self, answer: GrpcAnswer) -> None:
        """End it."""
        if not self.is_pending:
            raise HostError(f"{self!r} was answered already")
        self._engine.background.run(self._give(answer))
        self._engine.background.run(self._engine.settle())

    async def _give(self, answer: GrpcAnswer) -> None:
        self._engine.activity += 1
        self.given.set_result(answer)


class GrpcServers:
    """The gRPC clusters of one test.

    Args:
        engine: The Envoy that calls.
        services: How each answers.
    """

    def __init__(self, engine: Engine, services: Mapping[str, GrpcService]) -> None:
        self.calls: list[EnvoyGrpcCall] = []
        self.streams: list[EnvoyGrpcStream] = []
        self._engine = engine
        self._services = services
        self._servers: list[grpc.aio.Server] = []

    async def start(self) -> None:
        """Listen, and tell Envoy where."""
        for name in self._services:
            server = grpc.aio.server()
            server.add_generic_rpc_handlers((_Everything(self, name),))
            port = server.add_insecure_port("127.0.0.1:0")
            await server.start()
            self._servers.append(server)
            await self._engine.set_cluster(name, port, http2=True)

    async def stop(self) -> None:
        """End the servers, and the calls that still wait."""
        for server in self._servers:
            await server.stop(None)

    async def serve(
        self, cluster: str, method: str, requests: AsyncIterator[bytes], context: Any
    ) -> AsyncIterator[bytes]:
        """Serve what came: a unary call, which ends with its message, or a stream."""
        request = _request(cluster, method, context)
        messages = _Messages(requests)
        self._engine.busy += 1
        try:
            first = await messages.next(_UNARY_WITHIN)
            is_unary = first is not None and await messages.ends(_UNARY_WITHIN)
        finally:
            self._engine.busy -= 1
        if first is not None and is_unary:
            yield await self._answer(replace(request, message=first), context)
            return
        stream = EnvoyGrpcStream(self._engine, request)
        self.streams.append(stream)
        if first is not None:
            await stream.receive(first)
        reading = asyncio.create_task(messages.give_to(stream))
        try:
            async for answer in stream.answers(context):
                yield answer
        finally:
            reading.cancel()

    async def _answer(self, request: GrpcRequest, context: Any) -> bytes:
        """Answer a call."""
        call = EnvoyGrpcCall(self._engine, request)
        self.calls.append(call)
        self._engine.activity += 1
        service = self._services[request.cluster]
        try:
            given = service(request) if callable(service) else service
        except Exception as problem:  # noqa: BLE001  (of the test's function; raised there)
            self._engine.problems.append(problem)
            given = GrpcError(13, repr(problem))
        answer = await call.given if given is None else given
        if not call.given.done():
            call.given.set_result(answer)
        if isinstance(answer, bytes):
            return answer
        await context.abort(CODES[answer.status], answer.message)
        return b""


class _Everything(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # in its stubs only
    """Takes every method of every service."""

    def __init__(self, servers: GrpcServers, cluster: str) -> None:
        self._servers = servers
        self._cluster = cluster

    def service(self, handler_call_details: Any) -> Any:
        method = handler_call_details.method

        async def serve(requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
            async for answer in self._servers.serve(self._cluster, method, requests, context):
                yield answer

        return grpc.stream_stream_rpc_method_handler(serve)


class _Messages:
    """The messages of a call, with patience that ends."""

    def __init__(self, requests: AsyncIterator[bytes]) -> None:
        self._requests = requests
        self._next: asyncio.Task[bytes | None] | None = None

    async def next(self, patience: float | None = None) -> bytes | None:
        """The next message; None for the end, or when none came in time."""
        if self._next is None:
            self._next = asyncio.create_task(self._read())
        await asyncio.wait([self._next], timeout=patience)
        if not self._next.done():
            return None
        message, self._next = self._next.result(), None
        return message

    async def ends(self, patience: float) -> bool:
        """Whether there is nothing more; False when that is not known in time."""
        self._next = asyncio.create_task(self._read())
        await asyncio.wait([self._next], timeout=patience)
        return self._next.done() and self._next.result() is None

    async def give_to(self, stream: EnvoyGrpcStream) -> None:
        """Hand over all that comes, and the end."""
        while (message := await self.next()) is not None:
            await stream.receive(message)
        await stream.receive(None)

    async def _read(self) -> bytes | None:
        return await anext(self._requests, None)


def _request(cluster: str, method: str, context: Any) -> GrpcRequest:
    owner, _, name = method.removeprefix("/").rpartition("/")
    metadata = HeaderMap([(key, _text(value)) for key, value in context.invocation_metadata()])
    timeout = int(metadata.get(TIMEOUT_HEADER) or 0)
    for added in (TIMEOUT_HEADER, "x-envoy-internal"):
        metadata.remove(added)
    return GrpcRequest(cluster, owner, name, metadata, timeout=timeout)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
