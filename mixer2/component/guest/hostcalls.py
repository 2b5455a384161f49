"""Host calls in profile cpython: `pal.hostcalls` by the WIT world's imports.

The builder puts this file in the place of `pal/hostcalls.py`, which documents the functions and
their statuses. Text crosses the border as bytes, so that any header value survives.

Source: build/component/wit/plugin.wit.
"""

# ruff: noqa: D103 - pal/hostcalls.py documents the functions
from typing import Any, Final

from componentize_py_types import Err
from wit_world.imports import envoy, host

_OK: Final = 0
_U32: Final = 0xFFFF_FFFF
_U64: Final = 0xFFFF_FFFF_FFFF_FFFF

_status = _OK
_cas = 0


def last_status() -> int:
    return _status


def log(level: int, message: str) -> int:
    return _done(host.log(level & _U32, _octets(message)))


def get_log_level() -> int:
    global _status
    try:
        level: int = host.get_log_level()
    except Err as error:
        return _failed(error)
    _status = _OK
    return level


def get_current_time_nanoseconds() -> int:
    global _status
    try:
        now: int = host.get_current_time_nanoseconds()
    except Err as error:
        return _failed(error)
    _status = _OK
    return now


def set_tick_period_milliseconds(period: int) -> int:
    return _done(host.set_tick_period_milliseconds(period & _U32))


def get_property(path: str) -> bytes | None:
    global _status
    try:
        value: bytes = host.get_property(_octets(path))
    except Err as error:
        return _nothing(error)
    _status = _OK
    return value


def set_property(path: str, value: bytes) -> int:
    return _done(host.set_property(_octets(path), value))


def get_header_map_pairs(map_type: int) -> bytes | None:
    global _status
    try:
        pairs: bytes = host.get_header_map_pairs(map_type)
    except Err as error:
        return _nothing(error)
    _status = _OK
    return pairs


def set_header_map_pairs(map_type: int, pairs: bytes) -> int:
    return _done(host.set_header_map_pairs(map_type, pairs))


def get_header_map_value(map_type: int, name: str) -> str | None:
    global _status
    try:
        value: bytes = host.get_header_map_value(map_type, _octets(name))
    except Err as error:
        _failed(error)
        return None
    _status = _OK
    return _text(value)


def add_header_map_value(map_type: int, name: str, value: str) -> int:
    return _done(host.add_header_map_value(map_type, _octets(name), _octets(value)))


def replace_header_map_value(map_type: int, name: str, value: str) -> int:
    return _done(host.replace_header_map_value(map_type, _octets(name), _octets(value)))


def remove_header_map_value(map_type: int, name: str) -> int:
    return _done(host.remove_header_map_value(map_type, _octets(name)))


def get_header_map_size(map_type: int) -> int:
    global _status
    try:
        size: int = host.get_header_map_size(map_type)
    except Err as error:
        return _failed(error)
    _status = _OK
    return size


def get_buffer_status(buffer_type: int) -> int:
    global _status
    try:
        size: int = host.get_buffer_status(buffer_type)
    except Err as error:
        return _failed(error)
    _status = _OK
    return size


def get_buffer_bytes(buffer_type: int, start: int, max_size: int) -> bytes | None:
    global _status
    try:
        data: bytes = host.get_buffer_bytes(buffer_type, start & _U32, max_size & _U32)
    except Err as error:
        return _nothing(error)
    _status = _OK
    return data


def set_buffer_bytes(buffer_type: int, start: int, size: int, data: bytes) -> int:
    return _done(host.set_buffer_bytes(buffer_type, start & _U32, size & _U32, data))


def send_local_response(
    status_code: int, details: str, body: bytes, headers: bytes, grpc_status: int
) -> int:
    return _done(
        host.send_local_response(status_code & _U32, _octets(details), body, headers, grpc_status)
    )


def continue_stream(stream_type: int) -> int:
    return _done(host.continue_stream(stream_type))


def close_stream(stream_type: int) -> int:
    return _done(host.close_stream(stream_type))


def set_effective_context(context_id: int) -> int:
    return _done(host.set_effective_context(context_id))


def done() -> int:
    return _done(host.done())


def define_metric(metric_type: int, name: str) -> int:
    global _status
    try:
        metric: int = host.define_metric(metric_type & _U32, _octets(name))
    except Err as error:
        return _failed(error)
    _status = _OK
    return metric


