"""`metrics` of connections, by labels that the instance names.

    handlers:
      stats: {metrics: {}}
    rules:
    - report: stats
      with: {service: upstream.cluster}

    mixer2_tcp_connections_total{...,closed_by=}   counter, connections that are over
    mixer2_tcp_received_bytes_total{...}           counter, bytes of clients
    mixer2_tcp_sent_bytes_total{...}               counter, bytes of upstreams
    mixer2_tcp_duration_ms{...}                    histogram, milliseconds

A worker admits the first `max_series` combinations of an instance's values; the rest counts under
labels that all say `other`.
"""

from typing import Final

from adapters.backend.connection_report import ConnectionPassage
from adapters.backend.instance import Instance
from adapters.backend.kind import ReportKind, Setup
from adapters.backend.log_line import rounded_ms
from adapters.backend.report import Passage, Report
from adapters.backend.tcp_metrics import CONNECTIONS, DURATION_MS, RECEIVED_BYTES, SENT_BYTES
from adapters.events import HttpExchange
from pal.metrics import LabelledCounter, LabelledHistogram

_MAX_CLOSERS: Final = 4


class ConnectionMetrics(Report):
    """Counts and times connections.

    Args:
        instances: Names of the labels, by instance.
        max_series: Most combinations of values of one instance, per worker.
    """

    def __init__(self, instances: list[Instance], max_series: int) -> None:
        super().__init__(wants_sizes=True)
        self._series = [_Labelled(instance.names, max_series) for instance in instances]

    def report(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> None:
        """Count one."""
        if isinstance(passage, ConnectionPassage):
            self._series[instance.number].report(values, passage)


class _Labelled:
    """The series of one instance."""

    def __init__(self, labels: list[str], max_series: int) -> None:
        self._connections = LabelledCounter(
            CONNECTIONS, [*labels, "closed_by"], max_series * _MAX_CLOSERS
        )
        self._received = LabelledCounter(RECEIVED_BYTES, labels, max_series)
        self._sent = LabelledCounter(SENT_BYTES, labels, max_series)
        self._duration = LabelledHistogram(DURATION_MS, labels, max_series)

    def report(self, values: list[str], passage: ConnectionPassage) -> None:
        connection = passage.connection
        self._connections.increment([*values, connection.closed_by])
        if connection.received_bytes > 0:
            self._received.increment(values, connection.received_bytes)
        if connection.sent_bytes > 0:
            self._sent.increment(values, connection.sent_bytes)
        self._duration.record(values, rounded_ms(connection.duration_ns))


class ConnectionMetricsKind(ReportKind):
    """The kind `metrics`, of connections."""

    def __init__(self) -> None:
        super().__init__("metrics", is_open=True)

    def create(self, setup: Setup) -> Report:
        """Read `max_series`."""
        max_series = setup.settings.get_int("max_series", 200, minimum=1, maximum=100_000)
        return ConnectionMetrics(setup.instances, max_series)
