"""Clusters that carry all that a test sends: trailers too, which HTTP/1.1 has to be told."""

from mixer2.xds import protos
from mixer2.xds.resource import CLUSTER, ENDPOINTS, Reference, Resource

_HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def cluster(name: str, *, http2: bool) -> Resource:
    """Build a cluster whose endpoints come by EDS under the same name."""
    message = protos.Cluster(
        name=name,
        type=protos.Cluster.EDS,
        connect_timeout=protos.seconds(1),
        eds_cluster_config=protos.Cluster.EdsClusterConfig(eds_config=protos.from_ads()),
    )
    explicit = protos.HttpProtocolOptions.ExplicitHttpConfig()
    if http2:
        explicit.http2_protocol_options.CopyFrom(protos.Http2ProtocolOptions())
    else:
        explicit.http_protocol_options.enable_trailers = True
    options = protos.HttpProtocolOptions(explicit_http_config=explicit)
    message.typed_extension_protocol_options[_HTTP_OPTIONS].CopyFrom(protos.pack(options))
    return Resource.of(CLUSTER, name, protos.serialised(message), [Reference(ENDPOINTS, name)])
