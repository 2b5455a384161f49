# ruff: noqa: D102  (what overrides a method of `Context` is documented there)
"""One HTTP exchange through the plugin, from the request's headers to `proxy_on_delete`.

    client -> request leg -> upstream
    client <- response leg <- upstream, or a local response

Source: Envoy, `context.cc` and `filter_manager.cc` (`sendLocalReply`).
"""

from typing import ClassVar, Final

from mixer2.testhost.abi import BufferType, MapType, Status
from mixer2.testhost.buffers import Buffer
from mixer2.testhost.contexts import Context, RootContext
from mixer2.testhost.errors import MisuseError, Refused
from mixer2.testhost.header_map import INLINE_RESPONSE_HEADERS, HeaderMap
from mixer2.testhost.http_attributes import HttpAttributes
from mixer2.testhost.http_half import HttpHalf
from mixer2.testhost.messages import Request, Response
from mixer2.testhost.pairs import decode_text
from mixer2.testhost.properties import AttributePath, AttributeValue
from mixer2.testhost.vm import Vm

FAILED_DETAILS = "wasm_fail_stream"
CLOSED_DETAILS = "wasm_close_stream"


class HttpStream(Context):
    """One exchange.

    Args:
        vm: The VM that it runs in.
        root: The plugin.
        buffer_limit: Bytes of a body that may be collected.
        attributes: Values that override or add to the usual attributes.

    Attributes:
        upstream_request: What the upstream received, once its headers arrived.
        response: What the client got, once its headers arrived.
        over: Whether the exchange has ended, also without a response.
        was_reset: Whether it ended before the response was complete.
        details: Response code details, as in an access log.
    """

    kind: ClassVar[str] = "http"

    def __init__(
        self,
        vm: Vm,
        root: RootContext,
        buffer_limit: int,
        attributes: dict[AttributePath, AttributeValue] | None = None,
    ) -> None:
        super().__init__(vm, root)
        self.request = HttpHalf(self, "request", _Upstream(self), buffer_limit)
        self.response_half = HttpHalf(self, "response", _Downstream(self), buffer_limit)
        self.attributes = HttpAttributes(self, attributes or {})
        self.upstream_request: Request | None = None
        self.response: Response | None = None
        self.received_size = 0
        self.end_of_stream = False
        self.failed = False
        self.over = False
        self.was_reset = False
        self.details = ""
        self.started_at = vm.proxy.clock.now_ns()
        self.completed_at: int | None = None
        self._replied = False
        self._logging = False

    def receive_request_headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        """The client's headers arrive."""
        self.vm.create_in_guest(self)
        self.request.leg.receive_headers(headers, end_of_stream)

    def receive_request_data(self, data: bytes, end_of_stream: bool) -> None:
        """Part of the client's body arrives."""
        self.received_size += len(data)
        self.request.leg.receive_data(data, end_of_stream)

    def receive_request_trailers(self, trailers: HeaderMap) -> None:
        """The client's trailers arrive."""
        self.request.leg.receive_trailers(trailers)

    def receive_response_data(self, data: bytes, end_of_stream: bool) -> None:
        """Part of the upstream's body arrives."""
        self.response_half.leg.receive_data(data, end_of_stream)

    def receive_response_trailers(self, trailers: HeaderMap) -> None:
        """The upstream's trailers arrive."""
        self.response_half.leg.receive_trailers(trailers)

    def receive_response_headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        """The upstream's headers arrive."""
        headers.set("x-envoy-upstream-service-time", "0")
        self.details = "via_upstream"
        self.response_half.leg.receive_headers(headers, end_of_stream)

    def reset(self, details: str = "downstream_remote_disconnect") -> None:
        """End the exchange where it stands."""
        if not self.over:
            self.was_reset = True
            self.details = self.details or details
            self.finish()

    def finish(self) -> None:
        """Tell the plugin that the exchange is over, and forget it."""
        if self.over:
            return
        self.over = True
        self.completed_at = self.vm.proxy.clock.now_ns()
        self.request.leg.close()
        self.response_half.leg.close()
        if self.response is not None:
            self.response.details = self.details
        self._logging = True
        self.vm.call(self, "proxy_on_log")
        self._logging = False
        self.vm.call(self, "proxy_on_done")
        self.vm.call(self, "proxy_on_delete")
        self.vm.remove_context(self)

    def fail(self) -> None:
        """The VM is dead: answer 503."""
        if not self.failed:
            self.failed = True
            self.local_reply(503, FAILED_DETAILS)

    def local_reply(
        self,
        status_code: int,
        details: str,
        body: bytes = b"",
        headers: list[tuple[str, str]] | None = None,
        grpc_status: int | None = None,
    ) -> None:
        """Answer from here: through the response callbacks, directly, or by a reset.

        What it is depends on how far a response has come already.
        """
        if self.over or (self._replied and not self.failed):
            return
        self._replied = True
        self.request.leg.close()
        self.details = details
        is_grpc = (self.request_headers.get("content-type") or "").startswith("application/grpc")
        if is_grpc:
            response_headers = _grpc_reply(status_code, body, headers or [], grpc_status)
            body = b""
        else:
            response_headers = _http_reply(status_code, body, headers or [])
        if self.response is not None:
            self.reset(details)
        elif self.response_half.leg.headers is None:
            leg = self.response_half.leg
            leg.receive_headers(response_headers, not body)
            if body:
                leg.receive_data(body, True)
        else:
            self.response_half.leg.close()
            downstream = _Downstream(self)
            downstream.headers(response_headers, not body)
            if body:
                downstream.data(body, True)

    @property
    def request_headers(self) -> HeaderMap:
        """The request's headers, visible to the plugin or not."""
        headers = self.request.leg.headers
        return HeaderMap() if headers is None else headers

    @property
    def in_log_phase(self) -> bool:
        return self._logging

    def readable_map(self, map_type: MapType) -> HeaderMap | None:
        match map_type:
            case MapType.REQUEST_HEADERS:
                return self.request.leg.headers if self._logging else self.request.headers
            case MapType.REQUEST_TRAILERS:
                return None if self._logging else self.request.trailers
            case MapType.RESPONSE_HEADERS:
                return self._sent_headers() if self._logging else self.response_half.headers
            case MapType.RESPONSE_TRAILERS:
                leg = self.response_half.leg
                return leg.trailers if self._logging else self.response_half.trailers
            case _:
                return super().readable_map(map_type)

    def writable_map(self, map_type: MapType) -> HeaderMap | None:
        match map_type:
            case MapType.REQUEST_HEADERS:
                return self.request.headers
            case MapType.REQUEST_TRAILERS:
                return self.request.writable_trailers
            case MapType.RESPONSE_HEADERS:
                return self.response_half.headers
            case MapType.RESPONSE_TRAILERS:
                return self.response_half.writable_trailers
            case _:
                return super().writable_map(map_type)

    def buffer(self, buffer_type: BufferType) -> Buffer | None:
        match buffer_type:
            case BufferType.REQUEST_BODY:
                return self.request.body
            case BufferType.RESPONSE_BODY:
                return self.response_half.body
            case BufferType.DOWNSTREAM_DATA | BufferType.UPSTREAM_DATA:
                return Buffer()
            case _:
                return super().buffer(buffer_type)

    def attribute(self, name: str) -> AttributeValue:
        return self.attributes.top(name)

    def store_attribute(self, path: str, value: bytes) -> bool:
        self.attributes.store(path, value)
        return True

    def send_local_response(
        self,
        status_code: int,
        details: str,
        body: bytes,
        headers: list[tuple[str, str]],
        grpc_status: int,
    ) -> None:
        known = grpc_status if 0 <= grpc_status <= 16 else None
        words = "_".join(details.split()) if details.split() else details
        self.vm.defer(lambda: self.local_reply(status_code, words, body, headers, known))

    def resume(self, response: bool) -> None:
        leg = self.response_half.leg if response else self.request.leg
        self.vm.defer(leg.resume)
        self.request.hide()

    def close(self, response: bool) -> None:
        self.details = self.details or CLOSED_DETAILS
        self.vm.defer(self.reset)

    def _sent_headers(self) -> HeaderMap | None:
        return None if self.response is None else self.response.headers


