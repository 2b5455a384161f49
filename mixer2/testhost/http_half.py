"""The plugin's view of one direction of an HTTP exchange.

Which map and which buffer the plugin can reach is decided here: headers until they went on, the
body while a body callback wants it, trailers likewise.
Source: Envoy, `context.cc`: `decodeHeaders`, `decodeData`, `decodeTrailers`, and
their `encode` twins.
"""

from typing import TYPE_CHECKING, Literal

from mixer2.testhost.abi import DataStatus, HeadersStatus
from mixer2.testhost.buffers import Buffer
from mixer2.testhost.filter_leg import FilterLeg, Sink
from mixer2.testhost.header_map import INLINE_RESPONSE_TRAILERS, HeaderMap
from mixer2.testhost.local_reply import LocalReply

if TYPE_CHECKING:
    from mixer2.testhost.http_stream import HttpStream
    from mixer2.testhost.vm import Verdict

Direction = Literal["request", "response"]


class HttpHalf:
    """One direction: a `Filter` for its `FilterLeg`.

    Args:
        stream: The exchange.
        direction: Which of the two.
        sink: Behind the filter.
        buffer_limit: Bytes of a body that may be collected.
    """

    def __init__(
        self, stream: "HttpStream", direction: Direction, sink: Sink, buffer_limit: int
    ) -> None:
        self._stream = stream
        self._direction = direction
        self.leg = FilterLeg(self, sink, buffer_limit)
        self.headers: HeaderMap | None = None
        self.trailers: HeaderMap | None = None
        self._chunk: Buffer | None = None
        self._collecting = False

    @property
    def body(self) -> Buffer:
        """The bytes that the plugin can reach now; none outside the body callbacks."""
        if self._collecting and self.leg.held is not None:
            return self.leg.held
        return Buffer() if self._chunk is None else self._chunk

    @property
    def writable_trailers(self) -> HeaderMap | None:
        """The trailers; made on the spot in the callback of a body's last part."""
        if self.trailers is None and self._chunk is not None and self._stream.end_of_stream:
            inline = INLINE_RESPONSE_TRAILERS if self._direction == "response" else frozenset[str]()
            self.trailers = self.leg.add_trailers(HeaderMap(inline=inline))
        return self.trailers

    def hide(self) -> None:
        """Take everything out of the plugin's reach."""
        self.headers = None
        self.trailers = None
        self._chunk = None

    def on_headers(self, headers: HeaderMap, end_of_stream: bool) -> HeadersStatus:
        """Show headers to the plugin."""
        if self._bypasses():
            return HeadersStatus.CONTINUE
        self.headers = headers
        self._stream.end_of_stream = end_of_stream
        verdict = self._call("headers", len(headers), int(end_of_stream))
        status = HeadersStatus.CONTINUE
        if verdict is not None:
            status = self._headers_status(verdict)
        if status is HeadersStatus.CONTINUE:
            self.headers = None
        return status

    def on_data(self, chunk: Buffer, end_of_stream: bool) -> DataStatus:
        """Show part of a body, or all parts collected so far, to the plugin."""
        if self._bypasses():
            return DataStatus.CONTINUE
        if self._collecting:
            self.leg.hold(chunk)
            if self.leg.closed:
                return DataStatus.STOP_AND_BUFFER
        self._chunk = chunk
        self._stream.end_of_stream = end_of_stream
        verdict = self._call("body", len(self.body), int(end_of_stream))
        status = DataStatus.CONTINUE if verdict is None else _data_status(verdict)
        self._collecting = status is DataStatus.STOP_AND_BUFFER
        if status is DataStatus.CONTINUE:
            self._chunk = None
        return status

    def on_trailers(self, trailers: HeaderMap) -> bool:
        """Show trailers to the plugin; False when it holds the stream."""
        if self._bypasses():
            return True
        self.trailers = trailers
        verdict = self._call("trailers", len(trailers))
        passes = verdict is None or verdict.value == 0
        if passes:
            self.trailers = None
        return passes

    def on_overflow(self) -> None:
        """Envoy answers 413, or 500 for a response; a response under way is reset."""
        if self._direction == "request":
            reply = LocalReply(413, "request_payload_too_large", b"Payload Too Large")
        else:
            reply = LocalReply(500, "response_payload_too_large", b"Internal Server Error")
        self._stream.local_reply(reply)

    def _bypasses(self) -> bool:
        stream = self._stream
        return stream.bypass or (self._direction == "response" and stream.failed)

    def _call(self, what: str, *arguments: int) -> "Verdict | None":
        """Call the plugin; None lets pass, also when the stream has just failed."""
        stream = self._stream
        verdict = stream.vm.call(stream, f"proxy_on_{self._direction}_{what}", *arguments)
        if stream.vm.failed:
            stream.fail()
        return verdict

    def _headers_status(self, verdict: "Verdict") -> HeadersStatus:
        if verdict.stopped or verdict.value > HeadersStatus.STOP_ALL_AND_WATERMARK:
            return HeadersStatus.STOP_ALL_AND_WATERMARK
        status = HeadersStatus(verdict.value)
        if status is HeadersStatus.CONTINUE_AND_END_STREAM:
            return HeadersStatus.CONTINUE
        settings = self._stream.root.settings
        if status is HeadersStatus.STOP_ITERATION and not settings.allow_stop_iteration:
            return HeadersStatus.STOP_ALL_AND_WATERMARK
        return status


def _data_status(verdict: "Verdict") -> DataStatus:
    if verdict.stopped or verdict.value > DataStatus.STOP_NO_BUFFER:
        return DataStatus.STOP_NO_BUFFER
    return DataStatus(verdict.value)
