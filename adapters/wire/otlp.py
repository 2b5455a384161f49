"""Spans as OTLP: one `ExportTraceServiceRequest`, the same bytes over HTTP and over gRPC.

Source: opentelemetry-proto 1.x, `collector/trace/v1/trace_service.proto`, `trace/v1/trace.proto`.
"""

from typing import Final

from adapters.wire import varint
from adapters.wire.protobuf import MessageReader, MessageWriter
from adapters.wire.span import CLIENT, CONSUMER, PRODUCER, SERVER, Span

PATH: Final = "/v1/traces"
CONTENT_TYPE: Final = "application/x-protobuf"
SERVICE: Final = "opentelemetry.proto.collector.trace.v1.TraceService"
METHOD: Final = "Export"

SCOPE: Final = "mixer2"

_KINDS: Final = {SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5}
_STATUS_ERROR: Final = 2
_FLAGS_SAMPLED: Final = 1


def encode(span: Span) -> bytes:
    """A `Span` message."""
    message = MessageWriter()
    message.data(1, bytes.fromhex(span.trace_id))
    message.data(2, bytes.fromhex(span.span_id))
    message.text(3, span.trace_state)
    message.data(4, bytes.fromhex(span.parent_id))
    message.text(5, span.name)
    message.varint(6, _KINDS[span.kind])
    message.fixed64(7, span.started_ns)
    message.fixed64(8, span.started_ns + span.duration_ns)
    for name, value in span.texts:
        message.element(9, _text_attribute(name, value))
    for name, number in span.numbers:
        message.element(9, _number_attribute(name, number))
    if span.failed:
        status = MessageWriter()
        status.varint(3, _STATUS_ERROR)
        message.message(15, status)
    message.fixed32(16, _FLAGS_SAMPLED)
    return message.finish()


def document(spans: list[bytes], service: str) -> bytes:
    """A request that exports spans.

    Args:
        spans: What `encode` made of each.
        service: Name of the service that handled the exchanges.
    """
    resource = MessageWriter()
    resource.element(1, _text_attribute("service.name", service))
    scope = MessageWriter()
    scope.text(1, SCOPE)
    scope_spans = MessageWriter()
    scope_spans.message(1, scope)
    for span in spans:
        scope_spans.element(2, span)
    resource_spans = MessageWriter()
    resource_spans.message(1, resource)
    resource_spans.message(2, scope_spans)
    request = MessageWriter()
    request.message(1, resource_spans)
    return request.finish()


def rejected_spans(response: bytes) -> int:
    """How many spans the receiver refused, by its `ExportTraceServiceResponse`.

    Raises:
        ProtobufError: that is no such message.
    """
    return MessageReader(response).inner(1).integer(1)


def _text_attribute(name: str, value: str) -> bytes:
    """A `KeyValue` whose value is a text."""
    data = value.encode("utf-8", "replace")
    # A `oneof` is there also when it holds its type's default.
    return _attribute(name, b"\x0a" + varint.encode(len(data)) + data)


def _number_attribute(name: str, value: int) -> bytes:
    """A `KeyValue` whose value is an integer."""
    return _attribute(name, b"\x18" + varint.encode(value))


def _attribute(name: str, any_value: bytes) -> bytes:
    """A `KeyValue` from the bytes of its `AnyValue`; most of a span are these."""
    key = name.encode("utf-8", "replace")
    head = b"\x0a" + varint.encode(len(key)) + key if key else b""
    return head + b"\x12" + varint.encode(len(any_value)) + any_value
