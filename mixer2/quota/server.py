"""The quota server: gRPC in front of the counters.

async with QuotaServer(limits, RedisStore("redis://127.0.0.1:6379")) as server:
    await server.wait()
"""

import os
import socket
from ipaddress import ip_address
from types import TracebackType
from typing import Self

import grpc
import grpc.aio

from mixer2.quota.errors import CannotListen
from mixer2.quota.limits import Limits
from mixer2.quota.service import QuotaService
from mixer2.quota.store import Store

_OPTIONS = (
    ("grpc.so_reuseport", 0),  # a taken port is an error, not a second server on it
    ("grpc.http2.max_ping_strikes", 0),  # proxies keep idle connections alive by pings
)
_GRACE_SECONDS = 5


class QuotaServer:
    """A server of the rate limit and the quota service; an async context manager.

    Args:
        limits: What is allowed.
        store: What was used. The server closes it.
        host: IP address or name to listen on.
        port: TCP port; 0 for a free one.
        credentials: For TLS; None for plain text.
        plaintext: Allow plain text on other than loopback addresses.
    """

    def __init__(
        self,
        limits: Limits,
        store: Store,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        credentials: grpc.ServerCredentials | None = None,
        plaintext: bool = False,
    ) -> None:
        self.host = host
        self.port = port
        self._service = QuotaService(limits, store)
        self._store = store
        self._credentials = credentials
        self._plaintext = plaintext
        self._grpc: grpc.aio.Server | None = None

    async def __aenter__(self) -> Self:
        """Listen.

        Raises:
            CannotListen: the address cannot be bound, or is no loopback address and would be
                without TLS.
        """
        if self._credentials is None and not self._plaintext and not _is_loopback(self.host):
            raise CannotListen(f"{self.host} is no loopback address: TLS or --plaintext is needed")
        server = grpc.aio.server(options=_OPTIONS)
        server.add_generic_rpc_handlers(tuple(self._service.handlers()))
        address = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        try:
            # gRPC does not tell why an address cannot be bound; the system does.
            family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
            socket.create_server((self.host, self.port), family=family).close()
            if self._credentials is None:
                self.port = server.add_insecure_port(address)
            else:
                self.port = server.add_secure_port(address, self._credentials)
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise CannotListen(f"cannot listen on {address}: {reason}") from error
        except RuntimeError as error:
            raise CannotListen(f"cannot listen on {address}: {error}") from error
        await server.start()
        self._grpc = server
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let the questions that are there be answered, and close."""
        if self._grpc is not None:
            await self._grpc.stop(_GRACE_SECONDS)
            self._grpc = None
        await self._store.close()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
