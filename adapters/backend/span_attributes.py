"""An exchange as a span, in the words of OpenTelemetry's semantic conventions.

Source: OpenTelemetry semantic conventions 1.3x, "HTTP spans" and "gRPC".
"""

from typing import Final

from adapters.events import HttpExchange
from adapters.wire.span import CLIENT, Span
from adapters.wire.trace_context import TraceContext

_METHODS: Final = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "PATCH",
)
_OTHER_METHOD: Final = "_OTHER"

_GRPC_SERVER_ERRORS: Final = (2, 4, 12, 13, 14, 15)
"""UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS: not the client's."""


class SpanDraft:
    """A span that still gets attributes."""

    def __init__(
        self,
        exchange: HttpExchange,
        context: TraceContext,
        parent_id: str,
        kind: str,
        name: str,
        takes_route: bool,
    ) -> None:
        self._exchange = exchange
        self._context = context
        self._parent_id = parent_id
        self._kind = kind
        self._name = name
        self._takes_route = takes_route
        self.texts: list[tuple[str, str]] = []
        self.numbers: list[tuple[str, int]] = []
        self.failed = False

    def add(self, field: str, value: str, is_number: bool) -> None:
        """Add the value of an instance's field; an empty one is none."""
        if not value:
            return
        if field == "route":
            self.texts.append(("http.route", value))
            if self._takes_route:
                self._name = f"{self._name} {value}"
        elif field == "client":
            self.texts.append(("client.address", value))
        elif is_number and not value.startswith("-"):
            self.numbers.append((field, int(value)))
        else:
            self.texts.append((field, value))

    def finish(self) -> Span:
        """The span."""
        exchange = self._exchange
        return Span(
            self._context.trace_id,
            self._context.span_id,
            self._parent_id,
            self._name,
            self._kind,
            exchange.request.started_ns,
            exchange.duration_ns,
            self.texts,
            self.numbers,
            self.failed,
            self._context.state,
        )


def describe(
    exchange: HttpExchange,
    context: TraceContext,
    parent_id: str,
    kind: str,
    scheme: str,
    user_agent: str,
    grpc_status: int | None,
) -> SpanDraft:
    """The span of an exchange.

    Args:
        exchange: What happened.
        context: The span's own context.
        parent_id: Its parent; empty for none.
        kind: SERVER or CLIENT.
        scheme: Of the URL; empty when unknown.
        user_agent: Of the client; empty when unknown.
        grpc_status: Status of a gRPC call; None when it is no gRPC call.
    """
    request = exchange.request
    method = request.method if request.method in _METHODS else _OTHER_METHOD
    path = request.path.partition("?")[0]
    is_grpc = grpc_status is not None and path.count("/") == 2
    name = "HTTP" if method == _OTHER_METHOD else method
    span = SpanDraft(exchange, context, parent_id, kind, path[1:] if is_grpc else name, not is_grpc)
    texts = span.texts
    texts.append(("http.request.method", method))
    if method == _OTHER_METHOD and request.method:
        texts.append(("http.request.method_original", request.method))
    if scheme:
        texts.append(("url.scheme", scheme))
    texts.append(("url.path", path))
    _add_host(span, request.host)
    if user_agent:
        texts.append(("user_agent.original", user_agent))
    if exchange.status_code > 0:
        span.numbers.append(("http.response.status_code", exchange.status_code))
    error = _http_error(exchange.status_code, kind)
    if grpc_status is not None and is_grpc:
        _add_rpc(span, path, grpc_status)
        if not error and (grpc_status in _GRPC_SERVER_ERRORS or (kind == CLIENT and grpc_status)):
            error = str(grpc_status)
    if error:
        texts.append(("error.type", error))
        span.failed = True
    return span


def _http_error(status_code: int, kind: str) -> str:
    """`error.type`; empty when there was no error. A client's mistake is none of the server."""
    if status_code == 0:
        return "no_response"
    if status_code >= 500 or (kind == CLIENT and status_code >= 400):
        return str(status_code)
    return ""


def _add_host(span: SpanDraft, host: str) -> None:
    if not host:
        return
    address, colon, port = host.rpartition(":")
    # `[::1]` has colons and no port.
    if colon and port.isdecimal() and port.isascii() and len(port) <= 5:
        span.texts.append(("server.address", address))
        span.numbers.append(("server.port", int(port)))
    else:
        span.texts.append(("server.address", host))


def _add_rpc(span: SpanDraft, path: str, grpc_status: int) -> None:
    service, _, method = path[1:].partition("/")
    span.texts.append(("rpc.system", "grpc"))
    span.texts.append(("rpc.service", service))
    span.texts.append(("rpc.method", method))
    span.numbers.append(("rpc.grpc.status_code", grpc_status))
