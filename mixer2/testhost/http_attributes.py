"""The attributes of an HTTP exchange, with realistic values for what no test has set.

What is there when follows Envoy: members that need the request's headers are there while the
plugin can reach these, so not in response callbacks; results are there once they are known.
Source: Envoy, `filters/common/expr/context.cc`, and what Envoy 1.40 answered.
"""

from typing import TYPE_CHECKING, Final

from mixer2.testhost.abi import Status
from mixer2.testhost.errors import Refused
from mixer2.testhost.header_map import HeaderMap
from mixer2.testhost.local_reply import grpc_status_of
from mixer2.testhost.metadata import metadata
from mixer2.testhost.properties import (
    AttributePath,
    AttributeValue,
    Message,
    Namespace,
    elements,
    step,
)

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

DEFAULT_ATTRIBUTES: Final[dict[AttributePath, AttributeValue]] = {
    "connection.id": 1,
    "connection.mtls": False,
    "connection.requested_server_name": "",
    "destination.address": "127.0.0.1:10000",
    "destination.port": 10000,
    "request.protocol": "HTTP/1.1",
    "response.backend_latency": 0,
    "source.address": "127.0.0.1:50000",
    "source.port": 50000,
    "upstream.num_endpoints": 1,
    "xds.cluster_metadata": metadata(),
    "xds.cluster_name": "upstream",
    "xds.filter_chain_name": "",
    "xds.listener_direction": 0,
    "xds.listener_metadata": metadata(),
    "xds.route_metadata": metadata(),
    "xds.route_name": "",
    "xds.virtual_host_metadata": metadata(),
    "xds.virtual_host_name": "default",
}
"""Constants of an exchange that no test described: Envoy on loopback, without TLS."""

CONNECTED_ATTRIBUTES: Final[dict[AttributePath, AttributeValue]] = {
    "upstream.address": "127.0.0.1:8080",
    "upstream.local_address": "127.0.0.1:50001",
    "upstream.locality": Message({"region": "", "zone": "", "sub_zone": ""}, lambda: b""),
    "upstream.port": 8080,
    "upstream.request_attempt_count": 1,
    "upstream.transport_failure_reason": "",
    "xds.upstream_host_locality_metadata": None,
    "xds.upstream_host_metadata": None,
}
"""Further ones from when the request's headers have reached the upstream."""


class HttpAttributes:
    """What `get_property` finds in one exchange.

    Args:
        stream: The exchange.
        overrides: Values that a test has set, by path.
    """

    def __init__(
        self, stream: "HttpStream", overrides: dict[AttributePath, AttributeValue]
    ) -> None:
        self._stream = stream
        self._overrides = {elements(path): value for path, value in overrides.items()}
        self._stored: dict[str, bytes] = {}
        self.filter_state: dict[str, bytes] = {}

    def top(self, name: str) -> AttributeValue:
        """A top-level attribute. Raises KeyError when it is not there."""
        match name:
            case "request":
                members = self._request_members()
            case "response":
                members = self._response_members()
            case "filter_state":
                members = {f"wasm.{key}": value for key, value in self._stored.items()}
                members |= self.filter_state
            case "connection" | "destination" | "source" | "upstream" | "xds":
                members = self._constants(name)
            case "metadata":
                return metadata(self._overridden(name).get("filter_metadata"))
            case _:
                return self._single(name)
        return Namespace({**members, **self._overridden(name)})

    def store(self, path: str, value: bytes) -> None:
        """Keep what `set_property` stores; the whole path is one name.

        Raises:
            Refused: BAD_ARGUMENT for a second value of what was declared read-only.
        """
        if path in self._stored and self._stream.root.declared.get(path, False):
            raise Refused(Status.BAD_ARGUMENT)
        self._stored[path] = value

    def _single(self, name: str) -> AttributeValue:
        """An attribute of one element."""
        if (name,) in self._overrides:
            return self._overrides[name,]
        if name == "connection_id":
            return step(self.top("connection"), "id")
        try:
            return self._stream.root.plugin_attribute(name)
        except KeyError:
            return self._stored[name]

    def _overridden(self, name: str) -> dict[str, AttributeValue]:
        """Members that a test has set: a value, or a tree when the path goes deeper."""
        trees: dict[str, AttributeValue] = {}
        for path in sorted(self._overrides, key=len):
            if path[0] == name and len(path) > 1:
                _plant(trees, path[1:], self._overrides[path])
        return trees

    def _constants(self, name: str) -> dict[str, AttributeValue]:
        connected = self._stream.upstream_request is not None
        values = [DEFAULT_ATTRIBUTES, *([CONNECTED_ATTRIBUTES] if connected else [])]
        members: dict[str, AttributeValue] = {}
        if name == "upstream":
            members["request_attempt_count"] = 0
        if name == "xds":
            members["node"] = step(self._stream.vm.proxy.xds_attributes(), "node")
        for group in values:
            for path, value in group.items():
                first, *rest = elements(path)
                if first == name:
                    members[rest[0]] = value
        return members

    def _request_members(self) -> dict[str, AttributeValue]:
        stream = self._stream
        visible = stream.request_headers if stream.in_log_phase else stream.request.headers
        headers_bytes = visible.byte_size if visible is not None else 0
        members: dict[str, AttributeValue] = {
            "headers": visible if visible is not None else HeaderMap(),
            "headers_bytes": headers_bytes,
            "protocol": DEFAULT_ATTRIBUTES["request.protocol"],
            "size": stream.received_size,
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
        if stream.upstream_request is not None and half.leg.headers is not None:
            members["backend_latency"] = DEFAULT_ATTRIBUTES["response.backend_latency"]
        if stream.details:
            members["code_details"] = stream.details
        if stream.status_code is not None:
            members["code"] = stream.status_code
            members["grpc_status"] = _grpc_status(stream.status_code, trailers, headers)
        return members


def _grpc_status(status_code: int, trailers: HeaderMap | None, headers: HeaderMap | None) -> int:
    """Of the trailers, else of the headers, else what the HTTP status means in gRPC."""
    for source in (trailers, headers):
        told = None if source is None else source.get("grpc-status")
        if told is not None and told.isdigit():
            return int(told)
    return grpc_status_of(status_code)


def _plant(tree: dict[str, AttributeValue], path: tuple[str, ...], value: AttributeValue) -> None:
    for name in path[:-1]:
        below = tree.setdefault(name, {})
        if not isinstance(below, dict):
            raise TypeError(f"attribute {name!r} cannot have a value and members")
        tree = below
    tree[path[-1]] = value
