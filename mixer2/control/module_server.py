"""The module server: modules over HTTP, by digest, for nodes that fetch them.

    GET /modules/<sha256>.wasm

A node checks what it gets against the digest in its configuration, so the transport needs no trust;
TLS hides the code, and with a client CA only nodes get it.
"""

import ssl
from collections import Counter
from types import TracebackType
from typing import Self

import structlog
from aiohttp import web

from mixer2.control.errors import ControlError
from mixer2.control.listening import listen
from mixer2.xds.builders.extension import RemoteCode
from mixer2.xds.errors import InvalidModule
from mixer2.xds.module_store import ModuleStore

_log = structlog.get_logger("mixer2.control")

CLUSTER_NAME = "mixer2_modules"
"""The cluster through which nodes reach the module server."""


class ModuleServer:
    """Serves a store; an async context manager.

    Args:
        store: What to serve.
        host: IP address to listen on.
        port: TCP port; 0 for a free one.
        tls: For https; a context that asks for certificates makes it mTLS.

    Attributes:
        fetches: How often each digest was sent whole.
    """

    def __init__(
        self,
        store: ModuleStore,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self.fetches: Counter[str] = Counter()
        self._store = store
        self._tls = tls
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get(r"/modules/{digest:[0-9a-f]{64}}.wasm", self._send)
        self._runner, self.port = await listen(
            app, "module server", self.host, self.port, self._tls
        )
        _log.info("modules.listening", host=self.host, port=self.port, tls=self._tls is not None)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def remote_code(self, digest: str) -> RemoteCode:
        """Return where nodes find a module; the cluster says at which address."""
        scheme = "https" if self._tls is not None else "http"
        return RemoteCode(f"{scheme}://{CLUSTER_NAME}/modules/{digest}.wasm", CLUSTER_NAME)

    async def _send(self, request: web.Request) -> web.Response:
        digest = request.match_info["digest"]
        try:
            module = self._store.get(digest)
        except InvalidModule as error:
            _log.warning("modules.missing", digest=digest[:16], peer=request.remote)
            raise web.HTTPNotFound(text=f"{error}\n") from error
        self.fetches[digest] += 1
        _log.info("modules.sent", digest=digest[:16], peer=request.remote)
        return web.Response(body=module.code, content_type="application/wasm")


def server_tls(certificate: str, key: str, client_ca: str | None) -> ssl.SSLContext:
    """Make the TLS context of a server.

    Args:
        certificate: Certificate chain, PEM.
        key: Its private key, PEM.
        client_ca: Who signs the certificates of clients, which then all need one.

    Raises:
        ControlError: a file cannot be read, or is not what it should be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key)
        if client_ca is not None:
            context.load_verify_locations(client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        named = ", ".join(filter(None, (certificate, key, client_ca)))
        raise ControlError(f"TLS with {named}: {error}") from error
    return context
