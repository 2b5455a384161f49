"""The xDS server: gRPC in front of the cache.

async with XdsServer(port=18000) as server:
    server.cache.set(snapshot)
    await server.nodes.wait_settled(snapshot.version, "edge-1")
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self

import grpc
import grpc.aio
import structlog

from mixer2.xds import csds
from mixer2.xds.access import Access, OpenAccess, Peer
from mixer2.xds.cache import SnapshotCache
from mixer2.xds.errors import CannotListen, Forbidden, Overloaded, ProtocolError
from mixer2.xds.limits import Limits, LogLimit, Pace
from mixer2.xds.metrics import ServerMetrics
from mixer2.xds.nodes import Nodes
from mixer2.xds.rejections import RejectionMemory
from mixer2.xds.session import Service, serve_session
from mixer2.xds.variants import Variant, variants

_log = structlog.get_logger("mixer2.xds")

_OPTIONS = (
    ("grpc.so_reuseport", 0),  # a taken port is an error, not a second server on it
    ("grpc.max_send_message_length", -1),  # modules travel inside
    # A node that vanished without a FIN is noticed after 40 s.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    # Nodes do the same. By default gRPC takes more than two pings in ten minutes for an attack.
    ("grpc.http2.max_ping_strikes", 0),
)
_STATUS = {
    ProtocolError: grpc.StatusCode.INVALID_ARGUMENT,
    Forbidden: grpc.StatusCode.PERMISSION_DENIED,
    Overloaded: grpc.StatusCode.RESOURCE_EXHAUSTED,
}


class XdsServer:
    """An xDS server for Envoy; an async context manager.

    Args:
        cache: What to serve; an empty one, to be filled, when None. While a node's group has no
            snapshot the node gets no answer, and keeps what it has.
        host: IP address or name to listen on.
        port: TCP port; 0 for a free one.
        credentials: For TLS (`TlsFiles.credentials`); None for plain text.
        plaintext: Allow plain text on other than loopback addresses.
        access: Who may be which node, and see what; everybody everything when None.
        memory: Where rejections outlive the process (`SqliteMemory`); nowhere when None.
        limits: How much clients may ask for.
    """

    def __init__(
        self,
        cache: SnapshotCache | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        credentials: grpc.ServerCredentials | None = None,
        plaintext: bool = False,
        access: Access | None = None,
        memory: RejectionMemory | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.cache = cache if cache is not None else SnapshotCache()
        self.nodes = Nodes(memory)
        self.cache.listen(self.nodes.changed)
        self.access = access if access is not None else OpenAccess()
        self.metrics = ServerMetrics(self.nodes)
        self.limits = limits if limits is not None else Limits()
        self.host = host
        self.port = port
        self._log_limit = LogLimit()
        self._credentials = credentials
        self._plaintext = plaintext
        self._sessions: set[asyncio.Task[Any]] = set()
        self._grpc: grpc.aio.Server | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen. After that `port` is the port, also when it was 0.

        Raises:
            CannotListen: the address is taken, is not ours, or would need TLS.
        """
        if self._credentials is None and not self._plaintext and not _is_loopback(self.host):
            raise CannotListen(
                f"{self.host} is reachable from outside: plain text needs permission"
            )
        per_connection = ("grpc.max_concurrent_streams", self.limits.streams_per_connection)
        server = grpc.aio.server(
            options=(*_OPTIONS, per_connection), maximum_concurrent_rpcs=self.limits.streams
        )
        handlers: dict[str, dict[str, Any]] = {}
        for variant in variants():
            method = grpc.stream_stream_rpc_method_handler(self._handler(variant))
            handlers.setdefault(variant.service, {})[variant.method] = method
        handlers[csds.SERVICE] = {
            "FetchClientStatus": grpc.unary_unary_rpc_method_handler(self._fetch_status),
            "StreamClientStatus": grpc.stream_stream_rpc_method_handler(self._stream_status),
        }
        server.add_generic_rpc_handlers(
            tuple(grpc.method_handlers_generic_handler(*one) for one in handlers.items())
        )
        self.port = self._bind(server)
        await server.start()
        self._grpc = server
        _log.info("xds.listening", host=self.host, port=self.port)

    async def stop(self) -> None:
        """Close all streams and stop listening. Nodes keep what they have."""
        server, self._grpc = self._grpc, None
        if server is not None:
            await server.stop(None)
            # gRPC has cancelled the sessions; they are over when they have signed off their nodes.
            await asyncio.gather(*self._sessions, return_exceptions=True)

    def unhealthy(self) -> str | None:
        """Return why nodes are not served; None when they are."""
        if self._grpc is None:
            return "not listening"
        return None if self.cache.filled else "nothing to serve yet"

    def _bind(self, server: grpc.aio.Server) -> int:
        host = f"[{self.host}]" if ":" in self.host else self.host
        address = f"{host}:{self.port}"
        try:
            # gRPC does not tell why an address cannot be bound; the system does.
            socket.create_server((self.host, self.port), family=_family(self.host)).close()
            if self._credentials is None:
                return server.add_insecure_port(address)
            return server.add_secure_port(address, self._credentials)
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise CannotListen(f"cannot listen on {address}: {reason}") from error
        except RuntimeError as error:
            raise CannotListen(f"cannot listen on {address}: {error}") from error

    def _handler(self, variant: Variant[Any]) -> Any:
        async def handle(_requests: Any, context: Any) -> None:
            service = Service(self.cache, self.nodes, self.access, self.limits, self.metrics)
            async with self._call(context, variant.name) as peer:
                await serve_session(_GrpcTransport(context), variant, peer, service)

        return handle

    async def _fetch_status(self, request: bytes, context: Any) -> bytes:
        async with self._call(context, "CSDS") as peer:
            return self._status(request, peer)
        raise AssertionError  # the call was aborted

    async def _stream_status(self, _requests: Any, context: Any) -> None:
        async with self._call(context, "CSDS") as peer:
            transport = _GrpcTransport(context)
            pace = Pace(self.limits)
            while (request := await transport.read()) is not None:
                await transport.write(self._status(request, peer))
                await pace.step()

    def _status(self, request: bytes, peer: Peer) -> bytes:
        if not self.access.may_inspect(peer):
            raise Forbidden("the status of all nodes is for those who may inspect")
        return csds.client_status(request, self.nodes)

    @asynccontextmanager
    async def _call(self, context: Any, variant: str) -> AsyncIterator[Peer]:
        """Serve a call as long as the block runs, and end it with the right status."""
        task = asyncio.current_task()
        if task is not None:
            self._sessions.add(task)
            task.add_done_callback(self._sessions.discard)
        peer = _peer(context)
        try:
            yield peer
        except (ProtocolError, Forbidden, Overloaded) as error:
            status = _STATUS[type(error)]
            self.metrics.refused.labels(status.name).inc()
            if self._log_limit.admits():
                _log.warning(
                    "xds.refused",
                    peer=peer.address,
                    variant=variant,
                    status=status.name,
                    reason=str(error),
                    unsaid=self._log_limit.unsaid(),
                )
            await context.abort(status, str(error))


class _GrpcTransport:
    """A gRPC stream of bytes; the encoding is ours."""

    def __init__(self, context: Any) -> None:
        self._context = context

    async def read(self) -> bytes | None:
        message = await self._context.read()
        return message if isinstance(message, bytes) else None  # else it is grpc.aio.EOF

    async def write(self, message: bytes) -> None:
        await self._context.write(message)


def _peer(context: Any) -> Peer:
    names = (context.auth_context() or {}).get("x509_subject_alternative_name", ())
    return Peer(context.peer(), tuple(one.decode(errors="replace") for one in names))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
