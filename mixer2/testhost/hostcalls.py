"""What each host call does: the ABI's functions over contexts, metrics, shared data and time.

A method takes values, returns values, and raises `Refused` where the guest gets another status
than OK. Checks come in Envoy's order, so that the status is Envoy's when several apply.
Source: proxy-wasm-cpp-host, `exports.cc`; Envoy, `context.cc`.
"""

from typing import TYPE_CHECKING

from mixer2.testhost import pairs, strict
from mixer2.testhost.abi import BufferType, LogLevel, MapType, Status, StreamType
from mixer2.testhost.callouts import callout_headers
from mixer2.testhost.errors import Refused
from mixer2.testhost.grpc_callout import GrpcRequest
from mixer2.testhost.header_map import HeaderMap
from mixer2.testhost.properties import lookup, serialise

if TYPE_CHECKING:
    from mixer2.testhost.buffers import Buffer
    from mixer2.testhost.vm import Vm


class HostCalls:
    """The host calls of one VM.

    Args:
        vm: The VM that makes them.
    """

    def __init__(self, vm: "Vm") -> None:
        self._vm = vm

    # Log and time.

    def log(self, level: int, message: str) -> None:
        """Write a line."""
        if level > LogLevel.CRITICAL:
            raise Refused(Status.BAD_ARGUMENT)
        self._vm.write_log(LogLevel(level), message)

    def get_log_level(self) -> int:
        """Lowest level that is written."""
        return int(self._vm.proxy.log.level)

    def get_current_time_nanoseconds(self) -> int:
        """Wall clock."""
        return self._vm.proxy.clock.now_ns()

    def set_tick_period_milliseconds(self, period: int) -> None:
        """Of the root context, whoever asks."""
        self._vm.proxy.timers.set_period(self._vm.effective.root, period)

    # Properties.

    def get_property(self, path: str) -> bytes:
        """Value of an attribute."""
        return serialise(lookup(self._vm.effective.attribute, path))

    def set_property(self, path: str, value: bytes) -> None:
        """Store in the stream's filter state."""
        if not self._vm.effective.store_attribute(path, value):
            raise Refused(Status.NOT_FOUND)

    # Header maps.

    def get_header_map_value(self, map_type: int, name: str) -> str:
        """First value."""
        kind = _map_type(map_type)
        context = self._vm.effective
        headers = context.readable_map(kind)
        if headers is None:
            if context.in_log_phase:
                raise Refused(Status.NOT_FOUND)
            strict.check_map(self._vm, context, kind, "read")
            raise Refused(Status.BAD_ARGUMENT)
        value = headers.get(name)
        if value is None:
            raise Refused(Status.NOT_FOUND)
        return value

    def add_header_map_value(self, map_type: int, name: str, value: str) -> None:
        """Append."""
        self._writable_map(map_type).add(name, value)

    def replace_header_map_value(self, map_type: int, name: str, value: str) -> None:
        """Set."""
        self._writable_map(map_type).set(name, value)

    def remove_header_map_value(self, map_type: int, name: str) -> None:
        """Remove; what is not there is removed already."""
        self._writable_map(map_type).remove(name)

    def get_header_map_pairs(self, map_type: int) -> bytes:
        """The whole map; nothing, and OK, when it is not there."""
        kind = _map_type(map_type)
        context = self._vm.effective
        headers = context.readable_map(kind)
        if headers is None:
            strict.check_map(self._vm, context, kind, "read")
            return b""
        return headers.to_pairs()

    def set_header_map_pairs(self, map_type: int, data: bytes) -> None:
        """Replace the whole map: by nothing, when the pairs are malformed."""
        headers = self._writable_map(map_type)
        strict.check_pairs(self._vm, data)
        headers.replace_by_pairs(data)

    def get_header_map_size(self, map_type: int) -> int:
        """Bytes of names and values."""
        return self._writable_map(map_type).byte_size

    # Buffers.

    def get_buffer_status(self, buffer_type: int) -> tuple[int, int]:
        """Size, and flags, which are always 0."""
        return len(self._buffer(buffer_type)), 0

    def get_buffer_bytes(self, buffer_type: int, start: int, max_size: int) -> bytes:
        """Part of a buffer."""
        return self._buffer(buffer_type).read(start, max_size)

    def set_buffer_bytes(self, buffer_type: int, start: int, size: int, data: bytes) -> None:
        """Edit a buffer at its ends."""
        self._buffer(buffer_type).write(start, size, data)

    # Streams.

    def send_local_response(
        self, status_code: int, details: str, body: bytes, headers: bytes, grpc_status: int
    ) -> None:
        """Answer from here, once the callback returns."""
        decoded = _text_pairs(headers)
        if headers:
            strict.check_pairs(self._vm, headers)
        signed = grpc_status - (1 << 32) if grpc_status >= 1 << 31 else grpc_status
        strict.check_stream(self._vm, self._vm.effective, "send a local response", "http")
        self._vm.effective.send_local_response(status_code, details, body, decoded, signed)
        self._vm.stop_iteration = True

    def continue_stream(self, stream_type: int) -> None:
        """Resume, once the callback returns."""
        context = self._vm.effective
        match stream_type:
            case StreamType.REQUEST | StreamType.RESPONSE:
                strict.check_stream(self._vm, context, "continue a request or response", "http")
                context.resume(stream_type == StreamType.RESPONSE)
            case StreamType.DOWNSTREAM:
                strict.check_stream(self._vm, context, "continue a connection", "tcp")
                context.resume_connection()
            case StreamType.UPSTREAM:
                raise Refused(Status.UNIMPLEMENTED)
            case _:
                raise Refused(Status.BAD_ARGUMENT)

    def close_stream(self, stream_type: int) -> None:
        """Reset or close, once the callback returns."""
        context = self._vm.effective
        match stream_type:
            case StreamType.REQUEST | StreamType.RESPONSE:
                strict.check_stream(self._vm, context, "reset a request or response", "http")
                context.close(stream_type == StreamType.RESPONSE)
            case StreamType.DOWNSTREAM | StreamType.UPSTREAM:
                strict.check_stream(self._vm, context, "close a connection", "tcp")
                context.close_connection(stream_type == StreamType.DOWNSTREAM)
            case _:
                raise Refused(Status.BAD_ARGUMENT)

    def set_effective_context(self, context_id: int) -> None:
        """Act on another context until the callback returns; 0 is the callback's own."""
        if context_id and context_id not in self._vm.contexts:
            self._vm.ended_context_id = context_id
            raise Refused(Status.BAD_ARGUMENT)
        self._vm.effective_id = context_id
        self._vm.ended_context_id = 0

    def done(self) -> None:
        """A plugin that put off its end is ready."""
        root = self._vm.effective.root
        if not root.done_pending:
            raise Refused(Status.NOT_FOUND)
        self._vm.defer(lambda: self._vm.proxy.delete_root(root))

    # Metrics.

    def define_metric(self, kind: int, name: str) -> int:
        """A new id for a stat."""
        strict.check_metric(self._vm, kind, name)
        return self._vm.metrics.define(kind, name)

    def increment_metric(self, metric_id: int, offset: int) -> None:
        """Add to a counter or gauge."""
        self._vm.metrics.increment(metric_id, offset)

    def record_metric(self, metric_id: int, value: int) -> None:
        """Set a gauge, record a sample."""
        self._vm.metrics.record(metric_id, value)

    def get_metric(self, metric_id: int) -> int:
        """Value of a counter or gauge."""
        return self._vm.metrics.value(metric_id)

    # Shared data and queues.

    def get_shared_data(self, key: str) -> tuple[bytes, int]:
        """Value and compare-and-swap number."""
        return self._vm.proxy.shared_data.get(self._vm.vm_id, key)

    def set_shared_data(self, key: str, value: bytes, cas: int) -> None:
        """Store; `cas` 0 stores unconditionally."""
        self._vm.proxy.shared_data.set(self._vm.vm_id, key, value, cas)

    def register_shared_queue(self, name: str) -> int:
        """Token of an own queue."""
        return self._vm.proxy.queues.register(self._vm.effective.root, name)

    def resolve_shared_queue(self, vm_id: str, name: str) -> int:
        """Token of any VM's queue; an empty id is the own."""
        return self._vm.proxy.queues.resolve(vm_id or self._vm.vm_id, name)

    def enqueue_shared_queue(self, token: int, data: bytes) -> None:
        """Put a message in."""
        self._vm.proxy.queues.enqueue(token, data)

    def dequeue_shared_queue(self, token: int) -> bytes:
        """Take the oldest message."""
        return self._vm.proxy.queues.dequeue(token)

    # Callouts.

    def http_call(
        self, cluster: str, headers: bytes, body: bytes, trailers: bytes, timeout: int
    ) -> int:
        """Start an HTTP callout; its token."""
        return self._vm.proxy.http_callouts.start(
            self._vm.effective.root,
            cluster,
            callout_headers(_text_pairs(headers)),
            body,
            HeaderMap(_text_pairs(trailers)),
            timeout,
        )

    def grpc_call(
        self, service: bytes, name: str, method: str, metadata: bytes, message: bytes, timeout: int
    ) -> int:
        """Start a unary gRPC callout; its token."""
        callouts = self._vm.proxy.grpc_callouts
        cluster = callouts.cluster_of(service)
        initial = callout_headers(_text_pairs(metadata))
        request = GrpcRequest(cluster, name, method, initial, message, timeout)
        return callouts.call(self._vm.effective.root, service, request)

    def grpc_stream(self, service: bytes, name: str, method: str, metadata: bytes) -> int:
        """Open a gRPC stream; its token."""
        callouts = self._vm.proxy.grpc_callouts
        initial = callout_headers(_text_pairs(metadata))
        request = GrpcRequest(callouts.cluster_of(service), name, method, initial)
        return callouts.stream(self._vm.effective.root, service, request)

    def grpc_send(self, token: int, message: bytes, end_of_stream: int) -> None:
        """Send on a gRPC stream."""
        callouts = self._vm.proxy.grpc_callouts
        callouts.send(self._vm.effective.root, token, message, end_of_stream != 0)

    def grpc_cancel(self, token: int) -> None:
        """Cancel a call, reset a stream."""
        self._vm.proxy.grpc_callouts.cancel(self._vm.effective.root, token)

    def grpc_close(self, token: int) -> None:
        """Cancel a call, half-close a stream."""
        self._vm.proxy.grpc_callouts.close(self._vm.effective.root, token)

    def get_status(self) -> tuple[int, str]:
        """Status code and text of the callout that just closed."""
        return self._vm.effective.root.callout_status

    def call_foreign_function(self, name: str, arguments: bytes) -> bytes:
        """One of Envoy's own functions, or of those that the test has added."""
        return self._vm.proxy.foreign.call(self._vm.effective, name, arguments)

    def resolve_dns(self, name: str) -> int:
        """Look a name up; the token of the answer, which may come at once."""
        return self._vm.proxy.resolver.start(self._vm.effective.root, name)

    def _writable_map(self, map_type: int) -> HeaderMap:
        kind = _map_type(map_type)
        context = self._vm.effective
        headers = context.writable_map(kind)
        if headers is None:
            strict.check_map(self._vm, context, kind, "change")
            raise Refused(Status.BAD_ARGUMENT)
        return headers

    def _buffer(self, buffer_type: int) -> "Buffer":
        if buffer_type > BufferType.CALL_DATA:
            raise Refused(Status.BAD_ARGUMENT)
        kind = BufferType(buffer_type)
        context = self._vm.effective
        buffer = context.buffer(kind)
        if buffer is None:
            strict.check_buffer(self._vm, context, kind)
            raise Refused(Status.NOT_FOUND)
        return buffer


def _map_type(map_type: int) -> MapType:
    if map_type > MapType.CALLOUT_RESPONSE_TRAILERS:
        raise Refused(Status.BAD_ARGUMENT)
    return MapType(map_type)


def _text_pairs(data: bytes) -> list[tuple[str, str]]:
    return [
        (pairs.decode_text(name), pairs.decode_text(value)) for name, value in pairs.decode(data)
    ]
