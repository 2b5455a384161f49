"""From a filter's source, or a module's bytes, to a `Host`."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import TypeAlias

from mixer2.testhost.abi import LogLevel
from mixer2.testhost.callouts import Cluster
from mixer2.testhost.client import Host
from mixer2.testhost.dns import DnsAnswer
from mixer2.testhost.foreign import ForeignFunction
from mixer2.testhost.grpc_callouts import GrpcService
from mixer2.testhost.guest import GuestFactory
from mixer2.testhost.native import native_factory
from mixer2.testhost.properties import AttributePath, AttributeValue
from mixer2.testhost.proxy import DEFAULT_NODE, Proxy
from mixer2.testhost.settings import (
    BUFFER_LIMIT,
    ConfigurationLike,
    FailurePolicy,
    HostOptions,
    PluginSettings,
    to_bytes,
)

Compile: TypeAlias = Callable[[Path], bytes]
"""Makes a module of a filter's source."""


class Target(Enum):
    """What the filter runs as."""

    NATIVE = "native"
    WASM = "wasm"


def load(
    source: Path | bytes,
    target: Target,
    compile_filter: Compile,
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
    attributes: Mapping[AttributePath, AttributeValue] | None = None,
    node: Mapping[str, AttributeValue] = DEFAULT_NODE,
    clusters: Mapping[str, Cluster] | None = None,
    grpc_services: Mapping[str, GrpcService] | None = None,
    foreign_functions: Mapping[str, ForeignFunction] | None = None,
    dns: Mapping[str, DnsAnswer] | None = None,
    buffer_limit: int = BUFFER_LIMIT,
    workers: int = 1,
    full_start: bool = False,
    reload_after: float = 1.0,
    strict: bool = True,
    leak_check: bool = True,
    chunked: bool = False,
    beside: Host | None = None,
) -> Host:
    """Start a plugin in a proxy of its own.

    Args:
        source: The filter's source file, or the bytes of a Proxy-Wasm module.
        target: What a source file runs as.
        compile_filter: Makes a module of a source file.
        configuration: The plugin's configuration; a dict or list becomes JSON.
        name: Plugin name; the file's, when it is not given.
        root_id: Root id.
        vm_id: Plugins of equal `vm_id` share data and queues.
        vm_configuration: The VM's configuration.
        environment: Environment variables that WASI shows.
        capabilities: What the plugin may call and be called with; nothing is everything.
        failure_policy: What a trap does to requests. A trap fails the test unless this is given.
        allow_stop_iteration: `allow_on_headers_stop_iteration`.
        log_level: Lowest level that is logged; Envoy's default is INFO.
        attributes: Attributes of every request, by path.
        node: What `xds.node` shows.
        clusters: Clusters for HTTP callouts: how each answers, or None to answer by hand.
        grpc_services: Clusters for gRPC callouts: how each answers, or None to answer by hand.
        foreign_functions: Foreign functions beside Envoy's, or in their place.
        dns: What names resolve to: addresses, or None to answer by hand. Others have no address.
        buffer_limit: Bytes of a body that a filter may collect.
        workers: Worker threads, each with a VM of its own.
        full_start: Start as often as Envoy does: also a canary VM, and one for the main thread.
        reload_after: Seconds that FAIL_RELOAD waits at least; at most half as much again.
        strict: Whether misuse that Envoy tolerates fails the test.
        leak_check: Whether the end of the test looks for leaks, by repeating its last request.
        chunked: Whether bodies in parts come as HTTP/1.1 brings them, their end by itself in an
            empty part. By default the last part carries the end, as in HTTP/2.
        beside: Share the process of another host: stats, shared data, queues, clock, log.

    Raises:
        ConfigurationRefusedError: the plugin said no.
        LoadError: the proxy would not take the module.
    """
    if beside is not None:
        proxy = beside.proxy
    else:
        proxy = Proxy(log_level, strict, node, clusters, grpc_services, foreign_functions, dns)
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
    make_guest = _guest_factory(source, target, compile_filter, settings, proxy)
    options = HostOptions(
        attributes=attributes or {},
        buffer_limit=buffer_limit,
        workers=workers,
        full_start=full_start,
        tolerate_traps=failure_policy is not None,
        leak_check=leak_check,
        chunked=chunked,
    )
    return Host(make_guest, settings, proxy, options)


def _guest_factory(
    source: Path | bytes,
    target: Target,
    compile_filter: Compile,
    settings: PluginSettings,
    proxy: Proxy,
) -> GuestFactory:
    if isinstance(source, Path) and target is Target.NATIVE:
        return native_factory(source)
    # wasmtime is an optional dependency: only who runs Wasm needs it.
    from mixer2.testhost.wasm import wasm_factory  # noqa: PLC0415
    from mixer2.testhost.wasm_module import load_module  # noqa: PLC0415

    wasm = source if isinstance(source, bytes) else compile_filter(source)
    return wasm_factory(load_module(wasm), settings.environment, proxy.clock.now_ns)
