"""The vocabulary: every attribute that expressions may name.

Names and meanings are Envoy's where Envoy has them; `mixer2.mixer.descriptions` says what each is.
Reading a header costs nothing worth counting, everything else a host call of 1 to 2 us, once per
exchange. An attribute that is there at the `end` is for reports only, when the exchange is over.

Source: Envoy documentation, "Attributes"; which are there in which callback was measured.
"""

from typing import Final

from adapters.mixer.bag import Attribute, AttributeBag
from adapters.mixer.types import Type, type_of
from pal import PalError, attributes, ip_address
from pal.text import before, behind

# Text, because a module starts with it as it is: name, type, since when it is there, source, and
# the header's name or the path of the proxy's attribute (`=` is the name itself).
_TABLE: Final = """
request.method string begin method =
request.path string begin path =
request.url_path string begin url_path =
request.query string begin query =
request.host string begin host =
request.scheme string begin header :scheme
request.user_agent string begin header user-agent
request.referer string begin header referer
request.id string begin header x-request-id
request.headers map begin headers =
request.protocol string begin property =
request.time int begin property =
request.size int end property =
request.total_size int end property =
request.duration duration end property =
response.code int end status =
response.code_details string end property =
response.grpc_status int end property =
response.flags int end property =
response.size int end property =
response.total_size int end property =
response.backend_latency duration end property =
response.headers map end headers =
source.ip string begin ip source.address
source.address string begin property =
source.port int begin property =
destination.ip string begin ip destination.address
destination.address string begin property =
destination.port int begin property =
connection.id int begin property =
connection.mtls bool begin property =
connection.requested_server_name string begin property =
connection.tls_version string begin property =
connection.subject_peer_certificate string begin property =
connection.dns_san_peer_certificate string begin property =
connection.uri_san_peer_certificate string begin property =
connection.sha256_peer_certificate_digest string begin property =
upstream.address string end property =
upstream.port int end property =
upstream.locality.zone string end property =
upstream.request_attempt_count int end property =
upstream.transport_failure_reason string end property =
upstream.cluster string begin property xds.cluster_name
route.name string begin property xds.route_name
virtual_host.name string begin property xds.virtual_host_name
node.id string begin property xds.node.id
node.cluster string begin property xds.node.cluster
node.zone string begin property xds.node.locality.zone
listener.direction int begin property xds.listener_direction
plugin.name string begin property plugin_name
"""


class Entry:
    """A line of the vocabulary.

    Attributes:
        name: What expressions call it.
        kind: Its type.
        from_response: Whether it is there for reports only.
        source: Where it is read from.
        path: Name of the header, or path of the proxy's attribute.
    """

    def __init__(self, line: str) -> None:
        words = line.split(" ")
        self.name = words[0]
        self.kind: Type = type_of(words[1])
        self.from_response = words[2] == "end"
        self.source = words[3]
        self.path = words[0] if words[4] == "=" else words[4]


class Vocabulary:
    """The attributes of one kind of traffic.

    Args:
        table: A line for each, as above.
    """

    def __init__(self, table: str) -> None:
        self._table = table

    def find(self, name: str) -> Entry | None:
        """The line of an attribute; None when there is none."""
        start = self._table.find(f"\n{name} ")
        if start < 0:
            return None
        return Entry(self._table[start + 1 : self._table.find("\n", start + 1)])

    def names(self) -> list[str]:
        """All names, in the order of the table."""
        return [before(line, " ") for line in self._table.strip().split("\n")]

    def attribute(self, entry: Entry) -> Attribute:
        """The attribute of a line that is not a map."""
        return built_in(entry)


EXCHANGES: Final = Vocabulary(_TABLE)
"""What there is to know of HTTP exchanges."""


def built_in(entry: Entry) -> Attribute:
    """The attribute of a line that is not a map, and that the proxy knows."""
    if entry.source == "header":
        return RequestHeader(entry.name, entry.path)
    if entry.source == "method":
        return _Method(entry.name)
    if entry.source == "host":
        return _Host(entry.name)
    if entry.source == "path":
        return _Path(entry.name)
    if entry.source == "url_path":
        return _UrlPath(entry.name)
    if entry.source == "query":
        return _Query(entry.name)
    if entry.source == "status":
        return _StatusCode(entry.name)
    return proxy_attribute(entry)


def proxy_attribute(entry: Entry) -> Attribute:
    """The attribute of a line that is one of the proxy's."""
    return _IpAddress(entry) if entry.source == "ip" else _Property(entry)


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


class _OfRequest(Attribute):
    """A text of the request's head."""

    def __init__(self, name: str) -> None:
        super().__init__(name, Type.TEXT)


class _Method(_OfRequest):
    def read(self, bag: AttributeBag) -> object:
        head = bag.head
        return bag.request.get(":method") if head is None else head.method or None


class _Host(_OfRequest):
    def read(self, bag: AttributeBag) -> object:
        head = bag.head
        return bag.request.get(":authority") if head is None else head.host or None


class _Path(_OfRequest):
    def read(self, bag: AttributeBag) -> object:
        return bag.path()


class _UrlPath(_OfRequest):
    def read(self, bag: AttributeBag) -> object:
        path = bag.path()
        return None if path is None else before(path, "?")


class _Query(_OfRequest):
    def read(self, bag: AttributeBag) -> object:
        path = bag.path()
        if path is None or "?" not in path:
            return None
        return behind(path, "?")


class _StatusCode(Attribute):
    def __init__(self, name: str) -> None:
        super().__init__(name, Type.INT, from_response=True)

    def read(self, bag: AttributeBag) -> object:
        return None if bag.status_code == 0 else bag.status_code


class _Property(Attribute):
    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.name, entry.kind, entry.from_response)
        self._path = attributes.separated(entry.path)

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
        self._path = attributes.separated(entry.path)

    def read(self, bag: AttributeBag) -> object:
        address = attributes.get_str(self._path)
        return None if address is None else ip_address.without_port(address)
