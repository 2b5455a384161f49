"""The vocabulary of TCP connections: what expressions may name where there are no exchanges.

TLS with the client is not done when the connection is new, so what it brings is there at the end;
but the server name, which Envoy's TLS inspector reads before, is there at once.

Source: Envoy documentation, "Attributes"; which are there in which callback was measured.
"""

from typing import Final

from adapters.mixer.bag import Attribute, AttributeBag
from adapters.mixer.vocabulary import Entry, Vocabulary, proxy_attribute

_TABLE: Final = """
source.ip string begin ip source.address
source.address string begin property =
source.port int begin property =
destination.ip string begin ip destination.address
destination.address string begin property =
destination.port int begin property =
connection.id int begin property =
connection.requested_server_name string begin property =
connection.mtls bool end property =
connection.tls_version string end property =
connection.subject_peer_certificate string end property =
connection.dns_san_peer_certificate string end property =
connection.uri_san_peer_certificate string end property =
connection.sha256_peer_certificate_digest string end property =
connection.received_bytes int end fact =
connection.sent_bytes int end fact =
connection.duration duration end fact =
connection.closed_by string end fact =
connection.close_reason string end fact =
upstream.address string end property =
upstream.port int end property =
upstream.cluster string end property xds.cluster_name
node.id string begin property xds.node.id
node.cluster string begin property xds.node.cluster
node.zone string begin property xds.node.locality.zone
listener.direction int begin property xds.listener_direction
plugin.name string begin property plugin_name
"""


class _ConnectionVocabulary(Vocabulary):
    def attribute(self, entry: Entry) -> Attribute:
        """A fact that the plugin found out, or an attribute of the proxy's."""
        return _Fact(entry) if entry.source == "fact" else proxy_attribute(entry)


class _Fact(Attribute):
    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.name, entry.kind, from_response=True)

    def read(self, bag: AttributeBag) -> object:
        connection = bag.connection
        if connection is None:
            return None
        if self.name == "connection.received_bytes":
            return connection.received_bytes
        if self.name == "connection.sent_bytes":
            return connection.sent_bytes
        if self.name == "connection.duration":
            return connection.duration_ns
        if self.name == "connection.closed_by":
            return connection.closed_by
        return connection.close_reason or None


CONNECTIONS: Final[Vocabulary] = _ConnectionVocabulary(_TABLE)
"""What there is to know of connections."""
