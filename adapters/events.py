"""The facts that ingestion and backend adapters share.

Facts are immutable and know nothing of where they came from. A number that nobody measured is
UNMEASURED, a text that nobody read is empty.
"""

from dataclasses import dataclass
from typing import Final

UNMEASURED: Final = -1


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """The head of an HTTP request.

    Attributes:
        method: As the client sent it; methods are case-sensitive.
        host: `:authority`, or `host` of HTTP/1.
        path: `:path`, with the query.
        tenant: Who the request is for; empty when it does not say.
        started_ns: When the proxy had the head, nanoseconds since 1970.
    """

    method: str
    host: str
    path: str
    tenant: str
    started_ns: int


@dataclass(frozen=True, slots=True)
class HttpExchange:
    """A request and what became of it.

    Attributes:
        request: The request's head.
        status_code: Status code of the response; 0 when the exchange ended without one.
        duration_ns: From the request's head to the end of the exchange, nanoseconds.
        request_bytes: Bytes received from the client, head and body, or UNMEASURED.
        response_bytes: Bytes sent to the client, head and body, or UNMEASURED.
    """

    request: HttpRequest
    status_code: int
    duration_ns: int
    request_bytes: int
    response_bytes: int
