"""The ways to ask this server: two variants of the protocol, each aggregated and by single types.

Source: envoyproxy.io, "xDS REST and gRPC protocol", "Variants of the xDS Transport Protocol".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

from mixer2.xds import protos
from mixer2.xds.delta import DeltaStream
from mixer2.xds.errors import ProtocolError
from mixer2.xds.messages import DeltaRequest, Node, Request, Response
from mixer2.xds.resource import CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES, service
from mixer2.xds.sotw import SotwStream

AnyRequest: TypeAlias = Request | DeltaRequest
AnyStream: TypeAlias = SotwStream | DeltaStream

R = TypeVar("R", Request, DeltaRequest)

_SERVICE = "envoy.service."
_AGGREGATED = _SERVICE + "discovery.v3.AggregatedDiscoveryService"
_SINGLE = {
    CLUSTER: (_SERVICE + "cluster.v3.ClusterDiscoveryService", "Clusters"),
    ENDPOINTS: (_SERVICE + "endpoint.v3.EndpointDiscoveryService", "Endpoints"),
    EXTENSION: (_SERVICE + "extension.v3.ExtensionConfigDiscoveryService", "ExtensionConfigs"),
    LISTENER: (_SERVICE + "listener.v3.ListenerDiscoveryService", "Listeners"),
    ROUTES: (_SERVICE + "route.v3.RouteDiscoveryService", "Routes"),
}


@dataclass(frozen=True, slots=True)
class Variant(Generic[R]):
    """How one method of one gRPC service talks.

    Args:
        service: The gRPC service.
        method: Its method.
        stream: The class of its streams.
        decode: Reads a request.
        encode: Writes a response for a node.
        type_url: The one type that the service is about; empty for the aggregated one.
    """

    service: str
    method: str
    stream: type[AnyStream]
    decode: Callable[[bytes], R]
    encode: Callable[[Response, Node], bytes]
    type_url: str = ""

    @property
    def name(self) -> str:
        """As people say it: ADS, delta CDS."""
        kind = service(self.type_url) if self.type_url else "ADS"
        return f"delta {kind}" if self.stream is DeltaStream else kind

    def read(self, data: bytes) -> R:
        """Read a request; in a service of one type it need not name the type.

        Raises:
            ProtocolError: it is none, or is about another type than the service.
        """
        request = self.decode(data)
        if self.type_url and request.type_url != self.type_url:
            if request.type_url:
                raise ProtocolError(
                    f"{self.service} is about {self.type_url} and was asked for {request.type_url}"
                )
            return replace(request, type_url=self.type_url)
        return request


def variants() -> Iterator[Variant[Request] | Variant[DeltaRequest]]:
    """Yield all of them."""
    yield _sotw(_AGGREGATED, "StreamAggregatedResources")
    yield _delta(_AGGREGATED, "DeltaAggregatedResources")
    for type_url, (name, plural) in _SINGLE.items():
        yield _sotw(name, f"Stream{plural}", type_url)
        yield _delta(name, f"Delta{plural}", type_url)


def _sotw(name: str, method: str, type_url: str = "") -> Variant[Request]:
    return Variant(
        name, method, SotwStream, protos.decode_request, protos.encode_response, type_url
    )


def _delta(name: str, method: str, type_url: str = "") -> Variant[DeltaRequest]:
    return Variant(
        name,
        method,
        DeltaStream,
        protos.decode_delta_request,
        protos.encode_delta_response,
        type_url,
    )
