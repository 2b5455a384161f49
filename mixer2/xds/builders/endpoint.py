"""Endpoints: where the instances of a service are."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from mixer2.xds import protos
from mixer2.xds.errors import InvalidResource
from mixer2.xds.resource import ENDPOINTS, Resource


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One instance of a service.

    Args:
        host: An IP address: Envoy resolves no names that come by EDS.
        port: TCP port.
        weight: Its share of the requests, relative to the other instances; at least 1.

    Raises:
        InvalidResource: `host` is no IP address.
    """

    host: str
    port: int
    weight: int = 1

    def __post_init__(self) -> None:
        try:
            ip_address(self.host)
        except ValueError as error:
            raise InvalidResource(
                f"endpoint {self.host}:{self.port}: expected an IP address, EDS takes no names"
            ) from error


def load_assignment(service: str, endpoints: Iterable[Endpoint]) -> Resource:
    """Build the EDS resource of `service`. No endpoints is a service that is down."""
    message = protos.ClusterLoadAssignment(
        cluster_name=service,
        endpoints=[protos.LocalityLbEndpoints(lb_endpoints=[_lb(one) for one in endpoints])],
    )
    return Resource.of(ENDPOINTS, service, protos.serialised(message))


def _lb(endpoint: Endpoint) -> Any:
    address = protos.SocketAddress(address=endpoint.host, port_value=endpoint.port)
    return protos.LbEndpoint(
        endpoint=protos.Endpoint(address=protos.Address(socket_address=address)),
        load_balancing_weight=protos.UInt32Value(value=endpoint.weight),
    )
