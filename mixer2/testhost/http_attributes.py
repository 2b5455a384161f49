"""The attributes of an HTTP exchange.

What is there when follows Envoy: members that need the request's headers are there while the
plugin can reach these, so not in response callbacks; results are there once they are known.
"""

from typing import TYPE_CHECKING, Final

from mixer2.testhost.attributes import (
    CLUSTER_ATTRIBUTES,
    CONNECTED_ATTRIBUTES,
    Members,
    StreamAttributes,
)
from mixer2.testhost.header_map import HeaderMap
from mixer2.testhost.local_reply import grpc_status_of
from mixer2.testhost.metadata import metadata
from mixer2.testhost.properties import AttributePath, AttributeValue

if TYPE_CHECKING:
    from mixer2.testhost.http_stream import HttpStream

_REQUEST_FIELDS: Final = {
    "host": ":authority",
    "id": "x-request-id",
    "method": ":method",
    "path": ":path",
    "referer": "referer",
    "scheme": ":scheme",
    "useragent": "user-agent",
}

_ROUTE: Final[Members] = {
    "route_metadata": metadata(),
    "route_name": "",
    "virtual_host_metadata": metadata(),
    "virtual_host_name": "default",
}


class HttpAttributes(StreamAttributes):
    """What `get_property` finds in one exchange.

    Args:
        stream: The exchange.
        overrides: Values that a test has set, by path.
    """

    def __init__(
        self, stream: "HttpStream", overrides: dict[AttributePath, AttributeValue]
    ) -> None:
        super().__init__(stream.root, overrides)
        self._stream = stream

    def members(self, name: str) -> Members | None:
        """Those of every stream, and those of the exchange."""
        if name == "request":
            return self._request_members()
        if name == "response":
            return self._response_members()
        members = super().members(name)
        if members is not None:
            connected = self._stream.upstream_request is not None
            members |= CLUSTER_ATTRIBUTES.get(name, {})
            if connected:
                members |= CONNECTED_ATTRIBUTES.get(name, {})
            if name == "upstream":
                members["request_attempt_count"] = int(connected)
            if name == "xds":
                members |= _ROUTE
        return members

    def _request_members(self) -> dict[str, AttributeValue]:
        stream = self._stream
        visible = stream.request_headers if stream.in_log_phase else stream.request.headers
        headers_bytes = visible.byte_size if visible is not None else 0
        members: dict[str, AttributeValue] = {
            "headers": visible if visible is not None else HeaderMap(),
            "headers_bytes": headers_bytes,
            "protocol": "HTTP/1.1",
            "size": _request_size(visible, stream.received_size),
            "time": stream.started_at,
            "total_size": stream.received_size + headers_bytes,
        }
        if stream.completed_at is not None:
            members["duration"] = stream.completed_at - stream.started_at
        if visible is not None:
            for member, header in _REQUEST_FIELDS.items():
                value = visible.get(header)
                if value is not None:
                    members[member] = value
            members["url_path"], _, members["query"] = (visible.get(":path") or "").partition("?")
        return members

    def _response_members(self) -> dict[str, AttributeValue]:
        stream = self._stream
        half = stream.response_half
        headers = stream.sent_headers if stream.in_log_phase else half.headers
        trailers = half.leg.trailers if stream.in_log_phase else half.trailers
        headers_bytes = headers.byte_size if headers is not None else 0
        trailers_bytes = trailers.byte_size if trailers is not None else 0
        sent = 0 if stream.response is None else len(stream.response.body)
        members: dict[str, AttributeValue] = {
            "flags": stream.flags,
            "headers": headers if headers is not None else HeaderMap(),
            "headers_bytes": headers_bytes,
            "size": sent,
            "total_size": sent + headers_bytes + trailers_bytes,
            "trailers": trailers if trailers is not None else HeaderMap(),
        }
        if stream.upstream_request is not None and half.leg.ended:
            members["backend_latency"] = 0
        if stream.details:
            members["code_details"] = stream.details
        if stream.status_code is not None:
            members["code"] = stream.status_code
            members["grpc_status"] = _grpc_status(stream.status_code, trailers, headers)
        return members


def _request_size(headers: HeaderMap | None, received: int) -> AttributeValue:
    """What the headers announce while they are there, else what has come."""
    announced = None if headers is None else headers.get("content-length")
    return int(announced) if announced is not None and announced.isdigit() else received


def _grpc_status(status_code: int, trailers: HeaderMap | None, headers: HeaderMap | None) -> int:
    """Of the trailers, else of the headers, else what the HTTP status means in gRPC."""
    for source in (trailers, headers):
        told = None if source is None else source.get("grpc-status")
        if told is not None and told.isdigit():
            return int(told)
    return grpc_status_of(status_code)
