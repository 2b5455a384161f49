"""Routes: which requests go to which cluster."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mixer2.xds import protos
from mixer2.xds.errors import InvalidResource
from mixer2.xds.resource import CLUSTER, ROUTES, Reference, Resource


@dataclass(frozen=True, slots=True)
class Route:
    """Requests whose path starts with `prefix` go to `cluster`.

    Args:
        prefix: Starts with a slash.
        cluster: The cluster's name.
        timeout: Seconds until the whole response must be there; 0 for no limit.

    Raises:
        InvalidResource: `prefix` does not start with a slash.
    """

    prefix: str
    cluster: str
    timeout: float = 15.0

    def __post_init__(self) -> None:
        if not self.prefix.startswith("/"):
            raise InvalidResource(f"route prefix {self.prefix!r}: expected a leading slash")


def route_configuration(
    name: str, routes: Sequence[Route], *, domains: Sequence[str] = ("*",)
) -> Resource:
    """Build a route table of one virtual host.

    Args:
        name: The RDS name, by which listeners refer to it.
        routes: Tried in this order; the first that matches is taken.
        domains: Host headers that are served; Envoy answers 404 to others.
    """
    host = protos.VirtualHost(name=name, domains=domains, routes=[_route(one) for one in routes])
    message = protos.RouteConfiguration(name=name, virtual_hosts=[host])
    clusters = dict.fromkeys(Reference(CLUSTER, one.cluster) for one in routes)
    return Resource.of(ROUTES, name, protos.serialised(message), clusters)


def _route(route: Route) -> Any:
    return protos.Route(
        match=protos.RouteMatch(prefix=route.prefix),
        route=protos.RouteAction(cluster=route.cluster, timeout=protos.seconds(route.timeout)),
    )
