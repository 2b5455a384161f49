"""Metrics of the xDS server, in Prometheus' terms.

Counters and histograms are kept while the server works; what it is (nodes, streams, rejections) is
read when somebody looks.
"""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from mixer2.xds.messages import Response
from mixer2.xds.nodes import Nodes
from mixer2.xds.resource import PUSH_ORDER, service

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_OTHER = "other"
_TYPES = {type_url: service(type_url) for type_url in PUSH_ORDER}
_SETTLE_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)


class StreamMetrics:
    """What streams count; one object for all of a server.

    Args:
        registry: Where the metrics are found.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        def by_type(name: str, text: str) -> dict[str, Counter]:
            counter = Counter(f"mixer2_xds_{name}", text, ["type"], registry=registry)
            return {label: counter.labels(label) for label in (*_TYPES.values(), _OTHER)}

        self._requests = by_type("requests", "Requests, of all kinds.")
        self._responses = by_type("responses", "Responses.")
        self._resources = by_type("resources_sent", "Resources in responses.")
        self._removals = by_type("removals_sent", "Names in responses of what does not exist.")
        self._acks = by_type("acks", "Responses that were accepted.")
        self._nacks = by_type("nacks", "Responses that were rejected.")
        self._settled = Histogram(
            "mixer2_xds_settle_seconds",
            "From a change until a node that wants it had answered all of it.",
            buckets=_SETTLE_BUCKETS,
            registry=registry,
        )

    def received(self, type_url: str) -> None:
        """Count a request."""
        self._requests[_label(type_url)].inc()

    def sent(self, response: Response) -> None:
        """Count a response."""
        label = _label(response.type_url)
        self._responses[label].inc()
        self._resources[label].inc(len(response.resources))
        if response.removed:
            self._removals[label].inc(len(response.removed))

    def answered(self, type_url: str, *, accepted: bool) -> None:
        """Count an ACK or a NACK."""
        (self._acks if accepted else self._nacks)[_label(type_url)].inc()

    def settled(self, seconds: float) -> None:
        """Count a node that has answered all of a change."""
        self._settled.observe(seconds)


class ServerMetrics:
    """All metrics of one server.

    Args:
        nodes: What is known of the clients.
    """

    def __init__(self, nodes: Nodes) -> None:
        self._registry = CollectorRegistry()
        self.streams = StreamMetrics(self._registry)
        self.opened = Counter(
            "mixer2_xds_streams_opened", "Streams.", ["variant"], registry=self._registry
        )
        self.refused = Counter(
            "mixer2_xds_streams_refused",
            "Streams that ended with an error of the client's.",
            ["status"],
            registry=self._registry,
        )
        self._registry.register(_NodeCollector(nodes))
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def text(self) -> bytes:
        """Return all metrics as Prometheus reads them (`CONTENT_TYPE`)."""
        return generate_latest(self._registry)


class _NodeCollector(Collector):
    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes

    def collect(self) -> Iterator[Metric]:
        nodes = list(self._nodes)
        connected = sum(one.connected for one in nodes)
        known = GaugeMetricFamily("mixer2_xds_nodes", "Nodes that are known.", labels=["state"])
        known.add_metric(["connected"], connected)
        known.add_metric(["disconnected"], len(nodes) - connected)
        yield known
        yield GaugeMetricFamily(
            "mixer2_xds_streams", "Streams that are open.", sum(one.streams for one in nodes)
        )
        refused = dict.fromkeys((*_TYPES.values(), _OTHER), 0)
        for node in nodes:
            for type_url, status in node.types.items():
                refused[_label(type_url)] += len(status.rejections)
        rejections = GaugeMetricFamily(
            "mixer2_xds_rejections",
            "Resources that are wanted in a version that a node refused.",
            labels=["type"],
        )
        for label, count in refused.items():
            rejections.add_metric([label], count)
        yield rejections


def _label(type_url: str) -> str:
    """Clients can name any type; labels are bounded."""
    return _TYPES.get(type_url, _OTHER)
