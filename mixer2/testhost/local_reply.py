"""Responses that the proxy makes itself: on a plugin's wish, or because something went wrong.

Source: Envoy, `source/common/http/utility.cc`, `prepareLocalReply`.
"""

import re
from dataclasses import dataclass
from typing import Final

from mixer2.testhost.header_map import INLINE_RESPONSE_HEADERS, HeaderMap
from mixer2.testhost.pairs import decode_text

_GRPC_OF_HTTP: Final = {400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14}
_GRPC_UNKNOWN: Final = 2

FLAG_NO_ROUTE: Final = 0x100
FLAG_MISSING_HEADER: Final = 0x40000
"""Response flags, as `response.flags` shows them."""


@dataclass(frozen=True, slots=True)
class LocalReply:
    """A response to be made.

    Attributes:
        status_code: HTTP status code.
        details: Response code details; white space becomes `_`.
        body: The body.
        headers: Further headers.
        grpc_status: What a gRPC client gets; made of the status code when None.
        flags: Response flags.
    """

    status_code: int
    details: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    grpc_status: int | None = None
    flags: int = 0

    @property
    def code_details(self) -> str:
        """The details as they are logged."""
        return re.sub(r"\s", "_", self.details)

    def build(self, request: HeaderMap) -> tuple[HeaderMap, bytes]:
        """Headers and body of the response to a request.

        A gRPC request gets its answer in the headers, a HEAD gets no body.
        """
        if (request.get("content-type") or "").startswith("application/grpc"):
            return self._build_grpc(), b""
        headers = self._headers(self.status_code)
        if self.body:
            headers.set("content-length", str(len(self.body)))
            if "content-type" not in headers:
                headers.add("content-type", "text/plain")
        else:
            headers.remove("content-length")
            headers.remove("content-type")
        return headers, b"" if request.get(":method") == "HEAD" else self.body

    def _build_grpc(self) -> HeaderMap:
        headers = self._headers(200)
        headers.set("content-type", "application/grpc")
        if "grpc-status" not in headers:
            code = self.grpc_status
            headers.set(
                "grpc-status", str(grpc_status_of(self.status_code) if code is None else code)
            )
        if self.body and "grpc-message" not in headers:
            headers.set("grpc-message", decode_text(self.body))
        return headers

    def _headers(self, status_code: int) -> HeaderMap:
        headers = HeaderMap(self.headers, INLINE_RESPONSE_HEADERS)
        headers.set(":status", str(status_code))
        return headers


def grpc_status_of(status_code: int) -> int:
    """The gRPC status that an HTTP status means."""
    return _GRPC_OF_HTTP.get(status_code, _GRPC_UNKNOWN)


def missing_request_header(headers: HeaderMap) -> LocalReply | None:
    """What the router answers to a request that lost what it needs; None when it has it all.

    The authority and the scheme may go. A route needs the path and `x-forwarded-proto`.
    """
    if ":path" not in headers or "x-forwarded-proto" not in headers:
        return LocalReply(404, "route_not_found", flags=FLAG_NO_ROUTE)
    if ":method" not in headers:
        return LocalReply(
            503,
            "filter_removed_required_request_headers{missing_required_header:_:method}",
            b"missing required header: :method",
            flags=FLAG_MISSING_HEADER,
        )
    return None


def missing_status(headers: HeaderMap) -> LocalReply | None:
    """What the client gets for a response that lost its status; None when it has a number."""
    if (headers.get(":status") or "").isdigit():
        return None
    return LocalReply(
        502,
        "filter_removed_required_response_headers{missing_required_header:_:status}",
        b"missing required header: :status",
    )
