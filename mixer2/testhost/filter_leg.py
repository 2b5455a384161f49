"""One direction of an exchange on its way through the filter.

This is Envoy's filter manager for a chain of one filter: what is passed on, held, collected, and
where iteration goes on after a stop. `HttpStream` has two of them, request and response.

    ITERATING     frames go to the filter, and on
    STOPPED       frames go to the filter, and are held or dropped as it says
    STOPPED_ALL   frames are collected; the filter sees the body after the resumption

Source: Envoy, `filter_manager.cc`: `commonHandleAfterHeadersCallback`, `...AfterDataCallback`,
`...AfterTrailersCallback` and `commonContinue`.
"""

from enum import Enum
from typing import Protocol

from mixer2.testhost.abi import DataStatus, HeadersStatus
from mixer2.testhost.buffers import Buffer
from mixer2.testhost.errors import MisuseError, UnsupportedError
from mixer2.testhost.header_map import HeaderMap


class Filter(Protocol):
    """What stands in the way: the plugin's callbacks of one direction."""

    def on_headers(self, headers: HeaderMap, end_of_stream: bool) -> HeadersStatus:
        """Headers came."""

    def on_data(self, chunk: Buffer, end_of_stream: bool) -> DataStatus:
        """Part of the body came. The filter may change `chunk`."""

    def on_trailers(self, trailers: HeaderMap) -> bool:
        """Trailers came; False to hold the stream."""

    def on_overflow(self) -> None:
        """More of a body was collected than the buffer limit permits."""


class Sink(Protocol):
    """Where frames go that the filter let pass."""

    def headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        """Headers arrive."""

    def data(self, data: bytes, end_of_stream: bool) -> None:
        """Part of the body arrives."""

    def trailers(self, trailers: HeaderMap) -> None:
        """Trailers arrive, and with them the end."""


class State(Enum):
    """Whether frames go on."""

    ITERATING = "iterating"
    STOPPED = "stopped"
    STOPPED_ALL = "stopped_all"


class FilterLeg:
    """One direction.

    Args:
        filter_: The plugin's callbacks.
        sink: Behind the filter.
        buffer_limit: Bytes of a body that may be collected.
    """

    def __init__(self, filter_: Filter, sink: Sink, buffer_limit: int) -> None:
        self._filter = filter_
        self._sink = sink
        self._buffer_limit = buffer_limit
        self._from_this_filter = False
        self._trailers_passed = False
        self._watermark = False
        self.state = State.ITERATING
        self.headers: HeaderMap | None = None
        self.headers_passed = False
        self.held: Buffer | None = None
        self.trailers: HeaderMap | None = None
        self.ended = False
        self.closed = False

    @property
    def is_held(self) -> bool:
        """Whether the filter holds something that it was shown."""
        return not self.closed and self.state is not State.ITERATING

    def close(self) -> None:
        """Take no further frame, and pass none."""
        self.closed = True

    def receive_headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        """Headers come from the peer."""
        self.headers = headers
        self.ended = end_of_stream
        status = self._filter.on_headers(headers, end_of_stream)
        if self.closed:
            return
        match status:
            case HeadersStatus.STOP_ITERATION:
                self.state = State.STOPPED
            case HeadersStatus.STOP_ALL_AND_BUFFER | HeadersStatus.STOP_ALL_AND_WATERMARK:
                self.state = State.STOPPED_ALL
                self._watermark = status is HeadersStatus.STOP_ALL_AND_WATERMARK
            case _:
                if self.headers_passed:
                    raise MisuseError(
                        "a headers callback resumed its own stream and continued it: answer "
                        "CONTINUE, or resume it later, but not both"
                    )
                self.headers_passed = True
                self._sink.headers(headers, end_of_stream)

    def receive_data(self, data: bytes, end_of_stream: bool) -> None:
        """Part of the body comes from the peer."""
        if self.closed:
            return
        self.ended = end_of_stream
        chunk = Buffer(data)
        if self.state is State.STOPPED_ALL:
            self.hold(chunk)
        else:
            self._filter_data(chunk, end_of_stream)

    def receive_trailers(self, trailers: HeaderMap) -> None:
        """Trailers come from the peer."""
        if self.closed:
            return
        self.ended = True
        self.trailers = trailers
        if self.state is not State.STOPPED_ALL:
            self._filter_trailers(trailers)

    def add_trailers(self, trailers: HeaderMap) -> HeaderMap:
        """Give a message trailers that has none, in the callback of its last part."""
        if self.trailers is None:
            self.trailers = trailers
        return self.trailers

    def hold(self, chunk: Buffer) -> None:
        """Collect a part of the body."""
        if self.held is None:
            self.held = Buffer()
        if chunk is not self.held:
            chunk.move_to(self.held)
        if len(self.held) > self._buffer_limit and not self._watermark:
            self._filter.on_overflow()

    def resume(self) -> None:
        """Go on with what is held. Nothing happens to a direction that is over."""
        if self.closed:
            return
        self._from_this_filter = self.state is State.STOPPED_ALL
        self.state = State.ITERATING
        if not self.headers_passed and self.headers is not None:
            self.headers_passed = True
            nothing_follows = self.ended and self.held is None and self.trailers is None
            self._sink.headers(self.headers, nothing_follows)
        had_trailers = self.trailers is not None
        if self.held is not None and not self.closed:
            if self._from_this_filter:
                self._filter_data(self.held, self.ended and not had_trailers)
            else:
                self._pass_data(self.held, self.ended and not had_trailers)
        if had_trailers and self.trailers is not None and not self.closed:
            if self._from_this_filter:
                self._filter_trailers(self.trailers)
            else:
                self._pass_trailers(self.trailers)
        self._from_this_filter = False

    def _filter_data(self, chunk: Buffer, end_of_stream: bool) -> None:
        had_trailers = self.trailers is not None
        status = self._filter.on_data(chunk, end_of_stream)
        if self.closed:
            return
        added = None if had_trailers else self.trailers
        if status is not DataStatus.CONTINUE:
            if added is not None:
                raise UnsupportedError("trailers were added in a body callback that then paused")
            self.state = State.STOPPED
            self._watermark = status is DataStatus.STOP_AND_WATERMARK
            if status in (DataStatus.STOP_AND_BUFFER, DataStatus.STOP_AND_WATERMARK):
                self.hold(chunk)
            elif self.ended and self.trailers is None and self.held is None:
                self.held = Buffer()
        elif self.state is State.STOPPED:
            self.hold(chunk)
            self.resume()
        else:
            self._pass_data(chunk, end_of_stream and added is None)
            if added is not None:
                self._pass_trailers(added)

    def _filter_trailers(self, trailers: HeaderMap) -> None:
        passes = self._filter.on_trailers(trailers)
        if self.closed:
            return
        if not passes:
            if self.state is State.ITERATING:
                self.state = State.STOPPED
        elif self.state is State.STOPPED:
            self.resume()
        else:
            self._pass_trailers(trailers)

    def _pass_data(self, chunk: Buffer, end_of_stream: bool) -> None:
        if chunk is self.held:
            self.held = None
        self._sink.data(chunk.data, end_of_stream)

    def _pass_trailers(self, trailers: HeaderMap) -> None:
        if not self._trailers_passed and not self.closed:
            self._trailers_passed = True
            self._sink.trailers(trailers)
