"""What is compared: the same TCP proxy, with different filters before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.variants.variant import TYPE, Json
from mixer2.envoy.bootstrap import Bootstrap, Node

_NETWORK: Final = TYPE + "envoy.extensions.filters.network."
_LISTENER: Final = "kafka"
_UPSTREAM: Final = "upstream"

ALONE: Final = "tcp_proxy alone"
OBSERVING: Final = "observing"
TRACING: Final = "tracing: a context for every record"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way.

    Attributes:
        name: As in the table.
        plugin: Source of the filter; None for the TCP proxy alone.
        configuration: The filter's.
        codec: How the client compresses.
        least: Share of the throughput of `ALONE` with the same codec that it must have; 0 for any.
    """

    name: str
    plugin: str | None = None
    configuration: Mapping[str, Any] = field(default_factory=dict)
    codec: str = "none"
    least: float = 0.0


def variants() -> list[Variant]:
    """All of them, in the order of the table."""
    kafka = "filters/kafka.py"
    share = {"canary": [{"topic": "bench", "to": "bench-canary", "share": 0.1}]}
    return [
        Variant(ALONE),
        Variant(OBSERVING, kafka, {}, least=0.85),
        Variant(TRACING, kafka, {"inject": True}, least=0.70),
        Variant("tracing, a tenth to a canary", kafka, {"inject": True, **share}),
        Variant("tcp_proxy alone, gzip", codec="gzip"),
        Variant("observing, gzip", kafka, {}, codec="gzip"),
        Variant("tracing, gzip", kafka, {"inject": True}, codec="gzip"),
    ]


def bootstrap(
    module: Path | None, configuration: Mapping[str, Any], port: int, upstream: int
) -> Bootstrap:
    """A proxy between `port` and `upstream`, both of 127.0.0.1.

    Args:
        module: The compiled filter; None for none.
        configuration: The filter's.
        port: Where Envoy listens.
        upstream: Where it connects to.
    """
    tcp_proxy = {
        "name": "tcp_proxy",
        "typed_config": {
            "@type": _NETWORK + "tcp_proxy.v3.TcpProxy",
            "stat_prefix": "bench",
            "cluster": _UPSTREAM,
            **({"max_early_data_bytes": 65_536} if "release_after_ms" in configuration else {}),
        },
    }
    filters = [*([_filter(module, configuration)] if module is not None else []), tcp_proxy]
    endpoint = {"endpoint": {"address": _address(upstream)}}
    listener = {
        "name": _LISTENER,
        "address": _address(port),
        "filter_chains": [{"filters": filters}],
    }
    cluster = {
        "name": _UPSTREAM,
        "type": "STATIC",
        "load_assignment": {
            "cluster_name": _UPSTREAM,
            "endpoints": [{"lb_endpoints": [endpoint]}],
        },
    }
    return Bootstrap(
        node=Node("bench", cluster="bench"),
        labels=(),
        static_resources={"listeners": [listener], "clusters": [cluster]},
    )


def _filter(module: Path, configuration: Mapping[str, Any]) -> Json:
    return {
        "name": "bench.kafka",
        "typed_config": {
            "@type": _NETWORK + "wasm.v3.Wasm",
            "config": {
                "name": "kafka",
                "configuration": {
                    "@type": TYPE + "google.protobuf.StringValue",
                    "value": json.dumps(configuration),
                },
                "vm_config": {
                    "vm_id": hashlib.sha256(module.read_bytes()).hexdigest(),
                    "runtime": "envoy.wasm.runtime.v8",
                    "code": {"local": {"filename": str(module.resolve())}},
                },
            },
        },
    }


def _address(port: int) -> Json:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}
