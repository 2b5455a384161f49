"""`tracing`: a span for every exchange, and trace contexts that are continued or started.

    handlers:
      collector:
        tracing: {cluster: otel, format: otlp_grpc, service: shop, sample: 0.1}
    rules:
    - report: collector
      with: {route: path_template, client: source.ip}

A request that carries a trace context (W3C Trace Context, B3 in one header or several) continues
that trace, another one starts a trace. The upstream gets a context whose span is this one, in the
formats of `propagate` and in the one that came. Who sent the request decides whether it is traced;
for whom nobody decided, `sample` is the share of traces that are.

Attributes follow OpenTelemetry's semantic conventions for HTTP servers, and for gRPC when the
content type says so; there the span is named by the method, `package.Service/Method`. The
instance's field `route` becomes `http.route` and part of the name, `client` becomes
`client.address`, every other field an attribute of its name. The query of the path is left out:
secrets are found in queries.
"""

from typing import Final

from adapters.backend.http_receiver import HttpReceiver
from adapters.backend.identifiers import Identifiers, is_chosen
from adapters.backend.instance import Instance, ValueType
from adapters.backend.kind import ReportKind, Setup
from adapters.backend.report import Delivery, Exporter, Passage, Report
from adapters.backend.settings import required
from adapters.backend.span_attributes import describe
from adapters.backend.span_receiver import (
    OtlpGrpcReceiver,
    OtlpHttpReceiver,
    SpanReceiver,
    ZipkinReceiver,
)
from adapters.events import HttpExchange
from adapters.wire import otlp, trace_context, zipkin
from adapters.wire.span import CLIENT, SERVER
from adapters.wire.trace_context import TraceContext
from pal import ConfigurationError, HeaderMap, attributes
from pal.config import Config

FORMATS: Final = ["otlp_http", "otlp_grpc", "zipkin"]
PROPAGATION: Final = ["w3c", "b3", "b3multi"]
KINDS: Final = ["server", "client"]


class TracedPassage(Passage):
    """What is kept of a request until its span is told.

    Attributes:
        context: The span's own context.
        parent_id: Span of who sent the request; empty when the trace starts here.
        scheme: Of the URL.
        user_agent: Of the client.
        is_grpc: Whether it is a gRPC call.
    """

    def __init__(
        self,
        context: TraceContext,
        parent_id: str,
        scheme: str,
        user_agent: str,
        is_grpc: bool,
    ) -> None:
        self.context = context
        self.parent_id = parent_id
        self.scheme = scheme
        self.user_agent = user_agent
        self.is_grpc = is_grpc


