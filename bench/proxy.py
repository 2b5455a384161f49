"""The proxy: an Envoy whose configuration differs from variant to variant by the filter only."""

from enum import Enum
from typing import Any, Final

from bench.variants.variant import TYPE, Chain, Json
from mixer2.envoy.bootstrap import Bootstrap, Node

_HCM: Final = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
_ROUTER: Final = "envoy.extensions.filters.http.router.v3.Router"
_UPSTREAM: Final = "upstream"


class Scenario(Enum):
    """What answers the requests."""

    DIRECT = "direct response"
    UPSTREAM = "upstream"


def bootstrap(chain: Chain, port: int, upstream_port: int | None) -> Bootstrap:
    """The bootstrap of one run.

    Args:
        chain: The variant's part.
        port: Where Envoy listens on 127.0.0.1.
        upstream_port: Where the upstream listens; None for a direct response.
    """
    clusters: list[Json] = list(chain.clusters)
    if upstream_port is not None:
        clusters.append(_upstream(upstream_port))
    listener = {
        "name": "bench",
        "address": _address(port),
        "filter_chains": [{"filters": [_connection_manager(chain, upstream_port is not None)]}],
    }
    return Bootstrap(
        node=Node("bench", cluster="bench"),
        # Nothing is scraped by label here, and each rule would cost something at a new stat.
        labels=(),
        static_resources={"listeners": [listener], "clusters": clusters},
    )


def _connection_manager(chain: Chain, has_upstream: bool) -> Json:
    answer: dict[str, Any]
    if has_upstream:
        answer = {"route": {"cluster": _UPSTREAM}}
    else:
        answer = {"direct_response": {"status": 200, "body": {"inline_string": "done\n"}}}
    route = {"name": "orders", "match": {"prefix": "/"}, **answer}
    router = {"name": "router", "typed_config": {"@type": TYPE + _ROUTER}}
    return {
        "name": "http",
        "typed_config": {
            "@type": TYPE + _HCM,
            "stat_prefix": "bench",
            "http_filters": [*chain.filters, router],
            "access_log": list(chain.access_log),
            "route_config": {
                "name": "bench",
                "virtual_hosts": [{"name": "shop", "domains": ["*"], "routes": [route]}],
            },
        },
    }


def _upstream(port: int) -> Json:
    endpoint = {"endpoint": {"address": _address(port)}}
    return {
        "name": _UPSTREAM,
        "type": "STATIC",
        "load_assignment": {
            "cluster_name": _UPSTREAM,
            "endpoints": [{"lb_endpoints": [endpoint]}],
        },
    }


def _address(port: int) -> Json:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}