class _Upstream:
    """Behind the filter, in the direction of the request."""

    def __init__(self, stream: HttpStream) -> None:
        self._stream = stream

    def headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        for name in (":method", ":path", ":authority"):
            if name not in headers:
                self._stream.local_reply(*_missing_header_reply(name))
                return
        self._stream.upstream_request = Request(headers, complete=end_of_stream)

    def data(self, data: bytes, end_of_stream: bool) -> None:
        request = self._received()
        if data:
            request.chunks.append(data)
        request.complete = end_of_stream
        if end_of_stream:
            _check_length(request.headers, request.body, "request")

    def trailers(self, trailers: HeaderMap) -> None:
        request = self._received()
        request.trailers = trailers
        request.complete = True

    def _received(self) -> Request:
        if self._stream.upstream_request is None:
            raise Refused(Status.INTERNAL_FAILURE)
        return self._stream.upstream_request


class _Downstream:
    """Behind the filter, in the direction of the response."""

    def __init__(self, stream: HttpStream) -> None:
        self._stream = stream

    def headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        self._stream.vm.proxy.decorate_response(headers)
        self._stream.response = Response.received(headers)
        if end_of_stream:
            self._stream.finish()

    def data(self, data: bytes, end_of_stream: bool) -> None:
        response = self._response()
        if data:
            response.chunks.append(data)
        if end_of_stream:
            _check_length(response.headers, response.body, "response")
            self._stream.finish()

    def trailers(self, trailers: HeaderMap) -> None:
        self._response().trailers = trailers
        self._stream.finish()

    def _response(self) -> Response:
        if self._stream.response is None:
            raise AssertionError("a body before its headers")
        return self._stream.response


