"""Host calls in profile cpython: `pal.hostcalls` by the WIT world's imports.

The builder puts this file in the place of `pal/hostcalls.py`, which documents the functions and
their statuses. Text crosses the border as bytes, so that any header value survives.

Source: build/component/wit/plugin.wit.
"""

# ruff: noqa: D103 - pal/hostcalls.py documents the functions
from typing import Final

from wit_world.imports import envoy, host

_U32: Final = 0xFFFF_FFFF
_U64: Final = 0xFFFF_FFFF_FFFF_FFFF

_status = 0
_cas = 0


def last_status() -> int:
    return _status


def log(level: int, message: str) -> int:
    return _done(host.log(level & _U32, _octets(message)))


def get_log_level() -> int:
    global _status
    _status, level = host.get_log_level()
    return -1 if _status else int(level)


def get_current_time_nanoseconds() -> int:
    global _status
    _status, now = host.get_current_time_nanoseconds()
    return -1 if _status else int(now)


def set_tick_period_milliseconds(period: int) -> int:
    return _done(host.set_tick_period_milliseconds(period & _U32))


def get_property(path: str) -> bytes | None:
    global _status
    _status, value = host.get_property(_octets(path))
    return None if _status else value


def set_property(path: str, value: bytes) -> int:
    return _done(host.set_property(_octets(path), value))


def get_header_map_pairs(map_type: int) -> bytes | None:
    global _status
    _status, pairs = host.get_header_map_pairs(map_type)
    return None if _status else pairs


def set_header_map_pairs(map_type: int, pairs: bytes) -> int:
    return _done(host.set_header_map_pairs(map_type, pairs))


def get_header_map_value(map_type: int, name: str) -> str | None:
    global _status
    _status, value = host.get_header_map_value(map_type, _octets(name))
    return None if _status else _text(value)


def add_header_map_value(map_type: int, name: str, value: str) -> int:
    return _done(host.add_header_map_value(map_type, _octets(name), _octets(value)))


def replace_header_map_value(map_type: int, name: str, value: str) -> int:
    return _done(host.replace_header_map_value(map_type, _octets(name), _octets(value)))


def remove_header_map_value(map_type: int, name: str) -> int:
    return _done(host.remove_header_map_value(map_type, _octets(name)))


def get_header_map_size(map_type: int) -> int:
    global _status
    _status, size = host.get_header_map_size(map_type)
    return -1 if _status else int(size)


def get_buffer_status(buffer_type: int) -> int:
    global _status
    _status, size = host.get_buffer_status(buffer_type)
    return -1 if _status else int(size)


def get_buffer_bytes(buffer_type: int, start: int, max_size: int) -> bytes | None:
    global _status
    _status, data = host.get_buffer_bytes(buffer_type, start & _U32, max_size & _U32)
    return None if _status else data


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
    _status, metric = host.define_metric(metric_type & _U32, _octets(name))
    return -1 if _status else int(metric)


def increment_metric(metric_id: int, offset: int) -> int:
    return _done(host.increment_metric(metric_id & _U32, offset))


def record_metric(metric_id: int, value: int) -> int:
    return _done(host.record_metric(metric_id & _U32, value & _U64))


def get_metric(metric_id: int) -> int:
    global _status
    _status, value = host.get_metric(metric_id & _U32)
    return 0 if _status else int(value)


def get_shared_data(key: str) -> bytes | None:
    global _status, _cas
    _status, value, _cas = host.get_shared_data(_octets(key))
    return None if _status else value


def last_shared_data_cas() -> int:
    return _cas


def set_shared_data(key: str, value: bytes, cas: int) -> int:
    return _done(host.set_shared_data(_octets(key), value, cas & _U32))


def register_shared_queue(name: str) -> int:
    global _status
    _status, token = host.register_shared_queue(_octets(name))
    return -1 if _status else int(token)


def resolve_shared_queue(vm_id: str, name: str) -> int:
    global _status
    _status, token = host.resolve_shared_queue(_octets(vm_id), _octets(name))
    return -1 if _status else int(token)


def enqueue_shared_queue(token: int, data: bytes) -> int:
    return _done(host.enqueue_shared_queue(token & _U32, data))


def dequeue_shared_queue(token: int) -> bytes | None:
    global _status
    _status, message = host.dequeue_shared_queue(token & _U32)
    return None if _status else message


def http_call(cluster: str, headers: bytes, body: bytes, trailers: bytes, timeout: int) -> int:
    global _status
    _status, token = host.http_call(_octets(cluster), headers, body, trailers, timeout & _U32)
    return -1 if _status else int(token)


def grpc_call(
    service: bytes,
    service_name: str,
    method: str,
    initial_metadata: bytes,
    message: bytes,
    timeout: int,
) -> int:
    global _status
    _status, token = host.grpc_call(
        service,
        _octets(service_name),
        _octets(method),
        initial_metadata,
        message,
        timeout & _U32,
    )
    return -1 if _status else int(token)


def grpc_stream(service: bytes, service_name: str, method: str, initial_metadata: bytes) -> int:
    global _status
    _status, token = host.grpc_stream(
        service, _octets(service_name), _octets(method), initial_metadata
    )
    return -1 if _status else int(token)


def grpc_send(token: int, message: bytes, end_of_stream: bool) -> int:
    return _done(host.grpc_send(token & _U32, message, end_of_stream))


def grpc_cancel(token: int) -> int:
    return _done(host.grpc_cancel(token & _U32))


def grpc_close(token: int) -> int:
    return _done(host.grpc_close(token & _U32))


def get_grpc_status() -> int:
    global _status
    _status, code, _ = host.get_status()
    return -1 if _status else int(code)


def get_grpc_message() -> str:
    global _status
    _status, _, message = host.get_status()
    return "" if _status else _text(message)


def call_foreign_function(name: str, arguments: bytes) -> bytes | None:
    global _status
    _status, answer = host.call_foreign_function(_octets(name), arguments)
    return None if _status else answer


def resolve_dns(name: str) -> int:
    global _status
    _status, token = envoy.resolve_dns(_octets(name))
    return -1 if _status else int(token)


def _octets(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


def _text(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("utf-8", "surrogateescape")


def _done(status: int) -> int:
    global _status
    _status = status
    return status
