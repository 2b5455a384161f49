"""Extension configurations: plugins that come by ECDS."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from mixer2.xds import protos
from mixer2.xds.modules import WasmModule
from mixer2.xds.resource import EXTENSION, Resource

HTTP_WASM = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm"
"""The type of the configuration of an HTTP Wasm filter."""

NETWORK_WASM = "type.googleapis.com/envoy.extensions.filters.network.wasm.v3.Wasm"
"""The type of the configuration of a network Wasm filter."""

_RUNTIME = "envoy.wasm.runtime.v8"


class FailurePolicy(Enum):
    """What Envoy does after a trap killed a plugin's VM (measured with Envoy 1.40).

    The request that trapped gets a 503 under every policy. The requests after it, on that worker:
    """

    RELOAD = 1
    """A new VM, at once after a quiet second, else after a back-off of 1 to 1.5 s with 503s."""
    CLOSED = 2
    """503 until the configuration changes."""
    OPEN = 3
    """No plugin until the configuration changes: what it would have refused, passes."""


@dataclass(frozen=True, slots=True)
class RemoteCode:
    """Where nodes fetch a module that is too large to travel in the configuration.

    Args:
        uri: Of the module, http or https.
        cluster: Through which nodes reach that server.
        timeout: Seconds that a fetch may take.
    """

    uri: str
    cluster: str
    timeout: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WasmPlugin:
    """A Wasm module at work as an HTTP or network filter.

    Args:
        name: Of the ECDS resource, and in Envoy's logs and stats.
        module: The code. Plugins of one module share a VM: a trap in one fails them all.
        configuration: What the plugin reads as its plugin configuration.
        root_id: Tells the plugins of one module apart; the name unless given.
        failure_policy: RELOAD by default, for it alone heals: our guests trap only when memory or
            stack run out, which is a matter of one request, while CLOSED refuses and OPEN waves
            through all further ones until somebody looks.
        network: It is a network filter.
        tenant: Whose it is; plugins of different tenants share no VM, and so no shared data.
        remote: Where the code comes from; None for code within the resource.
    """

    name: str
    module: WasmModule
    configuration: bytes = b""
    root_id: str = ""
    failure_policy: FailurePolicy = FailurePolicy.RELOAD
    network: bool = False
    tenant: str = ""
    remote: RemoteCode | None = None


def wasm_filter(plugin: WasmPlugin) -> Resource:
    """Build the ECDS resource of a Wasm filter.

    With the code in it an update is atomic, and its ACK means that the module is loaded and has
    accepted its configuration. With remote code a node refuses the update, fetches the module in
    the background, and accepts the update when it is offered again; its ACK then means the same.
    """
    tenant = f"-{plugin.tenant}" if plugin.tenant else ""
    vm = protos.VmConfig(
        # Never shared between different code: with equal ids Envoy 1.40 can run the wrong module.
        vm_id=f"mixer2-{plugin.module.digest[:16]}{tenant}",
        runtime=_RUNTIME,
        code=_code(plugin),
        # Otherwise Envoy accepts the update and serves without any filter until it has the code.
        nack_on_code_cache_miss=plugin.remote is not None,
    )
    config = protos.PluginConfig(
        name=plugin.name,
        root_id=plugin.root_id or plugin.name,
        vm_config=vm,
        configuration=protos.pack(_raw(plugin.configuration)),
        failure_policy=plugin.failure_policy.value,
        # Without it Envoy takes "stop here" in a headers callback for "stop and buffer it all".
        allow_on_headers_stop_iteration=protos.BoolValue(value=True),
    )
    kind = protos.NetworkWasm if plugin.network else protos.HttpWasm
    message = protos.TypedExtensionConfig(
        name=plugin.name, typed_config=protos.pack(kind(config=config))
    )
    return Resource.of(EXTENSION, plugin.name, protos.serialised(message))


def _code(plugin: WasmPlugin) -> Any:
    remote = plugin.remote
    if remote is None:
        return protos.AsyncDataSource(local=protos.DataSource(inline_bytes=plugin.module.code))
    where = protos.HttpUri(
        uri=remote.uri, cluster=remote.cluster, timeout=protos.seconds(remote.timeout)
    )
    source = protos.RemoteDataSource(http_uri=where, sha256=plugin.module.digest)
    return protos.AsyncDataSource(remote=source)


def _raw(configuration: bytes) -> Any:
    """Of these two types Envoy hands over the value itself; text is readable in a config dump."""
    try:
        return protos.StringValue(value=configuration.decode())
    except UnicodeDecodeError:
        return protos.BytesValue(value=configuration)
