"""The attributes of an HTTP exchange, with realistic values for what no test has set.

What is there when follows Envoy: members that need the request's headers are there while the
plugin can reach these, so not in response callbacks; results are there once they are known.
Source: Envoy, `filters/common/expr/context.cc`, and what Envoy 1.40 answered.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from mixer2.testhost.header_map import HeaderMap
from mixer2.testhost.properties import AttributePath, AttributeValue, Namespace, elements, step

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
    "metadata.filter_metadata": {},
    "request.protocol": "HTTP/1.1",
    "response.backend_latency": 0,
    "response.flags": 0,
    "source.address": "127.0.0.1:50000",
    "source.port": 50000,
    "upstream.address": "127.0.0.1:8080",
    "upstream.local_address": "127.0.0.1:50001",
    "upstream.num_endpoints": 1,
    "upstream.port": 8080,
    "upstream.request_attempt_count": 1,
    "xds.cluster_metadata": {},
    "xds.cluster_name": "upstream",
    "xds.filter_chain_name": "",
    "xds.listener_direction": 0,
    "xds.listener_metadata": {},
    "xds.route_metadata": {},
    "xds.route_name": "",
    "xds.upstream_host_metadata": {},
    "xds.virtual_host_metadata": {},
    "xds.virtual_host_name": "default",
}
"""Constants of an exchange that no test described: Envoy on loopback, without TLS."""

_NEEDS_UPSTREAM: Final = frozenset(
    {
        "upstream.address",
        "upstream.local_address",
        "upstream.port",
        "upstream.request_attempt_count",
        "xds.upstream_host_metadata",
    }
)


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
        self._values: dict[tuple[str, ...], AttributeValue] = {
            elements(path): value
            for values in (DEFAULT_ATTRIBUTES, overrides)
            for path, value in values.items()
        }
        self._always = {elements(path) for path in overrides}
        self._stored: dict[str, bytes] = {}

    def top(self, name: str) -> AttributeValue:
        """A top-level attribute. Raises KeyError when it is not there."""
        match name:
            case "request":
                return self._namespace(name, self._request_members())
            case "response":
                return self._namespace(name, self._response_members())
            case "connection_id":
                return self._values["connection", "id"]
            case "filter_state":
                stored = {f"wasm.{key}": _constant(value) for key, value in self._stored.items()}
                return self._namespace(name, stored)
            case "connection" | "destination" | "metadata" | "source" | "upstream" | "xds":
                return self._namespace(name, self._plain_members(name))
        if name in self._stored:
            return self._stored[name]
        if (name,) in self._values:
            return self._values[name,]
        return self._stream.root.plugin_attribute(name)

    def store(self, path: str, value: bytes) -> None:
        """Keep what `set_property` stores; the whole path is one name."""
        self._stored[path] = value

    def _namespace(
        self, name: str, members: dict[str, Callable[[], AttributeValue]]
    ) -> AttributeValue:
        return Namespace({**members, **self._overridden(name)})

    def _overridden(self, name: str) -> dict[str, Callable[[], AttributeValue]]:
        """Members that a test has set: a value, or a tree when the path goes deeper."""
        trees: dict[str, AttributeValue] = {}
        for path in sorted(self._always, key=len):
            if path[0] == name and len(path) > 1:
                _plant(trees, path[1:], self._values[path])
        return {key: _constant(tree) for key, tree in trees.items()}

    def _plain_members(self, name: str) -> dict[str, Callable[[], AttributeValue]]:
        connected = self._stream.response_half.leg.headers is not None
        members = {
            path[1]: _constant(value)
            for path, value in self._values.items()
            if path[0] == name and len(path) == 2
            if connected or ".".join(path) not in _NEEDS_UPSTREAM
        }
        if name == "xds":
            node = self._stream.vm.proxy.xds_attributes()
            members |= {"node": lambda: step(node, "node")}
        return members

    def _request_members(self) -> dict[str, Callable[[], AttributeValue]]:
        stream = self._stream
        visible = stream.request_headers if stream.in_log_phase else stream.request.headers
        body_size = stream.received_size
        members: dict[str, Callable[[], AttributeValue]] = {
            "headers": _constant(visible if visible is not None else HeaderMap()),
            "protocol": _constant(self._values["request", "protocol"]),
            "size": _constant(body_size),
            "time": _constant(stream.started_at),
            "total_size": _constant(body_size + (visible.byte_size if visible else 0)),
        }
        if stream.completed_at is not None:
            members["duration"] = _constant(stream.completed_at - stream.started_at)
        if visible is not None:
            for member, header in _REQUEST_FIELDS.items():
                value = visible.get(header)
                if value is not None:
                    members[member] = _constant(value)
            path, _, query = (visible.get(":path") or "").partition("?")
            members["url_path"] = _constant(path)
            members["query"] = _constant(query)
        return members

    def _response_members(self) -> dict[str, Callable[[], AttributeValue]]:
        stream = self._stream
        known = stream.response_half.leg.headers
        headers = (
            stream.response.headers
            if stream.in_log_phase and stream.response is not None
            else stream.response_half.headers
        )
        trailers = (
            stream.response_half.leg.trailers
            if stream.in_log_phase
            else stream.response_half.trailers
        )
        sent = 0 if stream.response is None else len(stream.response.body)
        members: dict[str, Callable[[], AttributeValue]] = {
            "flags": _constant(self._values["response", "flags"]),
            "headers": _constant(headers if headers is not None else HeaderMap()),
            "size": _constant(sent),
            "total_size": _constant(
                sent
                + (headers.byte_size if headers is not None else 0)
                + (trailers.byte_size if trailers is not None else 0)
            ),
            "trailers": _constant(trailers if trailers is not None else HeaderMap()),
        }
        if stream.upstream_request is not None and known is not None:
            members["backend_latency"] = _constant(self._values["response", "backend_latency"])
        if known is not None:
            members["code"] = _constant(int(known[":status"]))
            members["code_details"] = _constant(stream.details)
        for source in (trailers, headers):
            grpc_status = None if source is None else source.get("grpc-status")
            if grpc_status is not None and grpc_status.isdigit():
                members["grpc_status"] = _constant(int(grpc_status))
                break
        return members


def _constant(value: AttributeValue) -> Callable[[], AttributeValue]:
    return lambda: value


def _plant(tree: dict[str, AttributeValue], path: tuple[str, ...], value: AttributeValue) -> None:
    for name in path[:-1]:
        below = tree.setdefault(name, {})
        if not isinstance(below, dict):
            raise TypeError(f"attribute {name!r} cannot have a value and members")
        tree = below
    tree[path[-1]] = value
