"""Resources: a plugin for a slot, and what fills the slot while there is none."""

from typing import Any

from mixer2.envoyhost.slot import UPSTREAM, Slot, SlotKind, http_manager
from mixer2.testhost.settings import FailurePolicy, PluginSettings
from mixer2.xds import protos
from mixer2.xds.resource import EXTENSION, LISTENER, Resource

_POLICIES = {
    FailurePolicy.FAIL_RELOAD: 1,
    FailurePolicy.FAIL_CLOSED: 2,
    FailurePolicy.FAIL_OPEN: 3,
}


def plugin_resource(slot: Slot, wasm: bytes, settings: PluginSettings) -> Resource:
    """Build the resource that puts a plugin into a slot: an extension, or a whole listener."""
    config = _plugin_config(wasm, settings)
    match slot.kind:
        case SlotKind.HTTP:
            return _extension(slot, protos.HttpWasm(config=config))
        case SlotKind.ACCESS_LOG:
            return _logging_listener(slot, protos.WasmAccessLog(config=config))
        case _:
            return _extension(slot, protos.NetworkWasm(config=config))


def _logging_listener(slot: Slot, logger: Any) -> Resource:
    described = http_manager(UPSTREAM, [])
    manager = protos.from_json(described["typed_config"], protos.HttpConnectionManager())
    manager.access_log.add(name="plugin", typed_config=protos.pack(logger))
    listener = protos.Listener(name=slot.name)
    listener.address.socket_address.address = "127.0.0.1"
    listener.address.socket_address.port_value = 0
    chain = listener.filter_chains.add()
    chain.filters.add(name=described["name"], typed_config=protos.pack(manager))
    return Resource.of(LISTENER, slot.name, protos.serialised(listener))


def _plugin_config(wasm: bytes, settings: PluginSettings) -> Any:
    vm = protos.VmConfig(
        vm_id=settings.vm_id,
        runtime="envoy.wasm.runtime.v8",
        code=protos.AsyncDataSource(local=protos.DataSource(inline_bytes=wasm)),
        configuration=_bytes(settings.vm_configuration),
        environment_variables=protos.EnvironmentVariables(key_values=settings.environment),
    )
    allowed = {name: protos.SanitizationConfig() for name in settings.capabilities}
    return protos.PluginConfig(
        name=settings.name,
        root_id=settings.root_id,
        vm_config=vm,
        configuration=_bytes(settings.configuration),
        failure_policy=_POLICIES[settings.failure_policy],
        reload_config={"backoff": {"base_interval": protos.seconds(settings.reload_after)}},
        capability_restriction_config=protos.CapabilityRestriction(allowed_capabilities=allowed),
        allow_on_headers_stop_iteration=protos.BoolValue(value=settings.allow_stop_iteration),
    )


def empty_resource(slot: Slot) -> Resource | None:
    """Build the resource of a slot without a plugin: a filter that does nothing, or none at all."""
    if slot.kind is SlotKind.ACCESS_LOG:
        return None
    if slot.kind is SlotKind.HTTP:
        return _extension(slot, protos.Lua())
    return _extension(slot, protos.NetworkRbac(stat_prefix="empty"))


def _extension(slot: Slot, message: Any) -> Resource:
    extension = protos.TypedExtensionConfig(name=slot.name, typed_config=protos.pack(message))
    return Resource.of(EXTENSION, slot.name, protos.serialised(extension))


def _bytes(value: bytes) -> Any:
    return protos.pack(protos.BytesValue(value=value))
