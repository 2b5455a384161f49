"""Kafka batches as spans: one for the records that a client sent to a partition or got from it.

Records that got their trace context from the proxy carry that of the span which sent them, so the
span of whoever gets them is its child. Records that came with a context have it as their parent.

Source: OpenTelemetry semantic conventions for messaging, and for Kafka (1.37).
"""

from typing import Final

from adapters.backend.identifiers import Identifiers
from adapters.backend.report import Delivery, Exporter
from adapters.backend.span_receiver import SpanReceiver
from adapters.events import KafkaBatch
from adapters.wire import trace_context
from adapters.wire.span import CONSUMER, PRODUCER, Span

_SYSTEM: Final = "kafka"


class KafkaSpans(Exporter):
    """Exports a span for each batch whose trace is sampled.

    Args:
        receiver: Who gets the spans.
        identifiers: For spans and traces that have none yet.
    """

    def __init__(self, receiver: SpanReceiver, identifiers: Identifiers) -> None:
        super().__init__()
        self._receiver = receiver
        self._identifiers = identifiers

    def encode(self, batch: KafkaBatch) -> bytes | None:
        """The span of a batch, as it is kept until it is sent; None when it is not sampled."""
        own = trace_context.read_traceparent(batch.injected)
        came = trace_context.read_traceparent(batch.traceparent)
        if own is not None:
            return self._receiver.encode(_span(batch, own.trace_id, own.span_id, ""))
        span_id = self._identifiers.span_id()
        if came is None:
            return self._receiver.encode(_span(batch, self._identifiers.trace_id(), span_id, ""))
        if came.sampled is False:
            return None
        return self._receiver.encode(_span(batch, came.trace_id, span_id, came.span_id))

    def export(self, records: list[bytes], delivery: Delivery) -> None:
        """Send spans."""
        self._receiver.send(records, delivery)


def _span(batch: KafkaBatch, trace_id: str, span_id: str, parent_id: str) -> Span:
    operation = "send" if batch.is_produced else "poll"
    texts = [
        ("messaging.system", _SYSTEM),
        ("messaging.operation.name", operation),
        ("messaging.operation.type", "send" if batch.is_produced else "receive"),
        ("messaging.destination.name", batch.topic),
        ("messaging.destination.partition.id", str(batch.partition)),
    ]
    if batch.client_id:
        texts.append(("messaging.client.id", batch.client_id))
    if batch.group:
        texts.append(("messaging.consumer.group.name", batch.group))
    if batch.error_code != 0:
        texts.append(("error.type", str(batch.error_code)))
    numbers = [("messaging.batch.message_count", batch.record_count)]
    if batch.base_offset >= 0:
        numbers.append(("messaging.kafka.offset", batch.base_offset))
    return Span(
        trace_id,
        span_id,
        parent_id,
        f"{operation} {batch.topic}",
        PRODUCER if batch.is_produced else CONSUMER,
        batch.started_ns,
        batch.duration_ns,
        texts,
        numbers,
        failed=batch.error_code != 0,
    )
