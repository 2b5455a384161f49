"""Slots: the places in Envoy that a plugin can be put in, each a listener with an ECDS filter.

Access loggers do not come by ECDS: the listener of such a slot comes and goes with the plugin.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from mixer2.testhost.settings import BUFFER_LIMIT

UPSTREAM: Final = "upstream"
TCP_UPSTREAM: Final = "upstream-tcp"
BARRIER: Final = "barrier"
SLOTS_OF_A_KIND: Final = 3

_TYPE: Final = "type.googleapis.com/envoy.extensions"
_EARLY_DATA: Final = 65536


class SlotKind(Enum):
    """What stands behind a listener."""

    HTTP = "http"
    TCP = "tcp"
    EARLY_TCP = "tcp-early"
    ACCESS_LOG = "access-log"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one plugin; its name is that of the listener and of the ECDS resource."""

    kind: SlotKind
    index: int

    @property
    def name(self) -> str:
        """Name of the listener and of its extension."""
        return f"{self.kind.value}-{self.index}"


ALL_SLOTS: Final = tuple(Slot(kind, index) for kind in SlotKind for index in range(SLOTS_OF_A_KIND))
LASTING_SLOTS: Final = tuple(slot for slot in ALL_SLOTS if slot.kind is not SlotKind.ACCESS_LOG)
"""Those whose listeners are always there."""


def static_resources(buffer_limit: int) -> dict[str, Any]:
    """The lasting listeners, and one without a plugin, as Envoy's JSON."""
    listeners = [_listener(slot.name, _filters(slot), buffer_limit) for slot in LASTING_SLOTS]
    barrier = _listener(BARRIER, [http_manager(BARRIER, [])], BUFFER_LIMIT)
    return {"listeners": [*listeners, barrier]}


def _listener(name: str, filters: list[dict[str, Any]], buffer_limit: int) -> dict[str, Any]:
    return {
        "name": name,
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
        "per_connection_buffer_limit_bytes": buffer_limit,
        "filter_chains": [{"filters": filters}],
    }


def _filters(slot: Slot) -> list[dict[str, Any]]:
    if slot.kind is SlotKind.HTTP:
        plugin = _discovered(slot, [f"{_TYPE}.filters.http.wasm.v3.Wasm", f"{LUA_TYPE}"])
        return [http_manager(UPSTREAM, [plugin])]
    proxy: dict[str, Any] = {
        "@type": f"{_TYPE}.filters.network.tcp_proxy.v3.TcpProxy",
        "stat_prefix": "test",
        "cluster": TCP_UPSTREAM,
    }
    if slot.kind is SlotKind.EARLY_TCP:
        proxy["max_early_data_bytes"] = _EARLY_DATA
    plugin = _discovered(slot, [NETWORK_WASM_TYPE, RBAC_TYPE])
    return [plugin, {"name": "tcp", "typed_config": proxy}]


LUA_TYPE: Final = f"{_TYPE}.filters.http.lua.v3.Lua"
NETWORK_WASM_TYPE: Final = f"{_TYPE}.filters.network.wasm.v3.Wasm"
RBAC_TYPE: Final = f"{_TYPE}.filters.network.rbac.v3.RBAC"


def _discovered(slot: Slot, types: list[str]) -> dict[str, Any]:
    source = {"ads": {}, "resource_api_version": "V3"}
    return {
        "name": slot.name,
        "config_discovery": {"config_source": source, "type_urls": types},
    }


def http_manager(cluster: str, filters: list[dict[str, Any]]) -> dict[str, Any]:
    """The network filter of HTTP, as Envoy's JSON."""
    route = {"match": {"prefix": "/"}, "route": {"cluster": cluster}}
    router = {"@type": f"{_TYPE}.filters.http.router.v3.Router"}
    manager = {
        "@type": f"{_TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "test",
        "http_protocol_options": {"enable_trailers": True},
        "preserve_external_request_id": True,
        "route_config": {
            "validate_clusters": False,
            "virtual_hosts": [{"name": "default", "domains": ["*"], "routes": [route]}],
        },
        "http_filters": [*filters, {"name": "router", "typed_config": router}],
    }
    return {"name": "http", "typed_config": manager}
