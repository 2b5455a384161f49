"""Clusters: services as Envoy sees them."""

from mixer2.xds import protos
from mixer2.xds.resource import CLUSTER, ENDPOINTS, Reference, Resource

_HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def eds_cluster(name: str, *, connect_timeout: float = 1.0, http2: bool = False) -> Resource:
    """Build a cluster whose endpoints come by EDS, over the same stream, under the same name.

    Args:
        name: Of the cluster and of its endpoints.
        connect_timeout: Seconds that a connection to an endpoint may take.
        http2: Speak HTTP/2 to the endpoints instead of HTTP/1.1.
    """
    message = protos.Cluster(
        name=name,
        type=protos.Cluster.EDS,
        connect_timeout=protos.seconds(connect_timeout),
        eds_cluster_config=protos.Cluster.EdsClusterConfig(eds_config=protos.from_ads()),
    )
    if http2:
        explicit = protos.HttpProtocolOptions.ExplicitHttpConfig(
            http2_protocol_options=protos.Http2ProtocolOptions()
        )
        options = protos.HttpProtocolOptions(explicit_http_config=explicit)
        message.typed_extension_protocol_options[_HTTP_OPTIONS].CopyFrom(protos.pack(options))
    return Resource.of(CLUSTER, name, protos.serialised(message), [Reference(ENDPOINTS, name)])
