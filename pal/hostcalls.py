"""Host calls: the one seam between a plugin and its proxy.

One function per host call of Proxy-Wasm 0.2.1, under the specification's name without `proxy_`, and
one of Envoy's own.
The seam speaks the ABI, not Python's manners: functions that return nothing answer with a status
code (`pal.status`), functions that return a value answer None when the status is not OK, and
`last_status()` then says which it was. The rest of `pal` turns statuses into exceptions.

Under CPython the functions go to the installed `Host` (the test host). In profile aot the
run-time's functions of the same names replace them (build/runtime/hostcalls.c).

Text is `str` decoded as UTF-8 with `surrogateescape`, so any bytes survive a round trip.

Source: Proxy-Wasm ABI 0.2.1; Envoy's answers are those of Envoy 1.40.
"""

from typing import Protocol


class Host(Protocol):
    """What a proxy offers to a plugin that runs in plain Python."""

    def last_status(self) -> int: ...
    def log(self, level: int, message: str) -> int: ...
    def get_log_level(self) -> int: ...
    def get_current_time_nanoseconds(self) -> int: ...
    def set_tick_period_milliseconds(self, period: int) -> int: ...
    def get_property(self, path: str) -> bytes | None: ...
    def set_property(self, path: str, value: bytes) -> int: ...
    def get_header_map_pairs(self, map_type: int) -> bytes | None: ...
    def set_header_map_pairs(self, map_type: int, pairs: bytes) -> int: ...
    def get_header_map_value(self, map_type: int, name: str) -> str | None: ...
    def add_header_map_value(self, map_type: int, name: str, value: str) -> int: ...
    def replace_header_map_value(self, map_type: int, name: str, value: str) -> int: ...
    def remove_header_map_value(self, map_type: int, name: str) -> int: ...
    def get_header_map_size(self, map_type: int) -> int: ...
    def get_buffer_status(self, buffer_type: int) -> int: ...
    def get_buffer_bytes(self, buffer_type: int, start: int, max_size: int) -> bytes | None: ...
    def set_buffer_bytes(self, buffer_type: int, start: int, size: int, data: bytes) -> int: ...
    def send_local_response(
        self, status_code: int, details: str, body: bytes, headers: bytes, grpc_status: int
    ) -> int: ...
    def continue_stream(self, stream_type: int) -> int: ...
    def close_stream(self, stream_type: int) -> int: ...
    def set_effective_context(self, context_id: int) -> int: ...
    def done(self) -> int: ...
    def define_metric(self, metric_type: int, name: str) -> int: ...
    def increment_metric(self, metric_id: int, offset: int) -> int: ...
    def record_metric(self, metric_id: int, value: int) -> int: ...
    def get_metric(self, metric_id: int) -> int: ...
    def get_shared_data(self, key: str) -> bytes | None: ...
    def last_shared_data_cas(self) -> int: ...
    def set_shared_data(self, key: str, value: bytes, cas: int) -> int: ...
    def register_shared_queue(self, name: str) -> int: ...
    def resolve_shared_queue(self, vm_id: str, name: str) -> int: ...
    def enqueue_shared_queue(self, token: int, data: bytes) -> int: ...
    def dequeue_shared_queue(self, token: int) -> bytes | None: ...
    def http_call(
        self, cluster: str, headers: bytes, body: bytes, trailers: bytes, timeout: int
    ) -> int: ...
    def grpc_call(
        self,
        service: bytes,
        service_name: str,
        method: str,
        initial_metadata: bytes,
        message: bytes,
        timeout: int,
    ) -> int: ...
    def grpc_stream(
        self, service: bytes, service_name: str, method: str, initial_metadata: bytes
    ) -> int: ...
    def grpc_send(self, token: int, message: bytes, end_of_stream: bool) -> int: ...
    def grpc_cancel(self, token: int) -> int: ...
    def grpc_close(self, token: int) -> int: ...
    def get_grpc_status(self) -> int: ...
    def get_grpc_message(self) -> str: ...
    def call_foreign_function(self, name: str, arguments: bytes) -> bytes | None: ...
    def resolve_dns(self, name: str) -> int: ...


