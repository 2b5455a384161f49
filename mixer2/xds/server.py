"""The ADS server: gRPC in front of the cache.

async with XdsServer(port=18000) as server:
    server.cache.set(snapshot)
    await server.nodes.wait_settled(snapshot.version, "edge-1")
"""

import asyncio
import os
import socket
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self

import grpc
import grpc.aio
import structlog

from mixer2.xds.cache import SnapshotCache
from mixer2.xds.errors import CannotListen, ProtocolError
from mixer2.xds.nodes import Nodes
from mixer2.xds.session import serve_session

_log = structlog.get_logger("mixer2.xds")

_ADS = "envoy.service.discovery.v3.AggregatedDiscoveryService"
_OPTIONS = (
    ("grpc.so_reuseport", 0),  # a taken port is an error, not a second server on it
    ("grpc.max_send_message_length", -1),  # modules travel inside
    # A node that vanished without a FIN is noticed after 40 s.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    # Nodes do the same. By default gRPC takes more than two pings in ten minutes for an attack.
    ("grpc.http2.max_ping_strikes", 0),
)


class XdsServer:
    """An xDS server for Envoy; an async context manager.

    Args:
        cache: What to serve; an empty one, to be filled, when None. While a node's group has no
            snapshot the node gets no answer, and keeps what it has.
        host: IP address or name to listen on.
        port: TCP port; 0 for a free one.
        credentials: For TLS; None for plain text.
        plaintext: Allow plain text on other than loopback addresses.
    """

    def __init__(
        self,
        cache: SnapshotCache | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        credentials: grpc.ServerCredentials | None = None,
        plaintext: bool = False,
    ) -> None:
        self.cache = cache if cache is not None else SnapshotCache()
        self.nodes = Nodes()
        self.host = host
        self.port = port
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
        server = grpc.aio.server(options=_OPTIONS)
        handler = grpc.stream_stream_rpc_method_handler(self._aggregated)
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(_ADS, {"StreamAggregatedResources": handler}),)
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

    async def _aggregated(self, _requests: Any, context: Any) -> None:
        session = asyncio.current_task()
        if session is not None:
            self._sessions.add(session)
            session.add_done_callback(self._sessions.discard)
        try:
            await serve_session(_GrpcTransport(context), self.cache, self.nodes)
        except ProtocolError as error:
            _log.warning("xds.protocol_error", peer=context.peer(), reason=str(error))
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))


class _GrpcTransport:
    """A gRPC stream of bytes; the encoding is ours."""

    def __init__(self, context: Any) -> None:
        self._context = context

    async def read(self) -> bytes | None:
        message = await self._context.read()
        return message if isinstance(message, bytes) else None  # else it is grpc.aio.EOF

    async def write(self, message: bytes) -> None:
        await self._context.write(message)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
