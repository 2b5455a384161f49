"""Envoy, its xDS server and one filter, running."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mixer2.authoring.echo import Echo
from mixer2.authoring.errors import RunError
from mixer2.authoring.upstream import upstream
from mixer2.envoy.bootstrap import Bootstrap, Node, TcpAddress
from mixer2.envoy.process import EnvoyProcess
from mixer2.xds.builders.endpoint import Endpoint
from mixer2.xds.builders.extension import WasmPlugin
from mixer2.xds.builders.route import Route
from mixer2.xds.gateway import HttpGateway, Service
from mixer2.xds.modules import WasmModule
from mixer2.xds.server import XdsServer

_NODE = "mixer2-run"
_SERVICE = "upstream"
# V8 compiles a module of profile cpython for many seconds where others work too.
_SETTLED_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a module or configuration that was handed to Envoy.

    Attributes:
        seconds: Until Envoy answered.
        refusal: Envoy's reason when it refused; what ran before keeps serving.
    """

    seconds: float
    refusal: str | None = None


class Session:
    """A running Envoy with one plugin.

    Args:
        xds: The xDS server.
        envoy: The proxy.
        gateway: What the proxy shall be.
        echo: What stands behind it; None when that is the author's own.
    """

    def __init__(
        self, xds: XdsServer, envoy: EnvoyProcess, gateway: HttpGateway, echo: Echo | None
    ) -> None:
        self.envoy = envoy
        self.echo = echo
        self._xds = xds
        self._gateway = gateway

    async def proxy_url(self) -> str:
        """Where Envoy takes requests.

        Raises:
            RunError: nowhere; the port is taken, say.
        """
        address = (await self.envoy.admin.listeners()).get(self._gateway.name)
        if address is None:
            raise RunError(f"Envoy takes no requests on port {self._gateway.port}")
        return f"http://{address}"

    async def deliver(self, code: bytes, name: str, configuration: bytes) -> Delivery:
        """Let Envoy run a module with a configuration, and wait for its answer."""
        started = time.perf_counter()
        plugin = WasmPlugin(name=name, module=WasmModule.of(code), configuration=configuration)
        self._gateway = replace(self._gateway, plugins=[plugin])
        snapshot = self._gateway.snapshot()
        self._xds.cache.set(snapshot)
        try:
            async with asyncio.timeout(_SETTLED_WITHIN_S):
                await self._xds.nodes.wait_settled(snapshot.version, _NODE)
        except TimeoutError:
            return Delivery(_SETTLED_WITHIN_S, f"no answer in {_SETTLED_WITHIN_S:g} s")
        status = self._xds.nodes.get(_NODE)
        reasons = [one.reason.strip() for one in status.rejections] if status else []
        return Delivery(time.perf_counter() - started, "; ".join(reasons) or None)


@asynccontextmanager
async def session(
    upstream_url: str | None, *, port: int, code: bytes, source: Path, configuration: bytes
) -> AsyncIterator[tuple[Session, Delivery]]:
    """Start Envoy with a plugin in front of an upstream; all of it ends with the block.

    Raises:
        RunError: the upstream is not to be had.
        EnvoyError: Envoy is missing, or does not start.
    """
    async with upstream(upstream_url) as (endpoint, echo), XdsServer(host="127.0.0.1") as xds:
        gateway = _gateway(endpoint, port)
        xds.cache.set(gateway.snapshot())
        bootstrap = Bootstrap(node=Node(_NODE), xds=TcpAddress("127.0.0.1", xds.port))
        async with EnvoyProcess(bootstrap) as envoy:
            running = Session(xds, envoy, gateway, echo)
            first = await running.deliver(code, source.stem, configuration)
            yield running, first


def _gateway(endpoint: Endpoint, port: int) -> HttpGateway:
    return HttpGateway(
        port=port,
        services=[Service(_SERVICE, [endpoint])],
        routes=[Route("/", _SERVICE)],
    )
