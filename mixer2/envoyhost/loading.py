"""`mixer2.testhost.load`, into Envoy."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from mixer2.envoyhost.host import EnvoyHost, EnvoyOptions
from mixer2.envoyhost.pool import EnginePool
from mixer2.testhost.abi import LogLevel
from mixer2.testhost.callouts import Cluster
from mixer2.testhost.errors import NotInEnvoyError
from mixer2.testhost.grpc_callouts import GrpcService
from mixer2.testhost.proxy import DEFAULT_NODE
from mixer2.testhost.settings import (
    BUFFER_LIMIT,
    ConfigurationLike,
    FailurePolicy,
    PluginSettings,
    to_bytes,
)


def load_in_envoy(
    pool: EnginePool,
    source: Path | bytes,
    compile_filter: Callable[[Path], bytes],
    configuration: ConfigurationLike = None,
    *,
    name: str | None = None,
    root_id: str = "",
    vm_id: str = "",
    vm_configuration: ConfigurationLike = None,
    environment: Mapping[str, str] | None = None,
    capabilities: Iterable[str] = (),
    failure_policy: FailurePolicy | None = None,
    allow_stop_iteration: bool = True,
    log_level: LogLevel = LogLevel.INFO,
    attributes: Mapping[Any, Any] | None = None,
    node: Mapping[str, Any] = DEFAULT_NODE,
    clusters: Mapping[str, Cluster] | None = None,
    grpc_services: Mapping[str, GrpcService] | None = None,
    foreign_functions: Mapping[str, Any] | None = None,
    dns: Mapping[str, Any] | None = None,
    buffer_limit: int = BUFFER_LIMIT,
    workers: int = 1,
    full_start: bool = False,  # noqa: ARG001
    reload_after: float = 1.0,
    strict: bool = True,  # noqa: ARG001
    leak_check: bool = True,  # noqa: ARG001
    chunked: bool = True,  # noqa: ARG001
    beside: EnvoyHost | None = None,
) -> EnvoyHost:
    """Start a plugin in Envoy; arguments as `mixer2.testhost.load`.

    `full_start`, `strict`, `leak_check` and `chunked` mean nothing here: Envoy starts as it does,
    neither judges nor tells, and is spoken to in HTTP/1.1.

    Raises:
        ConfigurationRefusedError: Envoy, or the plugin, said no.
        NotInEnvoyError: the test wants what only a simulated proxy has.
        EnvoyError: there is no Envoy.
    """
    wanted = {
        "attributes": bool(attributes),
        "node": dict(node) != dict(DEFAULT_NODE),
        "foreign_functions": bool(foreign_functions),
        "dns": dns is not None,
        "workers": workers != 1,
    }
    simulated = [option for option, is_wanted in wanted.items() if is_wanted]
    if simulated:
        raise NotInEnvoyError(f"load({simulated[0]}=...) is for the test hosts only")
    settings = PluginSettings(
        name=name if name is not None else source.stem if isinstance(source, Path) else "plugin",
        root_id=root_id,
        vm_id=vm_id,
        configuration=to_bytes(configuration),
        vm_configuration=to_bytes(vm_configuration),
        environment=dict(environment or {}),
        capabilities=frozenset(capabilities),
        allow_stop_iteration=allow_stop_iteration,
        failure_policy=failure_policy or FailurePolicy.FAIL_CLOSED,
        reload_after=reload_after,
    )
    options = EnvoyOptions(
        clusters=dict(clusters or {}),
        grpc_services=dict(grpc_services or {}),
        buffer_limit=buffer_limit,
        log_level=log_level,
        tolerate_traps=failure_policy is not None,
    )
    wasm = source if isinstance(source, bytes) else compile_filter(source)
    return EnvoyHost(pool, wasm, settings, options, beside)
