"""A gateway: the smallest mesh that is of use, as one value.

    gateway = HttpGateway(
        port=8080,
        services=[Service("shop", [Endpoint("127.0.0.1", 9000)])],
        routes=[Route("/", "shop")],
        plugins=[WasmPlugin(name="telemetry", module=module, configuration=b"{}")],
    )
    server.cache.set(gateway.snapshot())

Another configuration or module is another gateway, made by `dataclasses.replace`, and another
snapshot; only what differs goes to the nodes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mixer2.xds.builders.cluster import eds_cluster
from mixer2.xds.builders.endpoint import Endpoint, load_assignment
from mixer2.xds.builders.extension import WasmPlugin, wasm_filter
from mixer2.xds.builders.listener import AccessLog, http_listener
from mixer2.xds.builders.route import Route, route_configuration
from mixer2.xds.resource import Resource
from mixer2.xds.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Service:
    """Where requests can go.

    Args:
        name: Of the cluster.
        endpoints: Its instances.
        http2: They speak HTTP/2.
    """

    name: str
    endpoints: Sequence[Endpoint]
    http2: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpGateway:
    """One HTTP listener, its routes and their services, and the plugins that all requests meet.

    Args:
        port: TCP port; 0 for one that the system picks.
        services: All services that routes name.
        routes: Tried in this order.
        plugins: In the order in which requests meet them.
        address: The IP address to bind.
        name: Of the listener and of its route table.
        access_log: Where to write a line per request.
    """

    port: int
    services: Sequence[Service]
    routes: Sequence[Route]
    plugins: Sequence[WasmPlugin] = ()
    address: str = "127.0.0.1"
    name: str = "http"
    access_log: AccessLog | None = None

    def snapshot(self) -> Snapshot:
        """Return what a node needs to be this gateway.

        Raises:
            DuplicateResource: two services or two plugins have one name.
            InconsistentSnapshot: a route goes to no service of this gateway.
        """
        snapshot = Snapshot(self._resources())
        snapshot.check()
        return snapshot

    def _resources(self) -> Iterator[Resource]:
        for service in self.services:
            yield eds_cluster(service.name, http2=service.http2)
            yield load_assignment(service.name, service.endpoints)
        for plugin in self.plugins:
            yield wasm_filter(plugin)
        yield route_configuration(self.name, self.routes)
        yield http_listener(
            self.name,
            address=self.address,
            port=self.port,
            routes=self.name,
            plugins=[plugin.name for plugin in self.plugins],
            access_log=self.access_log,
        )
