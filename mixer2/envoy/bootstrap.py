"""The bootstrap: what an Envoy must know before it can ask for the rest.

A node that asks `xds` for everything over one ADS stream:

    Bootstrap(node=Node("edge-1", cluster="edge"), xds=TcpAddress("127.0.0.1", 18000))

Without `xds` Envoy runs what `static_resources` holds. The result is plain data in the shape of
Envoy's bootstrap JSON; nothing here depends on the concurrency Envoy is started with.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from mixer2.envoy.stat_tags import WELL_KNOWN_LABELS, stats_tags

Json: TypeAlias = Mapping[str, Any]

_TLS_CONTEXT = "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"
_HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"

XDS_CLUSTER = "xds_cluster"
"""The name of the static cluster through which Envoy reaches the xDS server."""


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A host and a port. Port 0 asks the system for a free one."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class UnixAddress:
    """A Unix socket; the system allows about 100 bytes of path."""

    path: str

    def __str__(self) -> str:
        return self.path


Address: TypeAlias = TcpAddress | UnixAddress


@dataclass(frozen=True, slots=True)
class Locality:
    """Where a node runs."""

    region: str = ""
    zone: str = ""
    sub_zone: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """Who an Envoy says it is.

    Args:
        id: Unique among the nodes of one xDS server.
        cluster: The group of nodes with the same task.
        metadata: Any JSON object.
        locality: Where it runs.
    """

    id: str
    cluster: str = "mixer2"
    metadata: Json = field(default_factory=dict)
    locality: Locality | None = None


@dataclass(frozen=True, slots=True)
class XdsTls:
    """mTLS to the xDS server; all are paths of PEM files on the node's machine.

    Args:
        ca: Who signs the server's certificate.
        certificate: The node's certificate.
        key: Its private key.
        server_name: The DNS name that the server's certificate must have; any of this CA when
            empty.
    """

    ca: str
    certificate: str
    key: str
    server_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """An Envoy bootstrap.

    Args:
        node: Who this Envoy is.
        xds: Address of the ADS server, or None for an Envoy that runs on static resources alone.
        xds_tls: mTLS to it; None for plain text.
        admin: Where the admin interface listens.
        labels: Labels of plugin metrics that Prometheus shall show as labels.
        static_resources: Listeners and clusters in Envoy's JSON.
        delta: Ask for what differs (incremental xDS) instead of for the state of the world.
        reconnect_max: Longest pause before Envoy calls the xDS server again, in seconds.
        stats_flush_on_admin: Bring histograms up to date at each admin request. Envoy then flushes
            at no other time, so set it to False where a stats sink is configured.
        extra: Other fields of the bootstrap, in Envoy's JSON; they replace ours of the same name.
    """

    node: Node
    xds: Address | None = None
    xds_tls: XdsTls | None = None
    admin: Address = TcpAddress("127.0.0.1", 0)
    labels: Iterable[str] = WELL_KNOWN_LABELS
    static_resources: Json = field(default_factory=dict)
    delta: bool = False
    reconnect_max: float = 5.0
    stats_flush_on_admin: bool = True
    extra: Json = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the bootstrap in Envoy's JSON shape.

        Raises:
            InvalidLabel: `labels` has a name that Prometheus would refuse.
        """
        static = dict(self.static_resources)
        result: dict[str, Any] = {
            "node": _node(self.node),
            "admin": {"address": _address(self.admin)},
            "stats_config": {"stats_tags": stats_tags(self.labels)},
            "static_resources": static,
        }
        if self.stats_flush_on_admin:
            result["stats_flush_on_admin"] = True
        if self.xds is not None:
            static["clusters"] = [*static.get("clusters", ()), _xds_cluster(self.xds, self.xds_tls)]
            result["dynamic_resources"] = {
                "ads_config": _ads(self.reconnect_max, "DELTA_GRPC" if self.delta else "GRPC"),
                "cds_config": {"ads": {}, "resource_api_version": "V3"},
                "lds_config": {"ads": {}, "resource_api_version": "V3"},
            }
        return result | dict(self.extra)

    def to_json(self) -> str:
        """Return the bootstrap as JSON text."""
        return json.dumps(self.to_dict(), indent=2)


def _node(node: Node) -> dict[str, Any]:
    result: dict[str, Any] = {"id": node.id, "cluster": node.cluster}
    if node.metadata:
        result["metadata"] = dict(node.metadata)
    if node.locality is not None:
        result["locality"] = {
            "region": node.locality.region,
            "zone": node.locality.zone,
            "sub_zone": node.locality.sub_zone,
        }
    return result


def _address(address: Address) -> dict[str, Any]:
    if isinstance(address, UnixAddress):
        return {"pipe": {"path": address.path}}
    return {"socket_address": {"address": address.host, "port_value": address.port}}


def _ads(reconnect_max: float, api_type: str) -> dict[str, Any]:
    return {
        "api_type": api_type,
        "transport_api_version": "V3",
        "set_node_on_first_message_only": True,
        "grpc_services": [
            {
                "envoy_grpc": {
                    "cluster_name": XDS_CLUSTER,
                    # Of a retry policy here Envoy uses the back-off alone, between connections.
                    "retry_policy": {
                        "retry_back_off": {
                            "base_interval": "0.2s",
                            "max_interval": f"{reconnect_max:.3f}s",
                        }
                    },
                }
            }
        ],
    }


def _xds_cluster(address: Address, tls: XdsTls | None) -> dict[str, Any]:
    cluster: dict[str, Any] = {
        "name": XDS_CLUSTER,
        # STRICT_DNS takes names and numbers alike, but no Unix sockets.
        "type": "STATIC" if isinstance(address, UnixAddress) else "STRICT_DNS",
        "connect_timeout": "2s",
        "typed_extension_protocol_options": {
            _HTTP_OPTIONS: {
                "@type": f"type.googleapis.com/{_HTTP_OPTIONS}",
                "explicit_http_config": {
                    "http2_protocol_options": {
                        # A server that vanished without a FIN is noticed after 40 s.
                        "connection_keepalive": {"interval": "30s", "timeout": "10s"}
                    }
                },
            }
        },
        "load_assignment": {
            "cluster_name": XDS_CLUSTER,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": _address(address)}}]}],
        },
    }
    if tls is not None:
        cluster["transport_socket"] = _xds_socket(tls)
    return cluster


def _xds_socket(tls: XdsTls) -> dict[str, Any]:
    validation: dict[str, Any] = {"trusted_ca": {"filename": tls.ca}}
    context: dict[str, Any] = {"@type": f"type.googleapis.com/{_TLS_CONTEXT}"}
    if tls.server_name:
        context["sni"] = tls.server_name
        name = {"san_type": "DNS", "matcher": {"exact": tls.server_name}}
        validation["match_typed_subject_alt_names"] = [name]
    pair = {
        "certificate_chain": {"filename": tls.certificate},
        "private_key": {"filename": tls.key},
    }
    context["common_tls_context"] = {
        "tls_certificates": [pair],
        "validation_context": validation,
        "alpn_protocols": ["h2"],
    }
    return {"name": "envoy.transport_sockets.tls", "typed_config": context}
