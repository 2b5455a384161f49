"""The vocabulary: every attribute that expressions may name.

Names and meanings are Envoy's where Envoy has them. Reading a header costs nothing worth counting,
everything else a host call of 1 to 2 us, once per exchange. An attribute of the response is there
for reports only, when the exchange is over.

Source: Envoy documentation, "Attributes"; which are there in which callback was measured.
"""

from enum import Enum
from typing import Final

from adapters.mixer.bag import Attribute, AttributeBag
from adapters.mixer.types import Type
from pal import PalError, attributes


class Source(Enum):
    """Where an attribute is read from."""

    REQUEST_HEADER = 0
    RESPONSE_HEADERS = 1
    REQUEST_HEADERS = 2
    PROPERTY = 3
    URL_PATH = 4
    QUERY = 5
    STATUS_CODE = 6
    IP_ADDRESS = 7


class Entry:
    """A line of the vocabulary.

    Args:
        name: What expressions call it.
        kind: Its type.
        source: Where it is read from.
        path: Name of the header, or path of the proxy's attribute.
        from_response: Whether it is there for reports only.
        description: What it is, with its unit.
    """

    def __init__(
        self,
        name: str,
        kind: Type,
        source: Source,
        path: str,
        from_response: bool,
        description: str,
    ) -> None:
        self.name = name
        self.kind = kind
        self.source = source
        self.path = path
        self.from_response = from_response
        self.description = description


def _header(name: str, path: str, description: str) -> Entry:
    return Entry(name, Type.TEXT, Source.REQUEST_HEADER, path, False, description)


def _fact(name: str, kind: Type, description: str, path: str = "") -> Entry:
    return Entry(name, kind, Source.PROPERTY, path or name, False, description)


def _outcome(name: str, kind: Type, description: str, path: str = "") -> Entry:
    return Entry(name, kind, Source.PROPERTY, path or name, True, description)


VOCABULARY: Final = [
    _header("request.method", ":method", "method, as the client sent it"),
    _header("request.path", ":path", "path and query"),
    Entry("request.url_path", Type.TEXT, Source.URL_PATH, "", False, "path without query"),
    Entry("request.query", Type.TEXT, Source.QUERY, "", False, "query without `?`; may be absent"),
    _header("request.host", ":authority", "`:authority`, or `host` of HTTP/1"),
    _header("request.scheme", ":scheme", "`http` or `https`"),
    _header("request.user_agent", "user-agent", "header `user-agent`"),
    _header("request.referer", "referer", "header `referer`"),
    _header("request.id", "x-request-id", "header `x-request-id`"),
    Entry(
        "request.headers",
        Type.MAP,
        Source.REQUEST_HEADERS,
        "",
        False,
        "all headers by their names in lower case; of several values the first",
    ),
    _fact("request.protocol", Type.TEXT, "`HTTP/1.0`, `HTTP/1.1`, `HTTP/2` or `HTTP/3`"),
    _fact("request.time", Type.INT, "when the first byte came, nanoseconds since 1970"),
    _outcome("request.size", Type.INT, "bytes of the request's body"),
    _outcome("request.total_size", Type.INT, "bytes of the request: headers, body, trailers"),
    _outcome("request.duration", Type.DURATION, "from the first byte to the end of the exchange"),
    Entry(
        "response.code",
        Type.INT,
        Source.STATUS_CODE,
        "",
        True,
        "status code; absent when the exchange ended without a response",
    ),
    _outcome("response.code_details", Type.TEXT, "who answered, and why"),
    _outcome(
        "response.grpc_status", Type.INT, "gRPC status, or what the HTTP status means in gRPC"
    ),
    _outcome("response.flags", Type.INT, "what went wrong, as Envoy's bits; 0 for nothing"),
    _outcome("response.size", Type.INT, "bytes of the response's body"),
    _outcome("response.total_size", Type.INT, "bytes of the response: headers, body, trailers"),
    _outcome(
        "response.backend_latency",
        Type.DURATION,
        "from the last byte sent to the upstream to the first that came back",
    ),
    Entry(
        "response.headers",
        Type.MAP,
        Source.RESPONSE_HEADERS,
        "",
        True,
        "all headers by their names in lower case; of several values the first",
    ),
    Entry(
        "source.ip",
        Type.TEXT,
        Source.IP_ADDRESS,
        "source.address",
        False,
        "IP address of the client",
    ),
    _fact("source.address", Type.TEXT, "address of the client, `IP:PORT`"),
    _fact("source.port", Type.INT, "port of the client"),
    Entry(
        "destination.ip",
        Type.TEXT,
        Source.IP_ADDRESS,
        "destination.address",
        False,
        "IP address that the client connected to",
    ),
    _fact("destination.address", Type.TEXT, "address that the client connected to, `IP:PORT`"),
    _fact("destination.port", Type.INT, "port that the client connected to"),
    _fact("connection.id", Type.INT, "number of the client's connection in this proxy"),
    _fact("connection.mtls", Type.BOOL, "whether the client showed a certificate"),
    _fact("connection.requested_server_name", Type.TEXT, "server name of TLS (SNI)"),
    _fact("connection.tls_version", Type.TEXT, "`TLSv1.3` and the like; absent without TLS"),
    _fact("connection.subject_peer_certificate", Type.TEXT, "subject of the client's certificate"),
    _fact(
        "connection.dns_san_peer_certificate",
        Type.TEXT,
        "first DNS name of the client's certificate",
    ),
    _fact(
        "connection.uri_san_peer_certificate", Type.TEXT, "first URI of the client's certificate"
    ),
    _fact(
        "connection.sha256_peer_certificate_digest",
        Type.TEXT,
        "SHA-256 of the client's certificate, in hex",
    ),
    _outcome("upstream.address", Type.TEXT, "address of the upstream, `IP:PORT`"),
    _outcome("upstream.port", Type.INT, "port of the upstream"),
    _outcome("upstream.locality.zone", Type.TEXT, "zone of the endpoint"),
    _outcome("upstream.request_attempt_count", Type.INT, "how often the request was sent upstream"),
    _outcome(
        "upstream.transport_failure_reason",
        Type.TEXT,
        "why the connection to the upstream failed",
    ),
    _fact("upstream.cluster", Type.TEXT, "cluster that the route chose", "xds.cluster_name"),
    _fact("route.name", Type.TEXT, "name of the route", "xds.route_name"),
    _fact("virtual_host.name", Type.TEXT, "name of the virtual host", "xds.virtual_host_name"),
    _fact("node.id", Type.TEXT, "id of the proxy", "xds.node.id"),
    _fact("node.cluster", Type.TEXT, "group of the proxy", "xds.node.cluster"),
    _fact("node.zone", Type.TEXT, "zone of the proxy", "xds.node.locality.zone"),
    _fact(
        "listener.direction", Type.INT, "1 inbound, 2 outbound, else 0", "xds.listener_direction"
    ),
    _fact("plugin.name", Type.TEXT, "name of the plugin's installation", "plugin_name"),
]