class Tracing(Exporter):
    """Continues traces, and exports a span for each sampled exchange.

    Args:
        receiver: Who gets the spans.
        propagate: Formats that the upstream gets, of `PROPAGATION`.
        ratio: Share of the traces that are sampled when nobody decided, 0 to 1.
        kind: SERVER or CLIENT.
    """

    def __init__(
        self, receiver: SpanReceiver, propagate: list[str], ratio: float, kind: str
    ) -> None:
        super().__init__(wants_begin=True)
        self._receiver = receiver
        self._w3c = "w3c" in propagate
        self._b3 = "b3" in propagate
        self._b3_multi = "b3multi" in propagate
        self._ratio = ratio
        self._kind = kind
        self._identifiers = Identifiers()

    def begin(self, headers: HeaderMap, started_ns: int) -> Passage | None:
        """Continue or start the request's trace."""
        # What is read after the first header was set takes longer.
        scheme = headers.get(":scheme") or ""
        user_agent = headers.get("user-agent") or ""
        content_type = headers.get("content-type") or ""
        has_w3c = trace_context.TRACEPARENT in headers
        has_b3 = trace_context.B3 in headers
        has_b3_multi = trace_context.B3_TRACE_ID in headers
        came: TraceContext | None = None
        if has_w3c or has_b3 or has_b3_multi:
            came = trace_context.read(lambda name: _value(headers, name))
        if came is None:
            trace_id = self._identifiers.trace_id()
            decision = trace_context.read_decision(headers.get)
            parent_id = ""
            state = ""
        else:
            trace_id = came.trace_id
            decision = came.sampled
            parent_id = came.span_id
            state = came.state
        sampled = is_chosen(trace_id, self._ratio) if decision is None else decision
        context = TraceContext(trace_id, self._identifiers.span_id(), sampled, state)
        # A context of another span must not stay in any format.
        if not state and trace_context.TRACESTATE in headers:
            headers.remove(trace_context.TRACESTATE)
        if self._w3c or has_w3c:
            headers.set(trace_context.TRACEPARENT, trace_context.traceparent(context))
            if state:
                headers.set(trace_context.TRACESTATE, state)
        if self._b3 or has_b3:
            headers.set(trace_context.B3, trace_context.b3(context, parent_id))
        if self._b3_multi or has_b3_multi:
            for name, value in trace_context.b3_headers(context, parent_id):
                headers.set(name, value)
        if not sampled:
            return None
        is_grpc = content_type.startswith("application/grpc")
        return TracedPassage(context, parent_id, scheme, user_agent, is_grpc)

    def record(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> bytes | None:
        """The exchange's span."""
        if not isinstance(passage, TracedPassage):
            return None
        span = describe(
            exchange,
            passage.context,
            passage.parent_id,
            self._kind,
            passage.scheme,
            passage.user_agent,
            _grpc_status() if passage.is_grpc else None,
        )
        for at in range(len(values)):
            span.add(instance.names[at], values[at], instance.types[at] is ValueType.INT)
        return self._receiver.encode(span.finish())

    def export(self, records: list[bytes], delivery: Delivery) -> None:
        """Send spans."""
        self._receiver.send(records, delivery)


class TracingKind(ReportKind):
    """The kind `tracing`."""

    def __init__(self) -> None:
        super().__init__("tracing", is_open=True)

    def create(self, setup: Setup) -> Report:
        """Read `cluster`, `format`, `service`, `path`, `authority`, `sample`, `propagate`, `kind`.

        `sample` is 0 to 1; `propagate` is a list of `w3c`, `b3`, `b3multi`.
        """
        settings = setup.settings
        ratio = settings.get_float("sample", 1.0)
        if not 0.0 <= ratio <= 1.0:
            raise settings.refusal("sample", f"expected 0 to 1, got {ratio}")
        propagate = settings.get_str_list("propagate", ["w3c"])
        for index in range(len(propagate)):
            if propagate[index] not in PROPAGATION:
                raise _not_among(settings, f"propagate[{index}]", propagate[index], PROPAGATION)
        kind = _one_of(settings, "kind", "server", KINDS)
        return Tracing(receiver_of(setup), propagate, ratio, CLIENT if kind == "client" else SERVER)


def receiver_of(setup: Setup) -> SpanReceiver:
    """The receiver that `cluster`, `format`, `service`, `path` and `authority` name."""
    settings = setup.settings
    cluster = required(settings, "cluster")
    form = _one_of(settings, "format", "otlp_http", FORMATS)
    service = settings.get_str("service", "") or attributes.get_str("xds.node.cluster") or "envoy"
    if form == "otlp_grpc":
        return OtlpGrpcReceiver(setup.plugin, cluster, service, setup.timeout_ms)
    is_zipkin = form == "zipkin"
    receiver = HttpReceiver(
        setup.plugin,
        cluster,
        settings.get_str("authority", cluster),
        settings.get_str("path", zipkin.PATH if is_zipkin else otlp.PATH),
        zipkin.CONTENT_TYPE if is_zipkin else otlp.CONTENT_TYPE,
        setup.timeout_ms,
    )
    if is_zipkin:
        return ZipkinReceiver(receiver, service)
    return OtlpHttpReceiver(receiver, service)


def _value(headers: HeaderMap, name: str) -> str | None:
    """Value of a header; the members of several `tracestate` headers are one list."""
    if name == trace_context.TRACESTATE:
        return ",".join(headers.get_all(name))
    return headers.get(name)


def _grpc_status() -> int | None:
    return attributes.get_int("response.grpc_status")


def _one_of(settings: Config, name: str, default: str, known: list[str]) -> str:
    text = settings.get_str(name, default)
    if text not in known:
        raise _not_among(settings, name, text, known)
    return text


def _not_among(settings: Config, name: str, text: str, known: list[str]) -> ConfigurationError:
    return settings.refusal(name, f"expected one of {', '.join(known)}, got {text}")
