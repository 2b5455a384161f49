"""The mesh that is served: services, their endpoints, and a listener that leads to all of them."""

from collections.abc import Iterator
from typing import Final

from mixer2.xds.builders.cluster import eds_cluster
from mixer2.xds.builders.endpoint import Endpoint, load_assignment
from mixer2.xds.builders.listener import http_listener
from mixer2.xds.builders.route import Route, route_configuration
from mixer2.xds.resource import Resource
from mixer2.xds.snapshot import Snapshot

SERVICES: Final = 200
ENDPOINTS_EACH: Final = 10


def service(number: int) -> str:
    """The name of a service."""
    return f"service-{number:03}"


def endpoints(number: int, generation: int = 0) -> Resource:
    """The endpoints of a service; each generation has another first one."""
    hosts = [f"10.{number}.{generation}.1", *(f"10.{number}.0.{1 + one}" for one in range(1, 10))]
    assert len(hosts) == ENDPOINTS_EACH
    return load_assignment(service(number), [Endpoint(host, 8080) for host in hosts])


def mesh() -> Snapshot:
    """Everything."""
    return Snapshot(_resources())


def _resources() -> Iterator[Resource]:
    for number in range(SERVICES):
        yield eds_cluster(service(number))
        yield endpoints(number)
    yield route_configuration(
        "http", [Route(f"/{service(number)}", service(number)) for number in range(SERVICES)]
    )
    yield http_listener("http", address="127.0.0.1", port=8080, routes="http")