def built_in(entry: Entry) -> Attribute:
    """The attribute of a line that is not a map."""
    if entry.source is Source.REQUEST_HEADER:
        return RequestHeader(entry.name, entry.path)
    if entry.source is Source.URL_PATH:
        return _UrlPath(entry.name)
    if entry.source is Source.QUERY:
        return _Query(entry.name)
    if entry.source is Source.STATUS_CODE:
        return _StatusCode(entry.name)
    if entry.source is Source.IP_ADDRESS:
        return _IpAddress(entry)
    return _Property(entry)


class RequestHeader(Attribute):
    """First value of a header of the request."""

    def __init__(self, name: str, header: str) -> None:
        super().__init__(name, Type.TEXT)
        self._header = header

    def read(self, bag: AttributeBag) -> object:
        """From the header map."""
        return bag.request.get(self._header)


class ResponseHeader(Attribute):
    """First value of a header of the response."""

    def __init__(self, name: str, header: str) -> None:
        super().__init__(name, Type.TEXT, from_response=True)
        self._header = header

    def read(self, bag: AttributeBag) -> object:
        """From the header map; absent without a response."""
        return bag.response_header(self._header)


class _UrlPath(Attribute):
    def __init__(self, name: str) -> None:
        super().__init__(name, Type.TEXT)

    def read(self, bag: AttributeBag) -> object:
        path = bag.request.get(":path")
        return None if path is None else path.partition("?")[0]


class _Query(Attribute):
    def __init__(self, name: str) -> None:
        super().__init__(name, Type.TEXT)

    def read(self, bag: AttributeBag) -> object:
        path = bag.request.get(":path")
        if path is None or "?" not in path:
            return None
        return path.partition("?")[2]


class _StatusCode(Attribute):
    def __init__(self, name: str) -> None:
        super().__init__(name, Type.INT, from_response=True)

    def read(self, bag: AttributeBag) -> object:
        return None if bag.status_code == 0 else bag.status_code


class _Property(Attribute):
    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.name, entry.kind, entry.from_response)
        self._path = entry.path

    def read(self, bag: AttributeBag) -> object:
        try:
            if self.kind is Type.TEXT:
                return attributes.get_str(self._path)
            if self.kind is Type.BOOL:
                return attributes.get_bool(self._path)
            return attributes.get_int(self._path)
        except PalError:
            # Another filter's value under this name, of another type: the same as none.
            return None


class _IpAddress(Attribute):
    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.name, entry.kind)
        self._path = entry.path

    def read(self, bag: AttributeBag) -> object:
        address = attributes.get_str(self._path)
        return None if address is None else ip_of(address)


def ip_of(address: str) -> str:
    """IP address of `IP:PORT` or `[IP]:PORT`; anything else as it is."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    if address.count(":") == 1:
        return address.partition(":")[0]
    return address