def increment_metric(metric_id: int, offset: int) -> int:
    return _done(host.increment_metric(metric_id & _U32, offset))


def record_metric(metric_id: int, value: int) -> int:
    return _done(host.record_metric(metric_id & _U32, value & _U64))


def get_metric(metric_id: int) -> int:
    global _status
    try:
        value: int = host.get_metric(metric_id & _U32)
    except Err as error:
        _failed(error)
        return 0
    _status = _OK
    return value


def get_shared_data(key: str) -> bytes | None:
    global _status, _cas
    try:
        found: tuple[bytes, int] = host.get_shared_data(_octets(key))
    except Err as error:
        _cas = 0
        return _nothing(error)
    _status = _OK
    value, _cas = found
    return value


def last_shared_data_cas() -> int:
    return _cas


def set_shared_data(key: str, value: bytes, cas: int) -> int:
    return _done(host.set_shared_data(_octets(key), value, cas & _U32))


def register_shared_queue(name: str) -> int:
    global _status
    try:
        token: int = host.register_shared_queue(_octets(name))
    except Err as error:
        return _failed(error)
    _status = _OK
    return token


def resolve_shared_queue(vm_id: str, name: str) -> int:
    global _status
    try:
        token: int = host.resolve_shared_queue(_octets(vm_id), _octets(name))
    except Err as error:
        return _failed(error)
    _status = _OK
    return token


def enqueue_shared_queue(token: int, data: bytes) -> int:
    return _done(host.enqueue_shared_queue(token & _U32, data))


def dequeue_shared_queue(token: int) -> bytes | None:
    global _status
    try:
        message: bytes = host.dequeue_shared_queue(token & _U32)
    except Err as error:
        return _nothing(error)
    _status = _OK
    return message


def http_call(cluster: str, headers: bytes, body: bytes, trailers: bytes, timeout: int) -> int:
    global _status
    try:
        token: int = host.http_call(_octets(cluster), headers, body, trailers, timeout & _U32)
    except Err as error:
        return _failed(error)
    _status = _OK
    return token


def grpc_call(
    service: bytes,
    service_name: str,
    method: str,
    initial_metadata: bytes,
    message: bytes,
    timeout: int,
) -> int:
    global _status
    try:
        token: int = host.grpc_call(
            service,
            _octets(service_name),
            _octets(method),
            initial_metadata,
            message,
            timeout & _U32,
        )
    except Err as error:
        return _failed(error)
    _status = _OK
    return token


def grpc_stream(service: bytes, service_name: str, method: str, initial_metadata: bytes) -> int:
    global _status
    try:
        token: int = host.grpc_stream(
            service, _octets(service_name), _octets(method), initial_metadata
        )
    except Err as error:
        return _failed(error)
    _status = _OK
    return token


def grpc_send(token: int, message: bytes, end_of_stream: bool) -> int:
    return _done(host.grpc_send(token & _U32, message, end_of_stream))


def grpc_cancel(token: int) -> int:
    return _done(host.grpc_cancel(token & _U32))


def grpc_close(token: int) -> int:
    return _done(host.grpc_close(token & _U32))


def get_grpc_status() -> int:
    global _status
    try:
        found: tuple[int, bytes] = host.get_status()
    except Err as error:
        return _failed(error)
    _status = _OK
    return found[0]


def get_grpc_message() -> str:
    global _status
    try:
        found: tuple[int, bytes] = host.get_status()
    except Err as error:
        _failed(error)
        return ""
    _status = _OK
    return _text(found[1])


def call_foreign_function(name: str, arguments: bytes) -> bytes | None:
    global _status
    try:
        answer: bytes = host.call_foreign_function(_octets(name), arguments)
    except Err as error:
        return _nothing(error)
    _status = _OK
    return answer


def resolve_dns(name: str) -> int:
    global _status
    try:
        token: int = envoy.resolve_dns(_octets(name))
    except Err as error:
        return _failed(error)
    _status = _OK
    return token


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "surrogateescape")


def _done(status: int) -> int:
    global _status
    _status = status
    return status


def _failed(error: Any) -> int:
    """What a function with a number answers; its status is kept."""
    global _status
    _status = error.value
    return -1


def _nothing(error: Any) -> bytes | None:
    """What a function with bytes answers; its status is kept."""
    global _status
    _status = error.value
    return None
