"""Requests and responses as a test writes and reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mixer2.testhost.header_map import (
    INLINE_REQUEST_HEADERS,
    INLINE_RESPONSE_HEADERS,
    INLINE_RESPONSE_TRAILERS,
    HeaderMap,
    HeadersLike,
)

BodyLike = bytes | str | Sequence[bytes]
"""A body, or the parts in which it arrives."""


def chunks_of(body: BodyLike) -> tuple[bytes, ...]:
    """The DATA frames of a body; the last of them carries the end of the stream.

    A whole body arrives as HTTP/1.1 delivers it to Envoy's filters: its bytes, then an empty
    frame with the end. Parts arrive as they are, as in HTTP/2.
    """
    if isinstance(body, str):
        body = body.encode()
    if isinstance(body, bytes):
        return (body, b"") if body else ()
    return tuple(body)


def every_cut(body: bytes, parts: int = 2) -> Iterator[list[bytes]]:
    """All ways to cut a body into that many parts, empty ones too, in order of the first cut.

    Parametrise a test with it: a filter must not depend on where a body was cut.
    """
    if parts == 1:
        yield [body]
        return
    for cut in range(len(body) + 1):
        for rest in every_cut(body[cut:], parts - 1):
            yield [body[:cut], *rest]


@dataclass(slots=True)
class Request:
    """A request: as the client sent it, or as the upstream received it.

    Attributes:
        headers: All of them, pseudo headers included.
        chunks: The body, in the parts in which it came.
        trailers: None when there were none.
        complete: Whether its end arrived.
    """

    headers: HeaderMap
    chunks: list[bytes] = field(default_factory=list)
    trailers: HeaderMap | None = None
    complete: bool = False

    @property
    def method(self) -> str:
        """The method."""
        return self.headers[":method"]

    @property
    def path(self) -> str:
        """Path and query."""
        return self.headers[":path"]

    @property
    def authority(self) -> str:
        """Host, and port if there is one."""
        return self.headers[":authority"]

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(self.chunks)


class Response:
    """A response: what the upstream shall answer, or what the client got.

    Args:
        status: HTTP status code.
        headers: Headers without `:status`.
        body: The body, or the parts in which it comes (see `chunks_of`).
        trailers: Trailers, when there are any.
        content_length: Whether the response tells how long it is: by that header for a body that
            is given as one, by `transfer-encoding: chunked` for one in parts.
    """

    def __init__(
        self,
        status: int = 200,
        headers: HeadersLike = (),
        body: BodyLike = b"",
        trailers: HeadersLike | None = None,
        *,
        content_length: bool = True,
    ) -> None:
        self.headers = HeaderMap([(":status", str(status))], INLINE_RESPONSE_HEADERS)
        for name, value in HeaderMap(headers).items():
            self.headers.add(name, value)
        whole = isinstance(body, bytes | str)
        self.chunks = list(chunks_of(body))
        # RFC 9110, 8.6: a 204 must not tell a length.
        if content_length and status != 204 and not self.headers.get("content-length"):
            if whole and trailers is None:
                self.headers.add("content-length", str(len(self.body)))
            else:
                self.headers.add("transfer-encoding", "chunked")
        self.trailers = (
            None if trailers is None else HeaderMap(trailers, inline=INLINE_RESPONSE_TRAILERS)
        )
        self.details = ""

    @classmethod
    def received(cls, headers: HeaderMap) -> "Response":
        """A response whose headers have just come."""
        response = cls(content_length=False)
        response.headers = headers
        return response

    @property
    def status(self) -> int:
        """HTTP status code."""
        return int(self.headers[":status"])

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(self.chunks)

    @property
    def text(self) -> str:
        """The whole body as UTF-8 text."""
        return self.body.decode()

    def __repr__(self) -> str:
        shown = [f"Response({self.status}"]
        rest = [item for item in self.headers.items() if item[0] != ":status"]
        if rest:
            shown.append(f"headers={rest!r}")
        if self.chunks:
            shown.append(f"body={self.body!r}")
        if self.trailers is not None:
            shown.append(f"trailers={self.trailers.items()!r}")
        return ", ".join(shown) + ")"


def request_headers(
    method: str, path: str, authority: str, headers: HeadersLike, request_id: str
) -> HeaderMap:
    """Headers of a request as Envoy's connection manager shows them to the first filter."""
    result = HeaderMap(
        [(":authority", authority), (":path", path), (":method", method), (":scheme", "http")],
        INLINE_REQUEST_HEADERS,
    )
    for name, value in HeaderMap(headers).items():
        if name.startswith(":"):
            result.set(name, value)
        else:
            result.add(name, value)
    for name, value in (("x-forwarded-proto", "http"), ("x-request-id", request_id)):
        if name not in result:
            result.add(name, value)
    return result
