# ruff: noqa: D102  (the methods are those of `pal.hostcalls`, documented there)
"""The seam `pal.hostcalls` over the boundary: statuses and values in Python's types.

Has the methods of `pal.hostcalls.Host` without importing it: the guest's modules are private to
their VM, and tools never import guest code at run time.
"""

from mixer2.testhost.abi import Status
from mixer2.testhost.boundary import Boundary, Results
from mixer2.testhost.pairs import decode_text, encode_text
from mixer2.testhost.trace import Value

_U32 = (1 << 32) - 1


class NativeHost:
    """What is installed under `pal.hostcalls`.

    Args:
        boundary: Where the calls go.
    """

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        self._status = Status.OK
        self._cas = 0
        self._flags = 0

    def last_status(self) -> int:
        """Status of the latest call."""
        return int(self._status)

    def log(self, level: int, message: str) -> int:
        return self._do("proxy_log", level & _U32, message)

    def get_log_level(self) -> int:
        return self._number("proxy_get_log_level")

    def get_current_time_nanoseconds(self) -> int:
        return self._number("proxy_get_current_time_nanoseconds")

    def set_tick_period_milliseconds(self, period: int) -> int:
        return self._do("proxy_set_tick_period_milliseconds", period & _U32)

    def get_property(self, path: str) -> bytes | None:
        return self._bytes("proxy_get_property", path)

    def set_property(self, path: str, value: bytes) -> int:
        return self._do("proxy_set_property", path, value)

    def get_header_map_pairs(self, map_type: int) -> bytes | None:
        return self._bytes("proxy_get_header_map_pairs", map_type)

    def set_header_map_pairs(self, map_type: int, pairs: bytes) -> int:
        return self._do("proxy_set_header_map_pairs", map_type, pairs)

    def get_header_map_value(self, map_type: int, name: str) -> str | None:
        return self._text("proxy_get_header_map_value", map_type, name)

    def add_header_map_value(self, map_type: int, name: str, value: str) -> int:
        return self._do("proxy_add_header_map_value", map_type, name, value)

    def replace_header_map_value(self, map_type: int, name: str, value: str) -> int:
        return self._do("proxy_replace_header_map_value", map_type, name, value)

    def remove_header_map_value(self, map_type: int, name: str) -> int:
        return self._do("proxy_remove_header_map_value", map_type, name)

    def get_header_map_size(self, map_type: int) -> int:
        return self._number("proxy_get_header_map_size", map_type)

    def get_buffer_status(self, buffer_type: int) -> int:
        return self._number("proxy_get_buffer_status", buffer_type)

    def get_buffer_bytes(self, buffer_type: int, start: int, max_size: int) -> bytes | None:
        return self._bytes("proxy_get_buffer_bytes", buffer_type, start & _U32, max_size & _U32)

    def set_buffer_bytes(self, buffer_type: int, start: int, size: int, data: bytes) -> int:
        return self._do("proxy_set_buffer_bytes", buffer_type, start & _U32, size & _U32, data)

    def send_local_response(
        self, status_code: int, details: str, body: bytes, headers: bytes, grpc_status: int
    ) -> int:
        return self._do(
            "proxy_send_local_response", status_code, details, body, headers, grpc_status & _U32
        )

    def continue_stream(self, stream_type: int) -> int:
        return self._do("proxy_continue_stream", stream_type)

    def close_stream(self, stream_type: int) -> int:
        return self._do("proxy_close_stream", stream_type)

    def set_effective_context(self, context_id: int) -> int:
        return self._do("proxy_set_effective_context", context_id)

    def done(self) -> int:
        return self._do("proxy_done")

    def define_metric(self, metric_type: int, name: str) -> int:
        return self._number("proxy_define_metric", metric_type, name)

    def increment_metric(self, metric_id: int, offset: int) -> int:
        return self._do("proxy_increment_metric", metric_id, offset)

    def record_metric(self, metric_id: int, value: int) -> int:
        return self._do("proxy_record_metric", metric_id, value)

    def get_metric(self, metric_id: int) -> int:
        value = self._number("proxy_get_metric", metric_id)
        return 0 if self._status else value

    def get_shared_data(self, key: str) -> bytes | None:
        results = self._call("proxy_get_shared_data", key)
        self._cas = _int(results, 1)
        return None if self._status else _as_bytes(results)

    def last_shared_data_cas(self) -> int:
        return self._cas

    def set_shared_data(self, key: str, value: bytes, cas: int) -> int:
        return self._do("proxy_set_shared_data", key, value, cas & _U32)

    def register_shared_queue(self, name: str) -> int:
        return self._number("proxy_register_shared_queue", name)

    def resolve_shared_queue(self, vm_id: str, name: str) -> int:
        return self._number("proxy_resolve_shared_queue", vm_id, name)

    def enqueue_shared_queue(self, token: int, data: bytes) -> int:
        return self._do("proxy_enqueue_shared_queue", token, data)

    def dequeue_shared_queue(self, token: int) -> bytes | None:
        return self._bytes("proxy_dequeue_shared_queue", token)

    def http_call(
        self, cluster: str, headers: bytes, body: bytes, trailers: bytes, timeout: int
    ) -> int:
        return self._number("proxy_http_call", cluster, headers, body, trailers, timeout & _U32)

    def grpc_call(
        self,
        service: bytes,
        service_name: str,
        method: str,
        initial_metadata: bytes,
        message: bytes,
        timeout: int,
    ) -> int:
        return self._number(
            "proxy_grpc_call",
            service,
            service_name,
            method,
            initial_metadata,
            message,
            timeout & _U32,
        )

    def grpc_stream(
        self, service: bytes, service_name: str, method: str, initial_metadata: bytes
    ) -> int:
        return self._number("proxy_grpc_stream", service, service_name, method, initial_metadata)

    def grpc_send(self, token: int, message: bytes, end_of_stream: bool) -> int:
        return self._do("proxy_grpc_send", token, message, int(end_of_stream))

    def grpc_cancel(self, token: int) -> int:
        return self._do("proxy_grpc_cancel", token)

    def grpc_close(self, token: int) -> int:
        return self._do("proxy_grpc_close", token)

    def get_grpc_status(self) -> int:
        return self._number("proxy_get_status")

    def get_grpc_message(self) -> str:
        results = self._call("proxy_get_status")
        return "" if self._status else str(results[1])

    def call_foreign_function(self, name: str, arguments: bytes) -> bytes | None:
        return self._bytes("proxy_call_foreign_function", name, arguments)

    def resolve_dns(self, name: str) -> int:
        return self._number("envoy_resolve_dns", name)

    def _call(self, name: str, *arguments: Value) -> Results:
        values = [_as_crossed(value) if isinstance(value, str) else value for value in arguments]
        self._status, results = self._boundary.invoke(name, *values)
        return results

    def _do(self, name: str, *arguments: Value) -> int:
        self._call(name, *arguments)
        return int(self._status)

    def _number(self, name: str, *arguments: Value) -> int:
        results = self._call(name, *arguments)
        return -1 if self._status else _int(results, 0)

    def _bytes(self, name: str, *arguments: Value) -> bytes | None:
        results = self._call(name, *arguments)
        return None if self._status else _as_bytes(results)

    def _text(self, name: str, *arguments: Value) -> str | None:
        results = self._call(name, *arguments)
        return None if self._status else str(results[0])


def _int(results: Results, index: int) -> int:
    value = results[index] if index < len(results) else 0
    if not isinstance(value, int):
        raise TypeError(f"a host call answered {value!r} where a number belongs")
    return value


def _as_bytes(results: Results) -> bytes:
    value = results[0]
    if not isinstance(value, bytes):
        raise TypeError(f"a host call answered {value!r} where bytes belong")
    return value


def _as_crossed(text: str) -> str:
    """What the host makes of a guest's text, which crosses the border as bytes."""
    return text if text.isascii() else decode_text(encode_text(text))