def _http_reply(status_code: int, body: bytes, headers: list[tuple[str, str]]) -> HeaderMap:
    """Headers of a local response, as `Utility::prepareLocalReply` builds them."""
    result = HeaderMap([(":status", str(status_code)), *headers], INLINE_RESPONSE_HEADERS)
    if body:
        result.set("content-length", str(len(body)))
        if "content-type" not in result:
            result.add("content-type", "text/plain")
    else:
        result.remove("content-length")
        result.remove("content-type")
    return result


_GRPC_OF_HTTP: Final = {400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14}


def _grpc_reply(
    status_code: int, body: bytes, headers: list[tuple[str, str]], grpc_status: int | None
) -> HeaderMap:
    """A local response to a gRPC request: headers only, the body becomes the message."""
    result = HeaderMap([(":status", "200"), *headers], INLINE_RESPONSE_HEADERS)
    result.set("content-type", "application/grpc")
    if "grpc-status" not in result:
        code = _GRPC_OF_HTTP.get(status_code, 2) if grpc_status is None else grpc_status
        result.set("grpc-status", str(code))
    if body and "grpc-message" not in result:
        result.set("grpc-message", decode_text(body))
    return result


def _missing_header_reply(name: str) -> tuple[int, str, bytes]:
    """What Envoy's router answers to a request that lost a header it needs."""
    if name == ":method":
        return 503, "filter_removed_required_request_headers{missing_required_header:_:method}", b""
    return 404, "route_not_found", b""


def _check_length(headers: HeaderMap, body: bytes, which: str) -> None:
    """A body of another length than the header says would break the connection."""
    length = headers.get("content-length")
    if length is not None and length != str(len(body)):
        raise MisuseError(
            f"the {which}'s content-length says {length}, its body has {len(body)} bytes: "
            f"remove the header in on_{which}_headers when the plugin changes the body"
        )
