"""gRPC callouts: servers that answer any unary method as the test says, or by its hand."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import grpc
import grpc.aio

from mixer2.envoyhost.callouts import TIMEOUT_HEADER
from mixer2.envoyhost.engine import Engine
from mixer2.testhost.errors import HostError
from mixer2.testhost.grpc_callout import GrpcAnswer, GrpcError, GrpcRequest
from mixer2.testhost.grpc_callouts import GrpcService
from mixer2.testhost.header_map import HeaderMap

_CODES = {code.value[0]: code for code in grpc.StatusCode}


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
        self._engine = engine
        self._services = services
        self._servers: list[grpc.aio.Server] = []

    async def start(self) -> None:
        """Listen, and tell Envoy where."""
        for name, service in self._services.items():
            server = grpc.aio.server()
            server.add_generic_rpc_handlers((_Everything(self, name, service),))
            port = server.add_insecure_port("127.0.0.1:0")
            await server.start()
            self._servers.append(server)
            await self._engine.set_cluster(name, port, http2=True)

    async def stop(self) -> None:
        """End the servers, and the calls that still wait."""
        for server in self._servers:
            await server.stop(None)

    async def answer(
        self, cluster: str, method: str, service: GrpcService, message: bytes, context: Any
    ) -> bytes:
        """Answer a call."""
        owner, _, name = method.removeprefix("/").rpartition("/")
        metadata = HeaderMap([(key, _text(value)) for key, value in context.invocation_metadata()])
        timeout = int(metadata.get(TIMEOUT_HEADER) or 0)
        for added in (TIMEOUT_HEADER, "x-envoy-internal"):
            metadata.remove(added)
        request = GrpcRequest(cluster, owner, name, metadata, message, timeout)
        call = EnvoyGrpcCall(self._engine, request)
        self.calls.append(call)
        self._engine.activity += 1
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
        await context.abort(_CODES[answer.status], answer.message)
        return b""


class _Everything(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # in its stubs only
    """Takes every method of every service."""

    def __init__(self, servers: GrpcServers, cluster: str, service: GrpcService) -> None:
        self._servers = servers
        self._cluster = cluster
        self._service = service

    def service(self, handler_call_details: Any) -> Any:
        method = handler_call_details.method

        async def serve(requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
            async for message in requests:
                yield await self._servers.answer(
                    self._cluster, method, self._service, message, context
                )

        return grpc.stream_stream_rpc_method_handler(serve)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
