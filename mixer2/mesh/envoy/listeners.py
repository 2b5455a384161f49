"""Listeners."""

from collections.abc import Sequence
from dataclasses import dataclass

from mixer2.mesh.envoy.json import ADS, Json, given, resource_of, seconds, typed
from mixer2.mesh.envoy.routes import FAULT_FILTER
from mixer2.mesh.envoy.tls import downstream_socket
from mixer2.mesh.schema.listeners import AccessLog, Listener, Passthrough
from mixer2.xds.builders.extension import HTTP_WASM, NETWORK_WASM
from mixer2.xds.resource import CLUSTER, EXTENSION, LISTENER, ROUTES, Reference, Resource

_HCM = "filters.network.http_connection_manager.v3.HttpConnectionManager"
_TCP_PROXY = "envoy.filters.network.tcp_proxy"
_EARLY_DATA_BYTES = 65536
_CONNECT_AGAIN: Json = {
    "max_connect_attempts": 5,
    "backoff_options": {"base_interval": "0.050s", "max_interval": "0.500s"},
}


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin at work on a listener.

    Args:
        name: Of its ECDS resource.
        chosen: It is off but on the routes that choose it.
    """

    name: str
    chosen: bool = False


def listener(
    name: str, config: Listener, plugins: Sequence[Plugin], *, faults: bool = False
) -> Resource:
    """Build a listener.

    Args:
        name: Of the listener, and of its stats: `http.<name>.`, `tcp.<name>.`
        config: Its part of the mesh.
        plugins: Its plugins, in order; they come by ECDS.
        faults: Its routes make faults on purpose.
    """
    http = config.protocol == "http"
    filters = _http(name, config, plugins, faults=faults) if http else _tcp(name, config, plugins)
    socket = downstream_socket(config.tls, http=http) if config.tls is not None else None
    chain = given(filters=filters, transport_socket=socket)
    value = {"name": name, **_place(config), "filter_chains": [chain]}
    if config.passthrough is not None:
        value |= _passthrough(name, config, config.passthrough, chain)
    references = [Reference(EXTENSION, plugin.name) for plugin in plugins]
    if config.routes is not None:
        references.append(Reference(ROUTES, config.routes))
    if config.to is not None:
        references.append(Reference(CLUSTER, config.to))
    if config.passthrough is not None:
        references.append(Reference(CLUSTER, config.passthrough.to))
    return resource_of(LISTENER, name, value, references)


def _place(config: Listener) -> Json:
    if config.internal:
        return {"internal_listener": {}}
    address = {"address": config.address, "port_value": config.port}
    return {"address": {"socket_address": address}}


def _passthrough(name: str, config: Listener, other: Passthrough, http: Json) -> Json:
    """Two chains: one for what the HTTP inspector takes for HTTP, one for everything else."""
    proxy = {"name": _TCP_PROXY, "typed_config": _proxy(f"{name}-passthrough", config, other.to)}
    inspector = {
        "name": "envoy.filters.listener.http_inspector",
        "typed_config": typed("filters.listener.http_inspector.v3.HttpInspector"),
    }
    match = {"application_protocols": ["http/1.0", "http/1.1", "h2c"]}
    return {
        "listener_filters": [inspector],
        "listener_filters_timeout": seconds(other.after),
        "continue_on_listener_filters_timeout": True,
        "filter_chains": [{"filter_chain_match": match, **http}],
        "default_filter_chain": {"filters": [proxy]},
    }


def _http(name: str, config: Listener, plugins: Sequence[Plugin], *, faults: bool) -> list[Json]:
    idle = config.idle_timeout
    fault = {"name": FAULT_FILTER, "typed_config": typed("filters.http.fault.v3.HTTPFault")}
    router = {
        "name": "envoy.filters.http.router",
        "typed_config": typed("filters.http.router.v3.Router"),
    }
    manager = typed(
        _HCM,
        stat_prefix=name,
        rds={"config_source": ADS, "route_config_name": config.routes},
        # Faults come first, as if made by the network: a plugin sees what would reach it then.
        http_filters=[*([fault] if faults else []), *map(_http_plugin, plugins), router],
        access_log=_access_log(config.access_log),
        common_http_protocol_options={"idle_timeout": seconds(idle)} if idle else None,
    )
    return [
        {"name": "envoy.filters.network.http_connection_manager", "typed_config": manager},
    ]


def _tcp(name: str, config: Listener, plugins: Sequence[Plugin]) -> list[Json]:
    # A plugin may hold the connection, and then route to an internal listener. Without early data
    # tcp_proxy stops reading before the plugin sees any. The internal listener may come a moment
    # after this one: each waits for its own routes and modules, in whatever order they were sent.
    own = {"max_early_data_bytes": _EARLY_DATA_BYTES, **_CONNECT_AGAIN} if plugins else {}
    proxy = {"name": _TCP_PROXY, "typed_config": {**_proxy(name, config, config.to), **own}}
    discovery = _discovery(NETWORK_WASM)
    return [*({"name": one.name, "config_discovery": discovery} for one in plugins), proxy]


def _proxy(name: str, config: Listener, service: str | None) -> Json:
    return typed(
        "filters.network.tcp_proxy.v3.TcpProxy",
        stat_prefix=name,
        cluster=service,
        access_log=_access_log(config.access_log),
        idle_timeout=seconds(config.idle_timeout) if config.idle_timeout else None,
    )


def _http_plugin(plugin: Plugin) -> Json:
    return given(
        name=plugin.name,
        config_discovery=_discovery(HTTP_WASM),
        disabled=True if plugin.chosen else None,
    )


def _discovery(type_url: str) -> Json:
    return {"config_source": ADS, "type_urls": [type_url]}


def _access_log(log: AccessLog | None) -> list[Json] | None:
    if log is None:
        return None
    text = log.format if not log.format or log.format.endswith("\n") else f"{log.format}\n"
    log_format = {"text_format_source": {"inline_string": text}} if text else None
    config = typed("access_loggers.file.v3.FileAccessLog", path=log.path, log_format=log_format)
    return [{"name": "envoy.access_loggers.file", "typed_config": config}]
