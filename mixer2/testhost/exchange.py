"""A request in flight, driven by the test: the client's side and the upstream's side."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from mixer2.testhost.errors import HeldError
from mixer2.testhost.header_map import HeaderMap, HeadersLike
from mixer2.testhost.http_stream import HttpStream
from mixer2.testhost.messages import BodyLike, Request, Response, chunks_of
from mixer2.testhost.upstream_failure import UpstreamFailure

Answer: TypeAlias = Response | UpstreamFailure
"""What a request ends with at the upstream."""

Upstream: TypeAlias = Answer | Callable[[Request], Answer] | None
"""What answers a request: always this, a function of what arrived, or the test by hand."""


class Exchange:
    """One request and its response.

    Args:
        stream: The exchange as the proxy has it.
        settle_all: Lets everything happen that is due, in the proxy and its upstream.
        upstream: What answers once the whole request arrived.
        chunked: Whether the end of a body in parts comes by itself.
    """

    def __init__(
        self,
        stream: HttpStream,
        settle_all: Callable[[], None],
        upstream: Upstream = None,
        chunked: bool = False,
    ) -> None:
        self._stream = stream
        self._settle_all = settle_all
        self._upstream = upstream
        self._chunked = chunked
        self._answered = False

    @property
    def context_id(self) -> int:
        """Id of the plugin's context."""
        return self._stream.context_id

    @property
    def upstream_request(self) -> Request | None:
        """What the upstream received so far; None before the headers arrived."""
        return self._stream.upstream_request

    @property
    def response(self) -> Response:
        """What the client got.

        Raises:
            HeldError: nothing yet, or nothing ever, with the reason.
        """
        response = self._stream.response
        if response is None:
            raise HeldError(self.why_no_response())
        return response

    @property
    def is_over(self) -> bool:
        """Whether the exchange has ended."""
        return self._stream.over

    @property
    def was_reset(self) -> bool:
        """Whether it ended without a complete response."""
        return self._stream.was_reset

    @property
    def request_is_held(self) -> bool:
        """Whether the filter holds the request."""
        return self._stream.request.leg.is_held

    @property
    def response_is_held(self) -> bool:
        """Whether the filter holds the response."""
        return self._stream.response_half.leg.is_held

    @property
    def details(self) -> str:
        """Response code details, as `%RESPONSE_CODE_DETAILS%` would show them."""
        return self._stream.details

    def send_headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        """The client sends the request's headers."""
        self._stream.receive_request_headers(headers, end_of_stream)
        self._settle_all()

    def send_data(self, data: bytes, end_of_stream: bool = False) -> None:
        """The client sends part of the body."""
        self._stream.receive_request_data(data, end_of_stream)
        self._settle_all()

    def send_body(self, body: BodyLike, trailers: HeadersLike | None = None) -> None:
        """The client sends the rest of its request."""
        chunks = self._framed(chunks_of(body), trailers is not None)
        for index, chunk in enumerate(chunks):
            last = index == len(chunks) - 1 and trailers is None
            self.send_data(chunk, last)
        if trailers is not None:
            self._stream.receive_request_trailers(HeaderMap(trailers))
            self._settle_all()

    def respond(self, response: Response) -> None:
        """The upstream answers."""
        self._answered = True
        headers = response.headers.copy()
        self.respond_headers(headers, not response.chunks and response.trailers is None)
        chunks = self._framed(response.chunks, response.trailers is not None)
        for index, chunk in enumerate(chunks):
            last = index == len(chunks) - 1 and response.trailers is None
            self.respond_data(chunk, last)
        if response.trailers is not None and not self._stream.over:
            self._stream.receive_response_trailers(response.trailers.copy())
            self._settle_all()

    def fail(self, failure: UpstreamFailure) -> None:
        """The upstream fails; Envoy answers in its place."""
        self._answered = True
        self._stream.fail_upstream(failure)
        self._settle_all()

    def respond_headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        """The upstream sends headers."""
        self._answered = True
        if not self._stream.over:
            self._stream.receive_response_headers(headers, end_of_stream)
            self._settle_all()

    def respond_data(self, data: bytes, end_of_stream: bool = False) -> None:
        """The upstream sends part of its body."""
        if not self._stream.over:
            self._stream.receive_response_data(data, end_of_stream)
            self._settle_all()

    def disconnect(self) -> None:
        """The client goes away."""
        self._stream.disconnect()
        self._settle_all()

    @property
    def waits_for_upstream(self) -> bool:
        """Whether the upstream may still answer by itself."""
        return not (self._answered or self._upstream is None or self._stream.over)

    def answer_if_arrived(self) -> None:
        """Let the upstream answer, once, when the whole request has arrived."""
        arrived = self._stream.upstream_request
        if not self.waits_for_upstream or self._upstream is None:
            return
        if arrived is None or not (arrived.complete or self._upstream is UpstreamFailure.REFUSED):
            return
        self._answered = True
        answer = self._upstream(arrived) if callable(self._upstream) else self._upstream
        if isinstance(answer, Response):
            self.respond(answer)
        else:
            self.fail(answer)

    def _framed(self, chunks: Sequence[bytes], has_trailers: bool) -> Sequence[bytes]:
        """A body's parts as its protocol brings them."""
        ends_apart = self._chunked and chunks and chunks[-1] and not has_trailers
        return [*chunks, b""] if ends_apart else chunks

    def why_no_response(self) -> str:
        """What the exchange waits for."""
        stream = self._stream
        if stream.was_reset:
            return f"no response: the stream was reset ({stream.details})"
        if stream.request.leg.is_held:
            return "no response: the filter holds the request; nothing has resumed it"
        if stream.response_half.leg.is_held:
            return "no response: the filter holds the response; nothing has resumed it"
        if stream.upstream_request is None or not stream.upstream_request.complete:
            return "no response: the upstream has not received the whole request"
        return "no response: the upstream has not answered"
