"""The callbacks that a module may export, and when it must.

Every exported callback costs about 0.25 us a request even when it does nothing (measured), so a
module exports a callback only when the program overrides the method behind it or imports the
part of the PAL that lives on it.
"""

from dataclasses import dataclass

from mixer2.compiler.wasm.types import I32, FunctionType


@dataclass(frozen=True, slots=True)
class Callback:
    """One function that the host calls.

    Attributes:
        name: As exported, and as the function in `pal.dispatch` is called.
        parameters: Number of i32 parameters.
        returns: Whether it returns an i32.
        methods: Overriding any of these in the program makes it needed.
        modules: Importing any of these makes it needed.
        always: Needed by every plugin.
        fallback: What it returns when an exception escapes the dispatcher.
    """

    name: str
    parameters: int
    returns: bool
    methods: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    always: bool = False
    fallback: int = 0

    @property
    def type(self) -> FunctionType:
        """The function type that the host insists on."""
        return FunctionType(bytes([I32] * self.parameters), bytes([I32] * self.returns))


_HTTP_CALLOUTS = ("pal.http_callout",)
_GRPC_CALLOUTS = ("pal.grpc_callout",)
_TIMERS = ("pal.timers", *_HTTP_CALLOUTS, *_GRPC_CALLOUTS)

# Source: Proxy-Wasm ABI 0.2.1, "Callbacks"; types as Envoy 1.40 checks them.
CALLBACKS = (
    Callback("proxy_on_context_create", 2, returns=False, always=True),
    Callback("proxy_on_vm_start", 2, returns=True, methods=("on_vm_start",), fallback=0),
    Callback("proxy_on_configure", 2, returns=True, always=True, fallback=0),
    Callback("proxy_on_tick", 1, returns=False, methods=("on_tick",), modules=_TIMERS),
    Callback("proxy_on_queue_ready", 2, returns=False, methods=("on_queue_ready",)),
    Callback("proxy_on_request_headers", 3, returns=True, methods=("on_request_headers",)),
    Callback("proxy_on_request_body", 3, returns=True, methods=("on_request_body",)),
    Callback("proxy_on_request_trailers", 2, returns=True, methods=("on_request_trailers",)),
    Callback("proxy_on_response_headers", 3, returns=True, methods=("on_response_headers",)),
    Callback("proxy_on_response_body", 3, returns=True, methods=("on_response_body",)),
    Callback("proxy_on_response_trailers", 2, returns=True, methods=("on_response_trailers",)),
    Callback("proxy_on_new_connection", 1, returns=True, methods=("on_new_connection",)),
    Callback("proxy_on_downstream_data", 3, returns=True, methods=("on_downstream_data",)),
    Callback("proxy_on_upstream_data", 3, returns=True, methods=("on_upstream_data",)),
    Callback(
        "proxy_on_downstream_connection_close", 2, returns=False, methods=("on_downstream_close",)
    ),
    Callback(
        "proxy_on_upstream_connection_close", 2, returns=False, methods=("on_upstream_close",)
    ),
    Callback("proxy_on_http_call_response", 5, returns=False, modules=_HTTP_CALLOUTS),
    Callback("proxy_on_grpc_receive_initial_metadata", 3, returns=False, modules=_GRPC_CALLOUTS),
    Callback("proxy_on_grpc_receive", 3, returns=False, modules=_GRPC_CALLOUTS),
    Callback("proxy_on_grpc_receive_trailing_metadata", 3, returns=False, modules=_GRPC_CALLOUTS),
    Callback("proxy_on_grpc_close", 3, returns=False, modules=_GRPC_CALLOUTS),
    Callback("proxy_on_log", 1, returns=False, methods=("on_log",)),
    Callback("proxy_on_done", 1, returns=True, methods=("on_done",), fallback=1),
    Callback("proxy_on_delete", 1, returns=False, always=True),
)