_host: Host | None = None


class NoHostError(Exception):
    """A host call was made outside a proxy and without a test host."""


def install(host: Host | None) -> None:
    """Route all host calls to `host`; None takes the host away. Plain Python only."""
    global _host
    _host = host


def _installed() -> Host:
    if _host is None:
        raise NoHostError(
            "a host call needs a proxy: run the filter in the test host "
            "(the pytest fixtures of mixer2) or compile it with `mixer2 build`"
        )
    return _host


def last_status() -> int:
    """Status of the latest host call of this plugin."""
    return _installed().last_status()


def log(level: int, message: str) -> int:
    """Write one line to the proxy's log. `level`: 0 trace to 5 critical."""
    return _installed().log(level, message)


def get_log_level() -> int:
    """Lowest level that the proxy writes."""
    return _installed().get_log_level()


def get_current_time_nanoseconds() -> int:
    """Wall clock, nanoseconds since 1970."""
    return _installed().get_current_time_nanoseconds()


def set_tick_period_milliseconds(period: int) -> int:
    """Ask for `proxy_on_tick` every `period` milliseconds; 0 stops it."""
    return _installed().set_tick_period_milliseconds(period)


def get_property(path: str) -> bytes | None:
    """Serialised value of an attribute; `path` elements are separated by NUL."""
    return _installed().get_property(path)


def set_property(path: str, value: bytes) -> int:
    """Store a value in the stream's filter state, readable as attribute `path`."""
    return _installed().set_property(path, value)


def get_header_map_pairs(map_type: int) -> bytes | None:
    """A whole header map in the ABI's pairs format (`pal.pairs`); empty when unavailable."""
    return _installed().get_header_map_pairs(map_type)


def set_header_map_pairs(map_type: int, pairs: bytes) -> int:
    """Replace a whole header map. Envoy clears the map when `pairs` is malformed."""
    return _installed().set_header_map_pairs(map_type, pairs)


def get_header_map_value(map_type: int, name: str) -> str | None:
    """First value of a header."""
    return _installed().get_header_map_value(map_type, name)


def add_header_map_value(map_type: int, name: str, value: str) -> int:
    """Append a header."""
    return _installed().add_header_map_value(map_type, name, value)


def replace_header_map_value(map_type: int, name: str, value: str) -> int:
    """Set a header, replacing all its values."""
    return _installed().replace_header_map_value(map_type, name, value)


def remove_header_map_value(map_type: int, name: str) -> int:
    """Remove all values of a header."""
    return _installed().remove_header_map_value(map_type, name)


def get_header_map_size(map_type: int) -> int:
    """Bytes of all names and values; -1 when the map is not available."""
    return _installed().get_header_map_size(map_type)


def get_buffer_status(buffer_type: int) -> int:
    """Bytes now in a buffer; -1 when it is not available."""
    return _installed().get_buffer_status(buffer_type)


def get_buffer_bytes(buffer_type: int, start: int, max_size: int) -> bytes | None:
    """Copy up to `max_size` bytes of a buffer, from byte `start`."""
    return _installed().get_buffer_bytes(buffer_type, start, max_size)


def set_buffer_bytes(buffer_type: int, start: int, size: int, data: bytes) -> int:
    """Replace `size` bytes at `start` by `data`. Envoy edits at the ends only."""
    return _installed().set_buffer_bytes(buffer_type, start, size, data)


def send_local_response(
    status_code: int, details: str, body: bytes, headers: bytes, grpc_status: int
) -> int:
    """Answer the request from here. `headers`: pairs; `grpc_status` -1 is none."""
    return _installed().send_local_response(status_code, details, body, headers, grpc_status)


def continue_stream(stream_type: int) -> int:
    """Resume a held stream once the current callback returned."""
    return _installed().continue_stream(stream_type)


def close_stream(stream_type: int) -> int:
    """Reset a stream once the current callback returned."""
    return _installed().close_stream(stream_type)


