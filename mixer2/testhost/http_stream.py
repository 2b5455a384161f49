# ruff: noqa: D102  (what overrides a method of `Context` is documented there)
"""One HTTP exchange through the plugin, from the request's headers to `proxy_on_delete`.

    client -> request leg -> upstream
    client <- response leg <- upstream, or a local response

Source: Envoy, `context.cc` and `filter_manager.cc` (`sendLocalReply`).
"""

from collections.abc import Callable
from typing import ClassVar, Final

from mixer2.testhost.abi import BufferType, MapType
from mixer2.testhost.buffers import Buffer
from mixer2.testhost.contexts import Context, RootContext
from mixer2.testhost.errors import ProxyDiedError
from mixer2.testhost.header_map import HeaderMap
from mixer2.testhost.http_attributes import HttpAttributes
from mixer2.testhost.http_ends import DownstreamEnd, UpstreamEnd, check_length
from mixer2.testhost.http_half import HttpHalf
from mixer2.testhost.local_reply import LocalReply
from mixer2.testhost.messages import Request, Response
from mixer2.testhost.properties import AttributePath, AttributeValue
from mixer2.testhost.upstream_failure import UpstreamFailure
from mixer2.testhost.vm import Vm

FAILED_DETAILS: Final = "wasm_fail_stream"
_BAD_REQUEST: Final = 400
FLAG_CLIENT_GONE: Final = 0x4000
CLOSED_DETAILS: Final = "wasm_close_stream"


