"""Python beside Envoy, called for every request by `ext_proc` or `ext_authz` over gRPC."""

from bench.variants.variant import TYPE, Chain, Json, Setting, Variant
from bench.works import F1

_EXT_PROC = "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor"
_EXT_AUTHZ = "envoy.extensions.filters.http.ext_authz.v3.ExtAuthz"
_HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
_CLUSTER = "bench_service"


def ext_proc() -> Variant:
    """Envoy opens a stream per request and sends both sets of headers."""

    def chain(setting: Setting) -> Chain:
        mode = {
            "request_header_mode": "SEND",
            "response_header_mode": "SEND",
            "request_body_mode": "NONE",
            "response_body_mode": "NONE",
            "request_trailer_mode": "SKIP",
            "response_trailer_mode": "SKIP",
        }
        config = {
            "@type": TYPE + _EXT_PROC,
            "grpc_service": _grpc_service(),
            "message_timeout": "5s",
            "processing_mode": mode,
        }
        return Chain(
            filters=({"name": "bench.ext_proc", "typed_config": config},),
            clusters=(service_cluster(setting.service_port),),
        )

    return Variant("Python ext_proc", F1, chain, service="ext_proc")


def ext_authz() -> Variant:
    """Envoy makes a call per request."""

    def chain(setting: Setting) -> Chain:
        config = {
            "@type": TYPE + _EXT_AUTHZ,
            "grpc_service": {**_grpc_service(), "timeout": "5s"},
            "transport_api_version": "V3",
        }
        return Chain(
            filters=({"name": "bench.ext_authz", "typed_config": config},),
            clusters=(service_cluster(setting.service_port),),
        )

    return Variant("Python ext_authz", F1, chain, service="ext_authz")


def _grpc_service() -> Json:
    return {"envoy_grpc": {"cluster_name": _CLUSTER}, "timeout": "60s"}


def service_cluster(port: int) -> Json:
    """The cluster of a gRPC service on 127.0.0.1."""
    endpoint = {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}
    return {
        "name": _CLUSTER,
        "type": "STATIC",
        "typed_extension_protocol_options": {
            _HTTP_OPTIONS: {
                "@type": TYPE + _HTTP_OPTIONS,
                "explicit_http_config": {"http2_protocol_options": {}},
            }
        },
        "load_assignment": {
            "cluster_name": _CLUSTER,
            "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}],
        },
    }
