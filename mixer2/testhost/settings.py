"""How an operator would have configured the plugin."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

ConfigurationLike: TypeAlias = bytes | str | Mapping[str, object] | list[object] | None
"""What a test may write for a configuration: its bytes, its text, or what becomes JSON."""


class FailurePolicy(Enum):
    """What becomes of requests when the VM has trapped (`PluginConfig.failure_policy`)."""

    FAIL_CLOSED = "fail_closed"
    FAIL_OPEN = "fail_open"
    FAIL_RELOAD = "fail_reload"


@dataclass(frozen=True, slots=True)
class PluginSettings:
    """One `PluginConfig` with its `VmConfig`.

    Attributes:
        name: `name`, which stands in log lines and stats of the VM.
        root_id: `root_id`.
        vm_id: `vm_id`. Plugins with equal ones share data and queues.
        configuration: Bytes of the plugin's configuration.
        vm_configuration: Bytes of the VM's configuration.
        environment: `environment_variables`, for WASI.
        capabilities: Names that `capability_restriction_config` lists; empty is everything.
        allow_stop_iteration: `allow_on_headers_stop_iteration`.
        failure_policy: `failure_policy`.
        reload_after: Seconds after which FAIL_RELOAD makes a new VM; `base_interval`.
    """

    name: str = "plugin"
    root_id: str = ""
    vm_id: str = ""
    configuration: bytes = b""
    vm_configuration: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)
    capabilities: frozenset[str] = frozenset()
    allow_stop_iteration: bool = True
    failure_policy: FailurePolicy = FailurePolicy.FAIL_CLOSED
    reload_after: float = 1.0


def to_bytes(configuration: ConfigurationLike) -> bytes:
    """Bytes that the plugin gets: JSON of a dict or list, as Envoy makes of a Struct."""
    if configuration is None:
        return b""
    if isinstance(configuration, bytes):
        return configuration
    if isinstance(configuration, str):
        return configuration.encode()
    return json.dumps(configuration, separators=(",", ":")).encode()
