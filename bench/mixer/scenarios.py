"""What is compared: the same telemetry and the same check, done here and there."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.variants.external import service_cluster
from bench.variants.variant import TYPE, Chain, Json

AUTHORISER: Final = "ext_authz"
"""A Python service that lets everything pass and counts: gRPC, one call a check."""

QUOTA: Final = "quota"
"""`mixer2 quota-server`, in memory."""

_CLUSTER: Final = "bench_service"
_TENANT: Final = {"tenant": "request.headers['x-tenant']"}
_STATS: Final[dict[str, Any]] = {"stats": {"metrics": {}}}
_REPORT: Final = {"report": "stats", "with": _TENANT}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way.

    Attributes:
        name: As in the table.
        plugin: Source of the plugin; None for no filter.
        configuration: The plugin's.
        service: What is asked, if anything.
    """

    name: str
    plugin: str | None = None
    configuration: Mapping[str, Any] = field(default_factory=dict)
    service: str | None = None

    def chain(self, module: Path | None, service_port: int) -> Chain:
        """Its part of the proxy's configuration."""
        if module is None:
            return Chain()
        clusters = (service_cluster(service_port),) if self.service else ()
        return Chain(filters=(_filter(module, self.configuration),), clusters=clusters)


NONE: Final = "no filter"
BY_HAND: Final = "joined by hand: http_telemetry"
CACHED: Final = "mixer: metrics, check from the cache"
REMOTE: Final = "mixer: metrics, a remote check for every request (V1)"


def scenarios() -> list[Scenario]:
    """All of them, in the order of the table."""
    return [
        Scenario(NONE),
        Scenario(BY_HAND, "filters/http_telemetry.py"),
        Scenario("mixer: metrics", "filters/mixer.py", {"handlers": _STATS, "rules": [_REPORT]}),
        checking(CACHED, "remote_authz", {"valid": "1s"}, AUTHORISER),
        checking(REMOTE, "remote_authz", {"valid": "0s"}, AUTHORISER),
        checking("mixer: metrics, quota with prefetch 1000", "quota", {}, QUOTA, prefetch=1000),
        checking("mixer: metrics, quota without prefetch", "quota", {}, QUOTA, cache=0),
        checking("mixer: metrics, local rate limit", "rate_limit", {"requests": 1_000_000}, None),
    ]


def checking(
    name: str, kind: str, settings: Mapping[str, Any], service: str | None, **policies: int
) -> Scenario:
    """Metrics, and a check of a kind for every request."""
    cluster = {"cluster": _CLUSTER} if service else {}
    check = {kind: {**cluster, **settings}, "timeout": "5s", **policies}
    values = _TENANT if kind != "remote_authz" else {"x_tenant": _TENANT["tenant"]}
    configuration = {
        "handlers": {**_STATS, "check": check},
        "rules": [{"check": "check", "with": values}, _REPORT],
    }
    return Scenario(name, "filters/mixer.py", configuration, service)


def _filter(module: Path, configuration: Mapping[str, Any]) -> Json:
    value = json.dumps(configuration) if configuration else ""
    return {
        "name": "bench.mixer",
        "typed_config": {
            "@type": TYPE + "envoy.extensions.filters.http.wasm.v3.Wasm",
            "config": {
                "name": "mixer",
                "root_id": "mixer",
                "failure_policy": "FAIL_CLOSED",
                "configuration": {"@type": TYPE + "google.protobuf.StringValue", "value": value},
                "vm_config": {
                    "vm_id": hashlib.sha256(module.read_bytes()).hexdigest(),
                    "runtime": "envoy.wasm.runtime.v8",
                    "code": {"local": {"filename": str(module.resolve())}},
                },
            },
        },
    }
