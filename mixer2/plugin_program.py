"""A plugin that runs as plain Python: its class, its callbacks, and what dispatches each.

For whoever has imported a filter in CPython: the test host natively, and a module of profile
cpython about itself, which this file is copied into. Standard library only, therefore.
`mixer2.compiler.callbacks` says the same for compiled modules.
"""

from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any, Final

_ALWAYS: Final = frozenset({"proxy_on_configure", "proxy_on_context_create", "proxy_on_delete"})
_METHODS: Final = {
    "proxy_on_downstream_connection_close": "on_downstream_close",
    "proxy_on_upstream_connection_close": "on_upstream_close",
}
"""Callbacks whose method is not simply named as they are, without `proxy_`."""

_TCP: Final = frozenset({"pal.tcp"})
_QUEUES: Final = frozenset({"pal.queues"})
_HTTP_CALLOUTS: Final = frozenset({"pal.http_callout"})
_GRPC_CALLOUTS: Final = frozenset({"pal.grpc_callout"})
_GRPC_STREAMS: Final = frozenset({"pal.grpc_stream"})
_DNS: Final = frozenset({"pal.dns"})
_TIMERS: Final = frozenset({"pal.timers"})
_PARTS: Final = _TIMERS | _QUEUES
_MODULES: Final[dict[str, frozenset[str]]] = {
    "proxy_on_tick": _TIMERS,
    "proxy_on_queue_ready": _QUEUES,
    "proxy_on_http_call_response": _HTTP_CALLOUTS,
    "proxy_on_grpc_receive_initial_metadata": _GRPC_STREAMS,
    "proxy_on_grpc_receive": _GRPC_CALLOUTS,
    "proxy_on_grpc_receive_trailing_metadata": _GRPC_STREAMS,
    "proxy_on_grpc_close": _GRPC_CALLOUTS,
    "envoy_on_resolve_dns": _DNS,
}
"""Parts of `pal` that live on a callback: who imports them has it."""

_CONNECTIONS: Final = ("pal.tcp", _TCP)
_STARTS: Final = ("pal.parts", _PARTS)
_DISPATCHERS: Final[dict[str, tuple[tuple[str, frozenset[str]], ...]]] = {
    "proxy_on_context_create": (_CONNECTIONS, _STARTS),
    "proxy_on_vm_start": (_STARTS,),
    "proxy_on_configure": (_STARTS,),
    "proxy_on_tick": (("pal.timers", _TIMERS),),
    "proxy_on_queue_ready": (("pal.queues", _QUEUES),),
    "proxy_on_request_headers": (),
    "proxy_on_request_body": (),
    "proxy_on_request_trailers": (),
    "proxy_on_response_headers": (),
    "proxy_on_response_body": (),
    "proxy_on_response_trailers": (),
    "proxy_on_new_connection": (_CONNECTIONS,),
    "proxy_on_downstream_data": (_CONNECTIONS,),
    "proxy_on_upstream_data": (_CONNECTIONS,),
    "proxy_on_downstream_connection_close": (_CONNECTIONS,),
    "proxy_on_upstream_connection_close": (_CONNECTIONS,),
    "proxy_on_http_call_response": (("pal.http_callout", _HTTP_CALLOUTS),),
    "proxy_on_grpc_receive_initial_metadata": (("pal.grpc_stream", _GRPC_STREAMS),),
    "proxy_on_grpc_receive": (("pal.grpc_callout", _GRPC_CALLOUTS),),
    "proxy_on_grpc_receive_trailing_metadata": (("pal.grpc_stream", _GRPC_STREAMS),),
    "proxy_on_grpc_close": (("pal.grpc_callout", _GRPC_CALLOUTS),),
    "envoy_on_resolve_dns": (("pal.dns", _DNS),),
    "proxy_on_log": (_CONNECTIONS, ("pal.access_log", frozenset({"pal.access_log"}))),
    "proxy_on_done": (_CONNECTIONS,),
    "proxy_on_delete": (_CONNECTIONS, _STARTS),
}
"""The callbacks that `pal` dispatches, each with the modules that do so in place of `pal.dispatch`
when one of theirs is imported."""

_BASES: Final = (
    ("pal.context", "PluginContext"),
    ("pal.context", "HttpContext"),
    ("pal.tcp", "TcpContext"),
    ("pal.access_log", "AccessLogger"),
)


class NoPluginError(Exception):
    """A module is no filter: it has no plugin class, or several."""


def start(module: ModuleType, modules: Mapping[str, ModuleType]) -> dict[str, Callable[..., Any]]:
    """Make a filter the plugin of its interpreter, and find what its callbacks lead to.

    Args:
        module: The filter, imported.
        modules: Every module that was imported with it, by name.

    Returns:
        The dispatching function of each callback that the program overrides, and of those that
        every program has: each exported callback costs the proxy a call per event.

    Raises:
        NoPluginError: it is no filter.
    """
    dispatch: Any = modules["pal.dispatch"]
    plugin_class = _plugin_class(module, modules["pal.context"].PluginContext)
    factory_class: Any = type(
        "Factory", (dispatch.PluginFactory,), {"create": lambda _self: plugin_class()}
    )
    dispatch.register(factory_class())
    imported = frozenset(modules)
    bases = [getattr(modules[name], base) for name, base in _BASES if name in modules]
    return {
        callback: getattr(modules[_dispatcher(callback, imported)], callback)
        for callback in _DISPATCHERS
        if _is_needed(callback, bases, imported)
    }


def _plugin_class(module: ModuleType, base: type) -> type:
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
    ]
    concrete = [value for value in found if not any(value in other.__mro__[1:] for other in found)]
    if len(concrete) != 1:
        names = ", ".join(value.__name__ for value in concrete) or "none"
        raise NoPluginError(
            f"{module.__file__}: a filter has exactly one concrete subclass of PluginContext; "
            f"this module has {names}"
        )
    return concrete[0]


def _dispatcher(callback: str, imported: frozenset[str]) -> str:
    for module, importing in _DISPATCHERS[callback]:
        if not imported.isdisjoint(importing):
            return module
    return "pal.dispatch"


def _is_needed(callback: str, bases: list[type], imported: frozenset[str]) -> bool:
    """Whether the compiler would export a callback; tests/testhost/test_targets.py compares."""
    if callback in _ALWAYS or not imported.isdisjoint(_MODULES.get(callback, frozenset())):
        return True
    method = _METHODS.get(callback, callback.removeprefix("proxy_"))
    return any(
        method in vars(subclass)
        for base in bases
        if method in vars(base)
        for subclass in _descendants(base)
    )


def _descendants(base: type) -> Iterator[type]:
    subclasses: list[type] = base.__subclasses__()
    for subclass in subclasses:
        yield subclass
        yield from _descendants(subclass)
