"""The mixer in a real Envoy, in front of an upstream, with backends beside it."""

import asyncio
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
from aiohttp import web

from mixer2.envoy.bootstrap import Bootstrap, Node, TcpAddress
from mixer2.envoy.process import EnvoyProcess
from mixer2.xds.builders.endpoint import Endpoint
from mixer2.xds.builders.extension import WasmPlugin
from mixer2.xds.builders.route import Route
from mixer2.xds.gateway import HttpGateway, Service
from mixer2.xds.modules import WasmModule
from mixer2.xds.server import XdsServer


class Upstream:
    """Answers everything with 200.

    Attributes:
        headers: Of the latest request.
    """

    def __init__(self) -> None:
        self.headers: Mapping[str, str] = {}

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """Its port."""

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            self.headers = request.headers
            return web.Response(text="ok")

        runner = web.ServerRunner(web.Server(answer))
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield site.port
        finally:
            await runner.cleanup()


class Mixing:
    """An Envoy with a mixer, and a client of it."""

    def __init__(
        self,
        envoy: EnvoyProcess,
        url: str,
        session: aiohttp.ClientSession,
        server: XdsServer,
        gateway: HttpGateway,
        node: str,
        upstream: Upstream,
    ) -> None:
        self.envoy = envoy
        self.upstream = upstream
        self.url = url
        self._session = session
        self._server = server
        self._gateway = gateway
        self._node = node

    async def change(self, configuration: Mapping[str, Any]) -> None:
        """Give the mixer another configuration, and wait until it has it."""
        (plugin,) = self._gateway.plugins
        changed = replace(plugin, configuration=json.dumps(configuration).encode())
        snapshot = replace(self._gateway, plugins=[changed]).snapshot()
        self._server.cache.set(snapshot)
        async with asyncio.timeout(30):
            await self._server.nodes.wait_settled(snapshot.version, self._node)

    def refusals(self) -> list[str]:
        """What the proxy has refused, and why."""
        seen = self._server.nodes.get(self._node)
        assert seen is not None
        return [one.reason for one in seen.rejections]

    async def get(
        self, path: str = "/", method: str = "GET", **headers: str
    ) -> tuple[int, Mapping[str, str]]:
        """Status and headers of an answer; `_` of header names is `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self._session.request(method, self.url + path, headers=named) as response:
            await response.read()
            return response.status, response.headers

    async def statuses(self, count: int, connections: int = 8, **headers: str) -> Counter[int]:
        """How often which status came, of requests over several connections."""
        left = iter(range(count))
        found: Counter[int] = Counter()
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def client() -> None:
            async with aiohttp.ClientSession() as session:
                for _ in left:
                    async with session.get(self.url + "/", headers=named) as response:
                        found[response.status] += 1

        await asyncio.gather(*(client() for _ in range(connections)))
        return found

    async def stats(self, text: str) -> dict[str, int]:
        """The plugin's counters whose names hold a text, without Envoy's prefix."""
        found = await self.envoy.admin.stats("wasmcustom")
        return {
            name.removeprefix("wasmcustom."): value for name, value in found.items() if text in name
        }


@asynccontextmanager
async def mixing(
    module: WasmModule,
    configuration: Mapping[str, Any],
    *,
    http: Mapping[str, int] | None = None,
    grpc: Mapping[str, int] | None = None,
    node: str = "edge-1",
) -> AsyncIterator[Mixing]:
    """An Envoy of two workers.

    Args:
        module: The compiled mixer.
        configuration: The mixer's.
        http: Ports of backends that speak HTTP, by cluster.
        grpc: Ports of backends that speak gRPC, by cluster.
        node: Id of the Envoy.
    """
    async with AsyncExitStack() as stack:
        upstream = Upstream()
        port = await stack.enter_async_context(upstream.serving())
        server = await stack.enter_async_context(XdsServer())
        services = [Service("web", [Endpoint("127.0.0.1", port)])]
        for name, port in (http or {}).items():
            services.append(Service(name, [Endpoint("127.0.0.1", port)]))
        for name, port in (grpc or {}).items():
            services.append(Service(name, [Endpoint("127.0.0.1", port)], http2=True))
        plugin = WasmPlugin(
            name="mixer", module=module, configuration=json.dumps(configuration).encode()
        )
        gateway = HttpGateway(
            port=0, services=services, routes=[Route("/", "web")], plugins=[plugin]
        )
        snapshot = gateway.snapshot()
        server.cache.set(snapshot)
        bootstrap = Bootstrap(node=Node(node), xds=TcpAddress("127.0.0.1", server.port))
        envoy = await stack.enter_async_context(EnvoyProcess(bootstrap, concurrency=2))
        async with asyncio.timeout(30):
            await server.nodes.wait_settled(snapshot.version, node)
        seen = server.nodes.get(node)
        assert seen is not None
        assert seen.rejections == (), [one.reason for one in seen.rejections]
        address = (await envoy.admin.listeners())["http"]
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Mixing(envoy, f"http://{address}", session, server, gateway, node, upstream)


async def eventually(what: Callable[[], Any]) -> None:
    """Wait until `what()` is true; it may be a coroutine function."""
    async with asyncio.timeout(30):
        while True:
            found = what()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return
            await asyncio.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
