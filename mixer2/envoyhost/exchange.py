"""A request in flight through Envoy: the client's socket on one side, the upstream's on the other.

Has the methods of `mixer2.testhost.Exchange`.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from mixer2.envoyhost import http1
from mixer2.envoyhost.engine import Engine
from mixer2.testhost.errors import HeldError, NotInEnvoyError
from mixer2.testhost.exchange import Answer, Upstream
from mixer2.testhost.header_map import (
    INLINE_REQUEST_HEADERS,
    INLINE_RESPONSE_HEADERS,
    HeaderMap,
    HeadersLike,
)
from mixer2.testhost.messages import BodyLike, Request, Response, chunks_of
from mixer2.testhost.upstream_failure import UpstreamFailure

_ADDED_BY_ENVOY = ("x-forwarded-proto", "http")
"""Of the headers that the test host sends, the one that Envoy makes itself."""

_LOOK_AGAIN = 0.02
_DELAYED_CLOSE = 1.5
"""Envoy's `delayed_close_timeout` is a second."""

_WITHOUT_BODY = ("204", "304")


class EnvoyExchange:
    """One request and its response.

    Args:
        engine: The Envoy that it goes through.
        sent: The request's headers.
        settle: Waits until nothing is on its way.
        upstream: What answers once the whole request arrived.
        worker: Number of the worker that shall take the connection.
    """

    def __init__(
        self,
        engine: Engine,
        sent: HeaderMap,
        settle: Callable[[], None],
        upstream: Upstream,
        worker: int,
    ) -> None:
        self.request_id = sent["x-request-id"]
        self.upstream_request: Request | None = None
        self._was_reset = False
        self._engine = engine
        self._sent = sent
        self._settle = settle
        self._upstream = upstream
        self._worker = worker
        self._client: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._response: Response | None = None
        self._complete = False
        self._is_chunked = False
        self._to_envoy: asyncio.StreamWriter | None = None
        self._response_is_chunked = False
        self._answer_over: asyncio.Event | None = None

    @property
    def is_awaited(self) -> bool:
        """Whether the upstream has not seen it, and still may."""
        return self.upstream_request is None and not self.is_over

    @property
    def response(self) -> Response:
        """What the client got.

        Raises:
            HeldError: nothing yet, or nothing ever.
        """
        if self._response is None:
            raise HeldError(self.why_no_response())
        return self._response

    @property
    def is_over(self) -> bool:
        """Whether the exchange has ended."""
        return self._complete or self._was_reset

    @property
    def was_reset(self) -> bool:
        """Whether it ended without a complete response; Envoy takes up to a second to say so."""
        if not self.is_over and self._reading is not None:
            self._engine.background.run(_within(self._reading, _DELAYED_CLOSE))
        return self._was_reset

    @property
    def request_is_held(self) -> bool:
        """Whether what the client sent has not come to the upstream, and no answer either."""
        arrived = self.upstream_request
        return self._response is None and (arrived is None or not arrived.complete)

    @property
    def response_is_held(self) -> bool:
        """Whether the upstream's answer has not come to the client."""
        answered = self._answer_over is not None and self._answer_over.is_set()
        return answered and not self.is_over

    @property
    def details(self) -> str:
        """Not to be seen from outside of Envoy."""
        raise NotInEnvoyError("response code details are in Envoy's access log only")

    def send_headers(self, port: int, end_of_stream: bool) -> None:
        """The client connects, and sends the request's headers."""
        self._is_chunked = not end_of_stream and "content-length" not in self._sent
        self._engine.background.run(self._send_headers(port))
        self._settle()

    def send_data(self, data: bytes, end_of_stream: bool = False) -> None:
        """The client sends part of the body."""
        end = http1.end_bytes(None) if end_of_stream and self._is_chunked else b""
        self._send((http1.chunk_bytes(data) if self._is_chunked else data) + end)

    def send_body(self, body: BodyLike, trailers: HeadersLike | None = None) -> None:
        """The client sends the rest of its request."""
        chunks = chunks_of(body)
        for index, chunk in enumerate(chunks):
            self.send_data(chunk, index == len(chunks) - 1 and trailers is None)
        if trailers is not None:
            self._send(http1.end_bytes(HeaderMap(trailers)))

    def respond(self, response: Response) -> None:
        """The upstream answers."""
        self._engine.background.run(self._answer(response))
        self._settle()

    def fail(self, failure: UpstreamFailure) -> None:
        """The upstream fails; Envoy answers in its place."""
        self._engine.background.run(self._answer(failure))
        self._settle()

    def respond_headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        """The upstream sends headers."""
        self._engine.background.run(self._respond_headers(headers, end_of_stream))
        self._settle()

    def respond_data(self, data: bytes, end_of_stream: bool = False) -> None:
        """The upstream sends part of its body."""
        self._engine.background.run(self._respond_data(data, end_of_stream))
        self._settle()

    def disconnect(self) -> None:
        """The client goes away."""
        self._engine.background.run(self._disconnect())
        self._settle()

    def why_no_response(self) -> str:
        """What the exchange waits for."""
        if self._was_reset:
            return "no response: the stream was reset"
        if self.upstream_request is None or not self.upstream_request.complete:
            return "no response: the filter holds the request; nothing has resumed it"
        if self.response_is_held:
            return "no response: the filter holds the response; nothing has resumed it"
        return "no response: the upstream has not answered"

    async def arrive(
        self, head: http1.Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """The request comes to the upstream."""
        self._to_envoy = writer
        self._answer_over = asyncio.Event()
        request = self.upstream_request = Request(request_headers(head))
        if head.is_chunked:
            while data := await http1.read_chunk(reader):
                self._note_chunk(request, data)
            request.trailers = await http1.read_trailers(reader)
        else:
            left = head.length or 0
            while left and (data := await reader.read(left)):
                left -= len(data)
                self._note_chunk(request, data)
        request.complete = True
        self._engine.activity += 1
        if self._upstream is not None and not self._answer_over.is_set():
            chosen = self._upstream(request) if callable(self._upstream) else self._upstream
            await self._answer(chosen)
        await until_set(self._answer_over, reader)

    def _note_chunk(self, request: Request, data: bytes) -> None:
        request.chunks.append(data)
        self._engine.activity += 1

    def _send(self, data: bytes) -> None:
        self._engine.background.run(self._write(data))
        self._settle()

    async def _send_headers(self, port: int) -> None:
        reader, self._client = await self._engine.connect(port, self._worker)
        sent = self._sent
        start = f"{sent[':method']} {sent[':path']} HTTP/1.1"
        fields = [("host", sent[":authority"])]
        fields += [item for item in sent.items() if item[0][0] != ":"]
        fields = [item for item in fields if item != _ADDED_BY_ENVOY]
        if self._is_chunked:
            fields.append(("transfer-encoding", "chunked"))
        self._client.write(http1.head_bytes(start, fields))
        self._reading = asyncio.create_task(self._read(reader))

    async def _write(self, data: bytes) -> None:
        if self._client is not None and not self._client.is_closing():
            self._client.write(data)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        """What the client gets."""
        try:
            head = await http1.read_head(reader)
            if head is None:
                self._was_reset = True
                return
            fields = [item for item in head.fields if item[0] != "transfer-encoding"]
            headers = HeaderMap([(":status", head.start[1]), *fields], INLINE_RESPONSE_HEADERS)
            response = self._response = Response.received(headers)
            self._engine.activity += 1
            if self._sent[":method"] == "HEAD" or head.start[1] in _WITHOUT_BODY:
                pass
            elif head.is_chunked:
                while data := await http1.read_chunk(reader):
                    response.chunks.append(data)
                    self._engine.activity += 1
                response.trailers = await http1.read_trailers(reader)
            elif head.length is None:
                response.chunks.append(await reader.read())
            else:
                response.chunks += [await reader.readexactly(head.length)] if head.length else []
            self._complete = True
        except (OSError, EOFError):
            self._was_reset = True
        finally:
            self._engine.activity += 1
            if self._client is not None:
                self._client.close()

    async def _answer(self, answer: Answer) -> None:
        if isinstance(answer, Response):
            await self._respond(answer)
        elif answer is UpstreamFailure.REFUSED:
            raise NotInEnvoyError("a request that has arrived is not refused any more")
        elif answer is not UpstreamFailure.TIMEOUT:
            self._over()
            if self._to_envoy is not None:
                self._to_envoy.close()

    async def _respond(self, response: Response) -> None:
        chunks = [chunk for chunk in response.chunks if chunk]
        has_no_body = not chunks and response.trailers is None
        await self._respond_headers(response.headers, has_no_body)
        if has_no_body:
            return
        for chunk in chunks:
            await self._engine.round()
            await self._respond_data(chunk, False)
        await self._engine.round()
        if self._response_is_chunked and self._to_envoy is not None:
            self._to_envoy.write(http1.end_bytes(response.trailers))
        self._over()

    async def _respond_headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        if self._to_envoy is None:
            raise NotInEnvoyError("the upstream answers a request that it has not got")
        fields = [item for item in headers.items() if item[0] != ":status"]
        if not end_of_stream:
            # A test that sends the body by hand does not say how long it will be.
            fields = [item for item in fields if item != ("content-length", "0")]
        names = {name for name, _ in fields}
        self._response_is_chunked = not end_of_stream and "content-length" not in names
        if self._response_is_chunked and "transfer-encoding" not in names:
            fields.append(("transfer-encoding", "chunked"))
        elif end_of_stream and "content-length" not in names:
            fields = [item for item in fields if item[0] != "transfer-encoding"]
            fields.append(("content-length", "0"))
        self._to_envoy.write(http1.head_bytes(f"HTTP/1.1 {headers[':status']} Any", fields))
        if end_of_stream:
            self._over()

    async def _respond_data(self, data: bytes, end_of_stream: bool) -> None:
        if self._to_envoy is None or self._to_envoy.is_closing():
            return
        is_head = self._sent[":method"] == "HEAD"
        if not is_head:
            self._to_envoy.write(http1.chunk_bytes(data) if self._response_is_chunked else data)
        if end_of_stream:
            if self._response_is_chunked and not is_head:
                self._to_envoy.write(http1.end_bytes(None))
            self._over()

    def _over(self) -> None:
        self._engine.activity += 1
        if self._answer_over is not None:
            self._answer_over.set()

    async def _disconnect(self) -> None:
        if self._client is not None:
            self._client.close()
        if not self._complete:
            self._was_reset = True
        self._over()


async def _within(task: "asyncio.Task[None]", seconds: float) -> None:
    """Wait for a task, but not for ever."""
    await asyncio.wait([task], timeout=seconds)


async def until_set(event: asyncio.Event, reader: asyncio.StreamReader) -> None:
    """Wait for an event, or for the other side to close the connection."""
    while not (event.is_set() or reader.at_eof()):
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), _LOOK_AGAIN)


def request_headers(head: http1.Head) -> HeaderMap:
    """A request's headers as the test host shows them; HTTP/1.1 carries no scheme."""
    method, path = head.start[:2]
    pseudo = [(":authority", head.get("host") or ""), (":path", path), (":method", method)]
    ignored = ("host", "transfer-encoding")
    rest = [item for item in head.fields if item[0] not in ignored]
    return HeaderMap([*pseudo, *rest], INLINE_REQUEST_HEADERS)
