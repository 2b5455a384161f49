"""What lies behind the filter: the upstream for requests, the client for responses."""

from typing import TYPE_CHECKING

from mixer2.testhost.errors import MisuseError
from mixer2.testhost.header_map import HeaderMap
from mixer2.testhost.local_reply import missing_request_header, missing_status
from mixer2.testhost.messages import Request, Response

if TYPE_CHECKING:
    from mixer2.testhost.http_stream import HttpStream


class UpstreamEnd:
    """The router and the upstream behind it: keeps what arrives.

    Args:
        stream: The exchange.
    """

    def __init__(self, stream: "HttpStream") -> None:
        self._stream = stream

    def headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        """Take the request's headers, or answer when they lead nowhere."""
        reply = missing_request_header(headers)
        if reply is not None:
            self._stream.local_reply(reply)
            return
        headers.set("x-envoy-expected-rq-timeout-ms", "15000")
        self._stream.upstream_request = Request(headers, complete=end_of_stream)

    def data(self, data: bytes, end_of_stream: bool) -> None:
        """Take part of the body."""
        request = self._request()
        if data:
            request.chunks.append(data)
        request.complete = end_of_stream
        if end_of_stream:
            self._stream.check_length(request.headers, request.body, "request")

    def trailers(self, trailers: HeaderMap) -> None:
        """Take the trailers."""
        request = self._request()
        request.trailers = trailers
        request.complete = True

    def _request(self) -> Request:
        if self._stream.upstream_request is None:
            raise AssertionError("part of a request before its headers")
        return self._stream.upstream_request


class DownstreamEnd:
    """The connection manager and the client behind it: keeps what arrives, and ends the exchange.

    Args:
        stream: The exchange.
    """

    def __init__(self, stream: "HttpStream") -> None:
        self._stream = stream

    def headers(self, headers: HeaderMap, end_of_stream: bool) -> None:
        """Take the response's headers."""
        stream = self._stream
        reply = missing_status(headers)
        if reply is not None:
            stream.local_reply(reply)
            return
        stream.vm.proxy.decorate_response(headers)
        if not stream.request.leg.ended or stream.closes_connection:
            # HTTP/1.1: what is left of the request could not be told from the next one.
            headers.set("connection", "close")
        request_id = stream.request_headers.get("x-request-id")
        if "x-envoy-force-trace" in stream.request_headers and request_id is not None:
            headers.set("x-request-id", request_id)
        stream.status_code = int(headers[":status"])
        stream.response = Response.received(headers)
        if end_of_stream:
            stream.finish()

    def data(self, data: bytes, end_of_stream: bool) -> None:
        """Take part of the body."""
        response = self._response()
        if data:
            response.chunks.append(data)
        if end_of_stream:
            if not self._stream.is_head:
                self._stream.check_length(response.headers, response.body, "response")
            self._stream.finish()

    def trailers(self, trailers: HeaderMap) -> None:
        """Take the trailers."""
        self._response().trailers = trailers
        self._stream.finish()

    def _response(self) -> Response:
        if self._stream.response is None:
            raise AssertionError("part of a response before its headers")
        return self._stream.response


def check_length(headers: HeaderMap, body: bytes, which: str) -> None:
    """Refuse a body of another length than the header says: it breaks the connection.

    Raises:
        MisuseError: with what to do about it.
    """
    length = headers.get("content-length")
    if length is not None and length != str(len(body)):
        raise MisuseError(
            f"the {which}'s content-length says {length}, its body has {len(body)} bytes: "
            f"remove the header in on_{which}_headers when the plugin changes the body"
        )
