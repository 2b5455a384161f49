"""TCP connections as metrics, per protocol and who closed them.

    mixer2_tcp_connections_total{protocol=,closed_by=}   counter, connections that are over
    mixer2_tcp_received_bytes_total{protocol=}           counter, bytes of clients
    mixer2_tcp_sent_bytes_total{protocol=}               counter, bytes of upstreams
    mixer2_tcp_duration_ms{protocol=}                    histogram, milliseconds

The values of the labels are few: protocols are those that a sniffer knows, `none` where nobody
looked.
"""

from typing import Final

from adapters.events import TcpConnection
from pal.metrics import Counter, Histogram, LabelledCounter
from pal.stat_names import stat_name

CONNECTIONS: Final = "mixer2_tcp_connections_total"
RECEIVED_BYTES: Final = "mixer2_tcp_received_bytes_total"
SENT_BYTES: Final = "mixer2_tcp_sent_bytes_total"
DURATION_MS: Final = "mixer2_tcp_duration_ms"

NO_PROTOCOL: Final = "none"

_MAX_PROTOCOLS: Final = 32
_MAX_CLOSERS: Final = 4
_NS_PER_MS: Final = 1_000_000


class TcpMetrics:
    """Reports connections to the proxy's stats."""

    def __init__(self) -> None:
        limit = _MAX_PROTOCOLS * _MAX_CLOSERS
        self._connections = LabelledCounter(CONNECTIONS, ["protocol", "closed_by"], limit)
        self._protocols: dict[str, _ProtocolMetrics] = {}

    def report(self, connection: TcpConnection) -> None:
        """Count one connection."""
        protocol = connection.protocol or NO_PROTOCOL
        self._connections.increment([protocol, connection.closed_by])
        metrics = self._protocols.get(protocol)
        if metrics is None:
            metrics = _ProtocolMetrics(protocol)
            self._protocols[protocol] = metrics
        metrics.report(connection)


class _ProtocolMetrics:
    """The metrics of one protocol."""

    def __init__(self, protocol: str) -> None:
        self._received = Counter(stat_name(RECEIVED_BYTES, ["protocol"], [protocol]))
        self._sent = Counter(stat_name(SENT_BYTES, ["protocol"], [protocol]))
        self._duration = Histogram(stat_name(DURATION_MS, ["protocol"], [protocol]))

    def report(self, connection: TcpConnection) -> None:
        if connection.received_bytes > 0:
            self._received.increment(connection.received_bytes)
        if connection.sent_bytes > 0:
            self._sent.increment(connection.sent_bytes)
        self._duration.record((connection.duration_ns + _NS_PER_MS // 2) // _NS_PER_MS)
