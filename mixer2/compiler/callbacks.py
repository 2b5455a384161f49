"""The callbacks that a module may export, and when it must.

Every exported callback costs about 0.25 us a request even when it does nothing (measured), so a
module exports a callback only when the program overrides the method behind it or imports the
part of the PAL that lives on it.
"""

from dataclasses import dataclass

from mixer2.compiler.wasm.types import I32, FunctionType

DISPATCH = "pal.dispatch"
"""The module of the callbacks that every program may have."""


RARE = frozenset(
    {
        *("proxy_on_vm_start", "proxy_on_configure", "proxy_on_tick"),
        *("proxy_on_http_call_response", "proxy_on_grpc_receive", "proxy_on_grpc_close"),
    }
)
"""Callbacks that run once, or with something that takes the proxy far longer, as a callout does."""

PLUGIN_CONTEXT = "pal.context.PluginContext"
RARE_METHODS = ("on_vm_start", "on_configure", "on_tick", "on_done")
"""Methods of plugin contexts that no request waits for, whichever callback calls them."""

ONCE_A_STREAM = frozenset(
    {
        *("on_request_headers", "on_request_trailers"),
        *("on_response_headers", "on_response_trailers", "on_log"),
    }
)
"""Methods of a stream's context that come at most once; those of bodies may come again."""


@dataclass(frozen=True, slots=True)
class Callback:
    """One function that the host calls.

    Attributes:
        name: As exported, and as the function that dispatches it is called.
        parameters: Number of i32 parameters.
        returns: Whether it returns an i32.
        methods: Overriding any of these in the program makes it needed.
        modules: Importing any of these makes it needed.
        always: Needed by every plugin.
        fallback: What it returns when an exception escapes the dispatcher.
        collects: Whether a step of the cycle collector ends it: streams end here, or ticks come.
        dispatchers: Modules that dispatch it in place of `pal.dispatch`, each with the modules
            whose import brings that about. The first that applies does.
        replaced_by: A module that dispatches it whatever is imported.
    """

    name: str
    parameters: int
    returns: bool
    methods: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    always: bool = False
    fallback: int = 0
    collects: bool = False
    dispatchers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    replaced_by: str = ""

    def dispatcher(self, imported: frozenset[str]) -> str:
        """The module that dispatches it in a program that imports these modules."""
        if self.replaced_by:
            return self.replaced_by
        for module, importing in self.dispatchers:
            if imported.intersection(importing):
                return module
        return DISPATCH

    @property
    def type(self) -> FunctionType:
        """The function type that the host insists on."""
        return FunctionType(bytes([I32] * self.parameters), bytes([I32] * self.returns))


_TCP = ("pal.tcp",)
_ACCESS_LOG = ("pal.access_log",)
_QUEUES = ("pal.queues",)
_HTTP_CALLOUTS = ("pal.http_callout", "pal.tcp_callout")
_GRPC_STREAMS = ("pal.grpc_stream",)
_GRPC_CALLOUTS = ("pal.grpc_callout", "pal.grpc_call", *_GRPC_STREAMS)
_DNS = ("pal.dns",)
_TIMERS = ("pal.timers", "pal.callout", *_HTTP_CALLOUTS, *_GRPC_CALLOUTS, *_DNS)
_PARTS = (*_TIMERS, *_QUEUES)

_STARTS = (("pal.parts", _PARTS),)
_CONNECTIONS = (("pal.tcp", _TCP),)
_CREATES = (*_CONNECTIONS, ("pal.parts", _PARTS))
_DELETES = (*_CONNECTIONS, ("pal.parts", _PARTS))
_LOGS = (*_CONNECTIONS, ("pal.access_log", _ACCESS_LOG))

# Source: Proxy-Wasm ABI 0.2.1, "Callbacks"; types as Envoy 1.40 checks them.
CALLBACKS = (
    Callback("proxy_on_context_create", 2, returns=False, always=True, dispatchers=_CREATES),
    Callback("proxy_on_vm_start", 2, returns=True, methods=("on_vm_start",), dispatchers=_STARTS),
    Callback("proxy_on_configure", 2, returns=True, always=True, dispatchers=_STARTS),
    Callback(
        "proxy_on_tick",
        1,
        returns=False,
        methods=("on_tick",),
        modules=_TIMERS,
        collects=True,
        dispatchers=(("pal.timers", _TIMERS),),
    ),
    Callback(
        "proxy_on_queue_ready",
        2,
        returns=False,
        modules=_QUEUES,
        dispatchers=(("pal.queues", _QUEUES),),
    ),
    Callback("proxy_on_request_headers", 3, returns=True, methods=("on_request_headers",)),
    Callback("proxy_on_request_body", 3, returns=True, methods=("on_request_body",)),
    Callback("proxy_on_request_trailers", 2, returns=True, methods=("on_request_trailers",)),
    Callback("proxy_on_response_headers", 3, returns=True, methods=("on_response_headers",)),
    Callback("proxy_on_response_body", 3, returns=True, methods=("on_response_body",)),
    Callback("proxy_on_response_trailers", 2, returns=True, methods=("on_response_trailers",)),
    Callback(
        "proxy_on_new_connection",
        1,
        returns=True,
        methods=("on_new_connection",),
        dispatchers=_CONNECTIONS,
    ),
    Callback(
        "proxy_on_downstream_data",
        3,
        returns=True,
        methods=("on_downstream_data",),
        dispatchers=_CONNECTIONS,
    ),
    Callback(
        "proxy_on_upstream_data",
        3,
        returns=True,
        methods=("on_upstream_data",),
        dispatchers=_CONNECTIONS,
    ),
    Callback(
        "proxy_on_downstream_connection_close",
        2,
        returns=False,
        methods=("on_downstream_close",),
        dispatchers=_CONNECTIONS,
    ),
    Callback(
        "proxy_on_upstream_connection_close",
        2,
        returns=False,
        methods=("on_upstream_close",),
        dispatchers=_CONNECTIONS,
    ),
    Callback(
        "proxy_on_http_call_response",
        5,
        returns=False,
        modules=_HTTP_CALLOUTS,
        dispatchers=(("pal.http_callout", _HTTP_CALLOUTS),),
    ),
    *(
        Callback(
            name,
            3,
            returns=False,
            modules=modules,
            dispatchers=((modules[0], modules),),
        )
        for name, modules in (
            ("proxy_on_grpc_receive_initial_metadata", _GRPC_STREAMS),
            ("proxy_on_grpc_receive", _GRPC_CALLOUTS),
            ("proxy_on_grpc_receive_trailing_metadata", _GRPC_STREAMS),
            ("proxy_on_grpc_close", _GRPC_CALLOUTS),
        )
    ),
    Callback(
        "envoy_on_resolve_dns",
        3,
        returns=False,
        modules=_DNS,
        dispatchers=(("pal.dns", _DNS),),
    ),
    Callback("proxy_on_log", 1, returns=False, methods=("on_log",), dispatchers=_LOGS),
    Callback(
        "proxy_on_done",
        1,
        returns=True,
        methods=("on_done",),
        fallback=1,
        dispatchers=_CONNECTIONS,
    ),
    Callback("proxy_on_delete", 1, returns=False, always=True, collects=True, dispatchers=_DELETES),
)
