"""Proxy-Wasm 0.2.1 as tables: numbers, host functions, callbacks.

Source: the ABI specification 0.2.1, and the function types that Envoy 1.40 names when a module
imports a function with another type.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final


class Status(IntEnum):
    """The answer of a host call."""

    OK = 0
    NOT_FOUND = 1
    BAD_ARGUMENT = 2
    SERIALIZATION_FAILURE = 3
    PARSE_FAILURE = 4
    BAD_EXPRESSION = 5
    INVALID_MEMORY_ACCESS = 6
    EMPTY = 7
    CAS_MISMATCH = 8
    RESULT_MISMATCH = 9
    INTERNAL_FAILURE = 10
    BROKEN_CONNECTION = 11
    UNIMPLEMENTED = 12


class MapType(IntEnum):
    """Header maps. Those from 4 on belong to callouts and are read-only."""

    REQUEST_HEADERS = 0
    REQUEST_TRAILERS = 1
    RESPONSE_HEADERS = 2
    RESPONSE_TRAILERS = 3
    GRPC_INITIAL_METADATA = 4
    GRPC_TRAILING_METADATA = 5
    CALLOUT_RESPONSE_HEADERS = 6
    CALLOUT_RESPONSE_TRAILERS = 7


class BufferType(IntEnum):
    """Byte buffers."""

    REQUEST_BODY = 0
    RESPONSE_BODY = 1
    DOWNSTREAM_DATA = 2
    UPSTREAM_DATA = 3
    CALLOUT_RESPONSE_BODY = 4
    GRPC_MESSAGE = 5
    VM_CONFIGURATION = 6
    PLUGIN_CONFIGURATION = 7
    CALL_DATA = 8


class StreamType(IntEnum):
    """What `continue_stream` and `close_stream` act on."""

    REQUEST = 0
    RESPONSE = 1
    DOWNSTREAM = 2
    UPSTREAM = 3


class LogLevel(IntEnum):
    """Severity of a log line."""

    TRACE = 0
    DEBUG = 1
    INFO = 2
    WARN = 3
    ERROR = 4
    CRITICAL = 5


class MetricType(IntEnum):
    """Kind of a stat; also the two low bits of a metric id."""

    COUNTER = 0
    GAUGE = 1
    HISTOGRAM = 2


class HeadersStatus(IntEnum):
    """What a headers callback wants. 2 (continue and end) acts as CONTINUE in Envoy."""

    CONTINUE = 0
    STOP_ITERATION = 1
    CONTINUE_AND_END_STREAM = 2
    STOP_ALL_AND_BUFFER = 3
    STOP_ALL_AND_WATERMARK = 4


class DataStatus(IntEnum):
    """What a body callback wants."""

    CONTINUE = 0
    STOP_AND_BUFFER = 1
    STOP_AND_WATERMARK = 2
    STOP_NO_BUFFER = 3


class CloseType(IntEnum):
    """Who closed a connection."""

    UNKNOWN = 0
    LOCAL = 1
    REMOTE = 2


class Kind(Enum):
    """How a value of a host call crosses the border.

    TEXT and BYTES take two i32: pointer and length, or as a result the two places for them.
    TEXT is `str`, decoded as UTF-8 with surrogateescape so that any bytes survive.
    """

    U32 = "u32"
    I64 = "i64"
    U64 = "u64"
    TEXT = "text"
    BYTES = "bytes"


U32: Final = Kind.U32
I64: Final = Kind.I64
U64: Final = Kind.U64
TEXT: Final = Kind.TEXT
BYTES: Final = Kind.BYTES


@dataclass(frozen=True, slots=True)
class HostCall:
    """One host function: arguments in order, then the results that it writes to memory."""

    name: str
    arguments: tuple[Kind, ...]
    results: tuple[Kind, ...] = ()

    @property
    def method(self) -> str:
        """Name of the function without `proxy_` or `envoy_`: the method of `HostCalls`."""
        return self.name.removeprefix("proxy_").removeprefix("envoy_")

    @property
    def wasm_arguments(self) -> tuple[str, ...]:
        """Argument types of the import. Every host call returns one i32, its status."""
        types: list[str] = []
        for kind in self.arguments:
            types += _ARGUMENT_TYPES[kind]
        for kind in self.results:
            types += ["i32", "i32"] if kind in (TEXT, BYTES) else ["i32"]
        return tuple(types)


_ARGUMENT_TYPES: Final = {
    U32: ["i32"],
    I64: ["i64"],
    U64: ["i64"],
    TEXT: ["i32", "i32"],
    BYTES: ["i32", "i32"],
}

HOST_CALLS: Final = {
    call.name: call
    for call in (
        HostCall("proxy_log", (U32, TEXT)),
        HostCall("proxy_get_log_level", (), (U32,)),
        HostCall("proxy_get_current_time_nanoseconds", (), (U64,)),
        HostCall("proxy_set_tick_period_milliseconds", (U32,)),
        HostCall("proxy_get_property", (TEXT,), (BYTES,)),
        HostCall("proxy_set_property", (TEXT, BYTES)),
        HostCall("proxy_get_header_map_value", (U32, TEXT), (TEXT,)),
        HostCall("proxy_add_header_map_value", (U32, TEXT, TEXT)),
        HostCall("proxy_replace_header_map_value", (U32, TEXT, TEXT)),
        HostCall("proxy_remove_header_map_value", (U32, TEXT)),
        HostCall("proxy_get_header_map_pairs", (U32,), (BYTES,)),
        HostCall("proxy_set_header_map_pairs", (U32, BYTES)),
        HostCall("proxy_get_header_map_size", (U32,), (U32,)),
        HostCall("proxy_get_buffer_status", (U32,), (U32, U32)),
        HostCall("proxy_get_buffer_bytes", (U32, U32, U32), (BYTES,)),
        HostCall("proxy_set_buffer_bytes", (U32, U32, U32, BYTES)),
        HostCall("proxy_send_local_response", (U32, TEXT, BYTES, BYTES, U32)),
        HostCall("proxy_continue_stream", (U32,)),
        HostCall("proxy_close_stream", (U32,)),
        HostCall("proxy_set_effective_context", (U32,)),
        HostCall("proxy_done", ()),
        HostCall("proxy_define_metric", (U32, TEXT), (U32,)),
        HostCall("proxy_increment_metric", (U32, I64)),
        HostCall("proxy_record_metric", (U32, U64)),
        HostCall("proxy_get_metric", (U32,), (U64,)),
        HostCall("proxy_get_shared_data", (TEXT,), (BYTES, U32)),
        HostCall("proxy_set_shared_data", (TEXT, BYTES, U32)),
        HostCall("proxy_register_shared_queue", (TEXT,), (U32,)),
        HostCall("proxy_resolve_shared_queue", (TEXT, TEXT), (U32,)),
        HostCall("proxy_enqueue_shared_queue", (U32, BYTES)),
        HostCall("proxy_dequeue_shared_queue", (U32,), (BYTES,)),
        HostCall("proxy_http_call", (TEXT, BYTES, BYTES, BYTES, U32), (U32,)),
        HostCall("proxy_grpc_call", (BYTES, TEXT, TEXT, BYTES, BYTES, U32), (U32,)),
        HostCall("proxy_grpc_stream", (BYTES, TEXT, TEXT, BYTES), (U32,)),
        HostCall("proxy_grpc_send", (U32, BYTES, U32)),
        HostCall("proxy_grpc_cancel", (U32,)),
        HostCall("proxy_grpc_close", (U32,)),
        HostCall("proxy_get_status", (), (U32, TEXT)),
        HostCall("proxy_call_foreign_function", (TEXT, BYTES), (BYTES,)),
        HostCall("envoy_resolve_dns", (TEXT,), (U32,)),
    )
}
"""The 39 `proxy_*` functions of `env`, and the one that Envoy adds to the specification.
`pthread_equal` and `emscripten_notify_memory_growth` have other shapes and are in `wasm.py`."""

CALLBACKS: Final = {
    "proxy_on_context_create": (2, 0),
    "proxy_on_vm_start": (2, 1),
    "proxy_on_configure": (2, 1),
    "proxy_on_tick": (1, 0),
    "proxy_on_queue_ready": (2, 0),
    "proxy_on_new_connection": (1, 1),
    "proxy_on_downstream_data": (3, 1),
    "proxy_on_upstream_data": (3, 1),
    "proxy_on_downstream_connection_close": (2, 0),
    "proxy_on_upstream_connection_close": (2, 0),
    "proxy_on_request_headers": (3, 1),
    "proxy_on_request_body": (3, 1),
    "proxy_on_request_trailers": (2, 1),
    "proxy_on_request_metadata": (2, 1),
    "proxy_on_response_headers": (3, 1),
    "proxy_on_response_body": (3, 1),
    "proxy_on_response_trailers": (2, 1),
    "proxy_on_response_metadata": (2, 1),
    "proxy_on_http_call_response": (5, 0),
    "proxy_on_grpc_receive_initial_metadata": (3, 0),
    "proxy_on_grpc_receive": (3, 0),
    "proxy_on_grpc_receive_trailing_metadata": (3, 0),
    "proxy_on_grpc_close": (3, 0),
    "proxy_on_foreign_function": (3, 0),
    "envoy_on_resolve_dns": (3, 0),
    "proxy_on_done": (1, 1),
    "proxy_on_log": (1, 0),
    "proxy_on_delete": (1, 0),
}
"""Callback name -> (number of i32 arguments, number of i32 results)."""

WHOLE: Final = 0xFFFFFFFF
"""A size that means "to the end"."""
