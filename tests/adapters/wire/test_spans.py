"""Spans as OTLP and as Zipkin JSON, against the protobuf library and the JSON library."""

import json
from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from adapters.wire import otlp, zipkin
from adapters.wire.protobuf import MessageReader, MessageWriter, ProtobufError
from adapters.wire.span import SERVER, Span
from tests.adapters.wire.strategies import clean, spans, texts


@given(st.lists(spans, max_size=4), texts)
def test_otlp(sent: list[Span], service: str) -> None:
    request = ExportTraceServiceRequest()
    request.ParseFromString(otlp.document([otlp.encode(span) for span in sent], service))

    (resource_spans,) = request.resource_spans
    (name,) = resource_spans.resource.attributes
    assert (name.key, name.value.string_value) == ("service.name", clean(service))
    (scope_spans,) = field(resource_spans, 2)
    assert field(scope_spans, 1).name == "mixer2"
    received = list(field(scope_spans, 2))
    for span in received:
        clear_flags(span)
    assert received == [expected_otlp(span) for span in sent]


def field(message: Message, number: int) -> Any:
    """A field by its number: names have changed between the versions that packages ship."""
    return getattr(message, message.DESCRIPTOR.fields_by_number[number].name)


def clear_flags(span: OtlpSpan) -> None:
    """`flags` is younger than the protos of some packages that ship them."""
    if "flags" in OtlpSpan.DESCRIPTOR.fields_by_name:
        span.ClearField("flags")
    span.DiscardUnknownFields()


def expected_otlp(span: Span) -> OtlpSpan:
    return OtlpSpan(
        trace_id=bytes.fromhex(span.trace_id),
        span_id=bytes.fromhex(span.span_id),
        parent_span_id=bytes.fromhex(span.parent_id),
        trace_state=clean(span.trace_state),
        name=clean(span.name),
        kind=OtlpSpan.SPAN_KIND_SERVER if span.kind == SERVER else OtlpSpan.SPAN_KIND_CLIENT,
        start_time_unix_nano=span.started_ns,
        end_time_unix_nano=span.started_ns + span.duration_ns,
        attributes=[
            *(
                KeyValue(key=clean(key), value=AnyValue(string_value=clean(value)))
                for key, value in span.texts
            ),
            *(
                KeyValue(key=clean(key), value=AnyValue(int_value=value))
                for key, value in span.numbers
            ),
        ],
        status=Status(code=Status.STATUS_CODE_ERROR) if span.failed else None,
    )


@given(spans)
def test_otlp_says_that_the_trace_is_sampled(span: Span) -> None:
    reader = MessageReader(otlp.encode(span))
    last = 0
    while reader.next_field():
        last = reader.number

    assert last == 16
    assert otlp.encode(span).endswith(b"\x01\x00\x00\x00")


@given(st.integers(0, 2**31))
def test_rejected_spans_are_told(rejected: int) -> None:
    partial = MessageWriter()
    partial.varint(1, rejected)
    partial.text(2, "why")
    response = MessageWriter()
    response.message(1, partial)

    assert otlp.rejected_spans(response.finish()) == rejected


def test_a_full_success_rejects_nothing() -> None:
    assert otlp.rejected_spans(b"") == 0


def test_an_answer_that_is_none_is_refused() -> None:
    with pytest.raises(ProtobufError):
        otlp.rejected_spans(b"<html>")


@given(st.lists(spans, max_size=4), texts)
def test_zipkin(sent: list[Span], service: str) -> None:
    received = json.loads(zipkin.document([zipkin.encode(span, service) for span in sent]))

    assert [span["id"] for span in received] == [span.span_id for span in sent]
    for got, span in zip(received, sent, strict=True):
        assert (got["traceId"], got.get("parentId", "")) == (span.trace_id, span.parent_id)
        assert (got["name"], got["kind"]) == (clean(span.name), span.kind)
        assert got["timestamp"] == span.started_ns // 1000
        assert abs(got["duration"] * 1000 - span.duration_ns) <= 1000
        assert got["duration"] >= 1
        assert got["localEndpoint"] == {"serviceName": clean(service)}
        tags = {clean(key): clean(value) for key, value in span.texts}
        tags |= {clean(key): str(number) for key, number in span.numbers}
        if span.failed:
            tags["error"] = "true"
        assert got["tags"] == tags
