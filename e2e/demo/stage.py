"""Upstream, xDS server and Envoy, running together around one plugin."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

from e2e.demo import upstream
from e2e.demo.errors import DemoFailed
from mixer2.envoy.bootstrap import Bootstrap, Node, TcpAddress
from mixer2.envoy.process import EnvoyProcess, decisive_lines
from mixer2.xds.builders.endpoint import Endpoint
from mixer2.xds.builders.extension import WasmPlugin
from mixer2.xds.builders.route import Route
from mixer2.xds.gateway import HttpGateway, Service
from mixer2.xds.server import XdsServer

_HOST: Final = "127.0.0.1"
_NODE: Final = "demo-1"
_SERVICE: Final = "orders"
_SETTLED_WITHIN_S: Final = 20.0


@dataclass(slots=True)
class Stage:
    """What runs.

    Args:
        xds: The xDS server.
        envoy: The proxy.
        gateway: What the proxy shall be.
    """

    xds: XdsServer
    envoy: EnvoyProcess
    gateway: HttpGateway

    async def proxy_url(self) -> str:
        """Return where Envoy takes requests."""
        return f"http://{(await self.envoy.admin.listeners())[self.gateway.name]}"

    async def run(self, plugin: WasmPlugin) -> float:
        """Let Envoy run `plugin`; returns how many seconds passed until it did.

        Raises:
            DemoFailed: Envoy refused it, or gave no answer; it keeps serving with what it had.
        """
        began = time.perf_counter()
        log_before = self.envoy.log()
        self.gateway = replace(self.gateway, plugins=[plugin])
        snapshot = self.gateway.snapshot()
        self.xds.cache.set(snapshot)
        try:
            async with asyncio.timeout(_SETTLED_WITHIN_S):
                await self.xds.nodes.wait_settled(snapshot.version, _NODE)
        except TimeoutError:
            raise DemoFailed(f"Envoy gave no answer in {_SETTLED_WITHIN_S:g} s") from None
        status = self.xds.nodes.get(_NODE)
        if status is not None and status.rejections:
            reasons = [f"{one.name}: {one.reason.strip()}" for one in status.rejections]
            reasons += _said_by_plugins(self.envoy.log().removeprefix(log_before))
            raise DemoFailed("Envoy refused " + "; ".join(reasons))
        return time.perf_counter() - began


@asynccontextmanager
async def staged(plugin: WasmPlugin, *, proxy_port: int = 0) -> AsyncIterator[Stage]:
    """Start upstream, xDS server and an Envoy that runs `plugin`; end them with the block.

    Args:
        plugin: What Envoy runs first.
        proxy_port: Where Envoy takes requests; 0 for a port that the system picks.

    Raises:
        DemoFailed: Envoy refused the plugin or the listener.
    """
    async with upstream.serving() as upstream_port, XdsServer(host=_HOST) as xds:
        gateway = HttpGateway(
            address=_HOST,
            port=proxy_port,
            services=[Service(_SERVICE, [Endpoint(_HOST, upstream_port)])],
            routes=[Route("/", _SERVICE)],
            plugins=[plugin],
        )
        xds.cache.set(gateway.snapshot())
        bootstrap = Bootstrap(node=Node(_NODE), xds=TcpAddress(_HOST, xds.port))
        async with EnvoyProcess(bootstrap) as envoy:
            stage = Stage(xds, envoy, gateway)
            await stage.run(plugin)
            yield stage


def _said_by_plugins(log: str) -> list[str]:
    """Return what plugins wrote into Envoy's log as an error: no NACK tells their reasons."""
    return [line for line in decisive_lines(log, most=20) if line.startswith("wasm log ")]
