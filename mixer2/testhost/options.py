"""What a test may say when it loads a filter, in whichever host."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mixer2.testhost.abi import LogLevel
from mixer2.testhost.callouts import Cluster
from mixer2.testhost.dns import DnsAnswer
from mixer2.testhost.foreign import ForeignFunction
from mixer2.testhost.grpc_callouts import GrpcService
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """How a plugin is configured and run.

    Attributes:
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
    """

    name: str | None = None
    root_id: str = ""
    vm_id: str = ""
    vm_configuration: ConfigurationLike = None
    environment: Mapping[str, str] | None = None
    capabilities: Iterable[str] = ()
    failure_policy: FailurePolicy | None = None
    allow_stop_iteration: bool = True
    log_level: LogLevel = LogLevel.INFO
    attributes: Mapping[AttributePath, AttributeValue] | None = None
    node: Mapping[str, AttributeValue] = field(default_factory=lambda: DEFAULT_NODE)
    clusters: Mapping[str, Cluster] | None = None
    grpc_services: Mapping[str, GrpcService] | None = None
    foreign_functions: Mapping[str, ForeignFunction] | None = None
    dns: Mapping[str, DnsAnswer] | None = None
    buffer_limit: int = BUFFER_LIMIT
    workers: int = 1
    full_start: bool = False
    reload_after: float = 1.0
    strict: bool = True
    leak_check: bool = True
    chunked: bool = False

    @property
    def tolerate_traps(self) -> bool:
        """Whether a trap only does what the failure policy says."""
        return self.failure_policy is not None

    def settings(self, source: Path | bytes, configuration: ConfigurationLike) -> PluginSettings:
        """The plugin's configuration, as an operator would have written it."""
        name = source.stem if isinstance(source, Path) else "plugin"
        return PluginSettings(
            name=name if self.name is None else self.name,
            root_id=self.root_id,
            vm_id=self.vm_id,
            configuration=to_bytes(configuration),
            vm_configuration=to_bytes(self.vm_configuration),
            environment=dict(self.environment or {}),
            capabilities=frozenset(self.capabilities),
            allow_stop_iteration=self.allow_stop_iteration,
            failure_policy=self.failure_policy or FailurePolicy.FAIL_CLOSED,
            reload_after=self.reload_after,
        )

    def host_options(self) -> HostOptions:
        """How the test host runs it."""
        return HostOptions(
            attributes=self.attributes or {},
            buffer_limit=self.buffer_limit,
            workers=self.workers,
            full_start=self.full_start,
            tolerate_traps=self.tolerate_traps,
            leak_check=self.leak_check,
            chunked=self.chunked,
        )

    def proxy(self) -> Proxy:
        """A simulated proxy of its own."""
        return Proxy(
            self.log_level,
            self.strict,
            self.node,
            self.clusters,
            self.grpc_services,
            self.foreign_functions,
            self.dns,
        )
