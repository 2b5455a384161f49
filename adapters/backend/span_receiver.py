"""Receivers of spans: Zipkin, and OpenTelemetry collectors over HTTP and gRPC."""

from typing import Final

from adapters.backend.http_receiver import HttpReceiver
from adapters.backend.report import Delivery
from adapters.wire import otlp, zipkin
from adapters.wire.protobuf import ProtobufError
from adapters.wire.span import Span
from pal import PluginContext, log
from pal.grpc_call import PluginGrpcCall
from pal.grpc_callout import GrpcEnd

_RETRYABLE: Final = (1, 4, 8, 10, 11, 14, 15)
"""gRPC statuses after which OTLP sends again: CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED,
ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS."""


class SpanReceiver:
    """Takes spans."""

    def encode(self, span: Span) -> bytes:
        """A span as it is kept until it is sent."""
        raise NotImplementedError

    def send(self, spans: list[bytes], delivery: Delivery) -> None:
        """Send spans, and tell `delivery` how it ended.

        Raises:
            HostcallError: the proxy has no such cluster.
        """
        raise NotImplementedError


class ZipkinReceiver(SpanReceiver):
    """A Zipkin, or what understands its JSON. `service` is the name of who handled the spans."""

    def __init__(self, receiver: HttpReceiver, service: str) -> None:
        self._receiver = receiver
        self._service = service

    def encode(self, span: Span) -> bytes:
        """A JSON object."""
        return zipkin.encode(span, self._service)

    def send(self, spans: list[bytes], delivery: Delivery) -> None:
        """Send a JSON list."""
        self._receiver.send(zipkin.document(spans), delivery)


class OtlpHttpReceiver(SpanReceiver):
    """An OpenTelemetry collector over HTTP. `service` as of `ZipkinReceiver`."""

    def __init__(self, receiver: HttpReceiver, service: str) -> None:
        self._receiver = receiver
        self._service = service

    def encode(self, span: Span) -> bytes:
        """A protobuf message."""
        return otlp.encode(span)

    def send(self, spans: list[bytes], delivery: Delivery) -> None:
        """Send a protobuf message."""
        self._receiver.send(otlp.document(spans, self._service), delivery)


class OtlpGrpcReceiver(SpanReceiver):
    """An OpenTelemetry collector over gRPC.

    Args:
        plugin: Who sends.
        cluster: The proxy's name of the collector.
        service: Name of who handled the spans.
        timeout_ms: Milliseconds that an answer may take.
    """

    def __init__(self, plugin: PluginContext, cluster: str, service: str, timeout_ms: int) -> None:
        self._plugin = plugin
        self._cluster = cluster
        self._service = service
        self._timeout_ms = timeout_ms

    def encode(self, span: Span) -> bytes:
        """A protobuf message."""
        return otlp.encode(span)

    def send(self, spans: list[bytes], delivery: Delivery) -> None:
        """Call the collector."""
        request = otlp.document(spans, self._service)
        call = _Export(self._plugin, self._cluster, delivery)
        timeout_ms = self._timeout_ms
        call.send(self._cluster, otlp.SERVICE, otlp.METHOD, request, timeout_ms=timeout_ms)


class _Export(PluginGrpcCall):
    """Spans on their way to a collector."""

    def __init__(self, plugin: PluginContext, cluster: str, delivery: Delivery) -> None:
        super().__init__(plugin)
        self._cluster = cluster
        self._delivery = delivery

    def on_message(self, message: bytes) -> None:
        try:
            rejected = otlp.rejected_spans(message)
        except ProtobufError as error:
            self._delivery.fail(f"{self._cluster}: {error}")
            return
        if rejected > 0:
            # OTLP forbids to send them again: the others would be there twice.
            log.warning(f"{self._cluster} rejected {rejected} spans")
        self._delivery.delivered()

    def on_failure(self, failure: GrpcEnd) -> None:
        reason = f"{self._cluster}: gRPC status {failure.status} {failure.message}"
        if failure.status in _RETRYABLE:
            self._delivery.fail(reason)
        else:
            self._delivery.refuse(reason)
