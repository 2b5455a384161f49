"""Spans as Zipkin v2 JSON, for `POST /api/v2/spans`.

Source: Zipkin API 1.0 (zipkin2-api.yaml): times in whole microseconds, a duration of at least 1,
tags are texts, a tag `error` marks a span that failed.
"""

from typing import Final

from adapters.wire import json_text
from adapters.wire.span import Span

PATH: Final = "/api/v2/spans"
CONTENT_TYPE: Final = "application/json"

_NS_PER_US: Final = 1_000


def document(spans: list[bytes]) -> bytes:
    """A list of spans, of which `encode` made one part each."""
    return b"[" + b",".join(spans) + b"]"


def encode(span: Span, service: str) -> bytes:
    """A span.

    Args:
        span: The span.
        service: Name of the service that handled the exchange.
    """
    parent = f'"parentId":"{span.parent_id}",' if span.parent_id else ""
    # Zipkin drops a span whose duration is 0.
    duration = max(1, (span.duration_ns + _NS_PER_US // 2) // _NS_PER_US)
    tags = [f"{json_text.string(name)}:{json_text.string(value)}" for name, value in span.texts]
    for name, number in span.numbers:
        tags.append(f'{json_text.string(name)}:"{number}"')
    if span.failed:
        tags.append('"error":"true"')
    return (
        f'{{"traceId":"{span.trace_id}",{parent}"id":"{span.span_id}","kind":"{span.kind}",'
        f'"name":{json_text.string(span.name)},"timestamp":{span.started_ns // _NS_PER_US},'
        f'"duration":{duration},"localEndpoint":{{"serviceName":{json_text.string(service)}}},'
        f'"tags":{{{",".join(tags)}}}}}'
    ).encode()