def set_effective_context(context_id: int) -> int:
    """Make later host calls of this callback act on another context."""
    return _installed().set_effective_context(context_id)


def done() -> int:
    """Tell the proxy that a plugin which delayed its end is ready to go."""
    return _installed().done()


def define_metric(metric_type: int, name: str) -> int:
    """Identifier of a stat; negative when it is refused. 0 counter, 1 gauge, 2 histogram."""
    return _installed().define_metric(metric_type, name)


def increment_metric(metric_id: int, offset: int) -> int:
    """Add to a counter or gauge."""
    return _installed().increment_metric(metric_id, offset)


def record_metric(metric_id: int, value: int) -> int:
    """Set a gauge or record a histogram sample."""
    return _installed().record_metric(metric_id, value)


def get_metric(metric_id: int) -> int:
    """Current value of a counter or gauge, over the whole proxy process; 0 on error."""
    return _installed().get_metric(metric_id)


def get_shared_data(key: str) -> bytes | None:
    """A value that all plugins of the same vm_id share."""
    return _installed().get_shared_data(key)


def last_shared_data_cas() -> int:
    """The compare-and-swap number that came with the latest `get_shared_data`."""
    return _installed().last_shared_data_cas()


def set_shared_data(key: str, value: bytes, cas: int) -> int:
    """Store a shared value; `cas` 0 stores unconditionally."""
    return _installed().set_shared_data(key, value, cas)


def register_shared_queue(name: str) -> int:
    """Token of a queue that this plugin reads; negative on error."""
    return _installed().register_shared_queue(name)


def resolve_shared_queue(vm_id: str, name: str) -> int:
    """Token of a queue that another VM registered; negative when there is none."""
    return _installed().resolve_shared_queue(vm_id, name)


def enqueue_shared_queue(token: int, data: bytes) -> int:
    """Put a message into a queue."""
    return _installed().enqueue_shared_queue(token, data)


def dequeue_shared_queue(token: int) -> bytes | None:
    """Take the oldest message of a queue."""
    return _installed().dequeue_shared_queue(token)


def http_call(cluster: str, headers: bytes, body: bytes, trailers: bytes, timeout: int) -> int:
    """Start an HTTP callout; token, negative on error. `timeout` in ms, 0 is none."""
    return _installed().http_call(cluster, headers, body, trailers, timeout)


def grpc_call(
    service: bytes,
    service_name: str,
    method: str,
    initial_metadata: bytes,
    message: bytes,
    timeout: int,
) -> int:
    """Start a unary gRPC callout; token, negative on error. `timeout` in ms, 0 is none."""
    return _installed().grpc_call(service, service_name, method, initial_metadata, message, timeout)


def grpc_stream(service: bytes, service_name: str, method: str, initial_metadata: bytes) -> int:
    """Open a gRPC stream; token, negative on error."""
    return _installed().grpc_stream(service, service_name, method, initial_metadata)


def grpc_send(token: int, message: bytes, end_of_stream: bool) -> int:
    """Send a message on a gRPC stream."""
    return _installed().grpc_send(token, message, end_of_stream)


def grpc_cancel(token: int) -> int:
    """Cancel a gRPC call or reset a gRPC stream."""
    return _installed().grpc_cancel(token)


def grpc_close(token: int) -> int:
    """Half-close a gRPC stream."""
    return _installed().grpc_close(token)


def get_grpc_status() -> int:
    """gRPC status code of the callout that just closed."""
    return _installed().get_grpc_status()


def get_grpc_message() -> str:
    """gRPC status text of the callout that just closed."""
    return _installed().get_grpc_message()


def call_foreign_function(name: str, arguments: bytes) -> bytes | None:
    """Call one of the proxy's own functions by name."""
    return _installed().call_foreign_function(name, arguments)


def resolve_dns(name: str) -> int:
    """Look up a name by Envoy's `envoy_resolve_dns`; token, negative on error.

    `envoy_on_resolve_dns` may be called before this returns.
    """
    return _installed().resolve_dns(name)