class HttpStream(Context):
    """One exchange.

    Args:
        vm: The VM that it runs in.
        root: The plugin.
        buffer_limit: Bytes of a body that may be collected.
        attributes: Values that override or add to the usual attributes.
        bypass: Whether the plugin is not in the way: its VM is dead, or it only logs.

    Attributes:
        upstream_request: What the upstream received, once its headers arrived.
        response: What the client got, once its headers arrived.
        over: Whether the exchange has ended, also without a response.
        was_reset: Whether it ended before the response was complete.
        details: Response code details, as in an access log.
        flags: Response flags, as in an access log.
        status_code: The response's code, as in an access log.
    """

    kind: ClassVar[str] = "http"

    def __init__(
        self,
        vm: Vm,
        root: RootContext,
        buffer_limit: int,
        attributes: dict[AttributePath, AttributeValue] | None = None,
        bypass: bool = False,
    ) -> None:
        super().__init__(vm, root)
        self.bypass = bypass
        self._downstream = DownstreamEnd(self)
        self.request = HttpHalf(self, "request", UpstreamEnd(self), buffer_limit)
        self.response_half = HttpHalf(self, "response", self._downstream, buffer_limit)
        self.attributes = HttpAttributes(self, attributes or {})
        self.upstream_request: Request | None = None
        self.response: Response | None = None
        self.received_size = 0
        self.end_of_stream = False
        self.failed = False
        self.over = False
        self.was_reset = False
        self.details = ""
        self.flags = 0
        self.status_code: int | None = None
        self.started_at = vm.proxy.clock.now_ns()
        self.completed_at: int | None = None
        self._logging = False
        self._decoding = 0
        self._prepared_reply: LocalReply | None = None
        self.closes_connection = False

    def receive_request_headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        """The client's headers arrive."""
        if not self.bypass:
            self.vm.create_in_guest(self)
        self._decode(lambda: self.request.leg.receive_headers(headers, end_of_stream))

    def receive_request_data(self, data: bytes, end_of_stream: bool) -> None:
        """Part of the client's body arrives."""
        self.received_size += len(data)
        self._decode(lambda: self.request.leg.receive_data(data, end_of_stream))

    def receive_request_trailers(self, trailers: HeaderMap) -> None:
        """The client's trailers arrive."""
        self._decode(lambda: self.request.leg.receive_trailers(trailers))

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
        self.status_code = int(headers[":status"])
        self.response_half.leg.receive_headers(headers, end_of_stream)

    def fail_upstream(self, failure: UpstreamFailure) -> None:
        """The upstream does not answer the request that it got, or does not even get it."""
        if failure is UpstreamFailure.REFUSED:
            self.upstream_request = None
        self.local_reply(failure.reply)

    def disconnect(self) -> None:
        """The client goes away."""
        if not self.over:
            self.flags |= FLAG_CLIENT_GONE
            self.details = self.details or "downstream_remote_disconnect"
            self.reset()

    def reset(self) -> None:
        """End the exchange where it stands."""
        if not self.over:
            self.was_reset = True
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
        if not self.bypass:
            self._logging = True
            self.vm.call(self, "proxy_on_log")
            self._logging = False
            self.vm.call(self, "proxy_on_done")
            self.vm.call(self, "proxy_on_delete")
        self.vm.remove_context(self)

    def log_to(self, root: RootContext) -> None:
        """Show the exchange, which is over, to a plugin that is an access logger."""
        self._logging = True
        root.logged = self
        self.vm.call(root, "proxy_on_log")
        root.logged = None
        self._logging = False

    def fail(self) -> None:
        """The VM is dead: answer 503."""
        if not self.failed:
            self.failed = True
            self.local_reply(LocalReply(503, FAILED_DETAILS))

    def local_reply(self, reply: LocalReply) -> None:
        """Answer from here: through the response callbacks, directly, or by a reset.

        What it is depends on how far a response has come already. From a request callback it
        goes out when that has ended, and of several the first one does.
        """
        if self._logging:
            raise ProxyDiedError("a local response in on_log: Envoy dies of it")
        if self.over or self._prepared_reply is not None:
            return
        self.request.leg.close()
        if self._decoding:
            self._prepared_reply = reply
            return
        self.details = reply.code_details
        self.flags |= reply.flags
        # Envoy takes a 400 of its own for a broken message, after which HTTP/1.1 cannot go on.
        self.closes_connection = reply.status_code == _BAD_REQUEST
        if self.response is not None:
            self.reset()
            return
        self.status_code = reply.status_code
        headers, body = reply.build(self.request_headers)
        if self.response_half.leg.headers is None:
            self.response_half.leg.receive_headers(headers, not body)
            if body:
                self.response_half.leg.receive_data(body, True)
        else:
            self.response_half.leg.close()
            self._downstream.headers(headers, not body)
            if body:
                self._downstream.data(body, True)

    def check_length(self, headers: HeaderMap, body: bytes, which: str) -> None:
        """In strict mode, refuse a body of another length than its header says."""
        if self.vm.proxy.strict:
            check_length(headers, body, which)

    @property
    def is_head(self) -> bool:
        """Whether the request is a HEAD, whose responses have no body."""
        return self.request_headers.get(":method") == "HEAD"

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
                return self.sent_headers if self._logging else self.response_half.headers
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
            case _:
                return super().buffer(buffer_type)

    def attribute(self, name: str) -> AttributeValue:
        return self.attributes.top(name)

    def store_attribute(self, path: str, value: bytes) -> bool:
        self.attributes.store(path, value)
        return True

    def set_filter_state(self, key: str, value: bytes) -> bool:
        self.attributes.filter_state[key] = value
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
        reply = LocalReply(status_code, details, body, tuple(headers), known)
        self.vm.defer(lambda: self.local_reply(reply))

    def resume(self, response: bool) -> None:
        if response:
            self.vm.defer(self.response_half.leg.resume)
        else:
            self.vm.defer(lambda: self._decode(self.request.leg.resume))
        self.request.hide()

    def close(self, response: bool) -> None:
        self.details = self.details or CLOSED_DETAILS
        self.vm.defer(self.reset)

    def _decode(self, action: Callable[[], None]) -> None:
        """Run what calls request callbacks, then send the local response that they prepared."""
        self._decoding += 1
        try:
            action()
        finally:
            self._decoding -= 1
        if not self._decoding and self._prepared_reply is not None:
            reply, self._prepared_reply = self._prepared_reply, None
            self.local_reply(reply)

    @property
    def sent_headers(self) -> HeaderMap | None:
        """Headers that the client got."""
        return None if self.response is None else self.response.headers
