"""How an operator would have configured the plugin, and how a test runs it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias

from mixer2.testhost.properties import AttributePath, AttributeValue

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


BUFFER_LIMIT: Final = 1024 * 1024
"""`per_connection_buffer_limit_bytes` of an Envoy that nobody configured."""


@dataclass(frozen=True, slots=True)
class HostOptions:
    """How a plugin is run.

    Attributes:
        attributes: Attributes of every stream, by path.
        buffer_limit: Bytes of a body that a filter may collect.
        workers: Worker threads, each with a VM.
        full_start: Start as Envoy does: a canary VM first, then the main thread's, then workers'.
        tolerate_traps: Whether a trap only does what the failure policy says, and no more.
        leak_check: Whether the end of the test looks for leaks.
        chunked: Whether a body in parts comes as HTTP/1.1 brings it: its end by itself, in an
            empty part.
    """

    attributes: Mapping[AttributePath, AttributeValue] = field(default_factory=dict)
    buffer_limit: int = BUFFER_LIMIT
    workers: int = 1
    full_start: bool = False
    tolerate_traps: bool = False
    leak_check: bool = True
    chunked: bool = False


def to_bytes(configuration: ConfigurationLike) -> bytes:
    """Bytes that the plugin gets: JSON of a dict or list, as Envoy makes of a Struct."""
    if configuration is None:
        return b""
    if isinstance(configuration, bytes):
        return configuration
    if isinstance(configuration, str):
        return configuration.encode()
    return json.dumps(configuration, separators=(",", ":")).encode()
