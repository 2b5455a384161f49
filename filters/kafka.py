"""Observes the Kafka connections that pass, traces their records, and feeds canaries of topics.

Configuration, a JSON object whose fields all have defaults:

    inject            false    give a `traceparent` to every produced record that has none
    max_request       1114112  bytes of one request that are looked at; larger ones pass unchanged
    max_response      1048576  bytes of one response that are looked at; the rest is not counted
    max_unpacked      4194304  bytes that the records of a gzip batch may become to be looked at
    max_topics        100      topics with metrics of their own, per worker; the rest are `other`
    tracing           {}       spans: `cluster`, `format`, `service`, `path`, `authority` as of
                               `adapters.backend.tracing`; `timeout` and `buffer` as of handlers of
                               the mixer. None are exported without it
    canary            []       topics some of whose produced records go to another topic:
                               `topic`, `to`, and one of
                               `header`: {`name`, `value`}, records that have it; any value unless
                                         one is given
                               `keys`: 0 to 1, records of that share of all keys
                               `share`: 0 to 1, that share of all records

With `inject` or `canary` a Produce request is held back until it is whole, and the response to
records that went to a canary. Everything else is observed while it passes. What is not understood
passes byte for byte and is counted (`docs/kafka.md` has the versions that are).

The metrics are those of `adapters.backend.kafka_metrics`.
"""

from typing import Final

from adapters.backend.identifiers import Identifiers
from adapters.backend.kafka_metrics import KafkaMetrics
from adapters.backend.kafka_spans import KafkaSpans
from adapters.backend.kind import Setup
from adapters.backend.settings import required
from adapters.backend.tracing import receiver_of
from adapters.events import KafkaBatch, KafkaExchange, KafkaUnparsed
from adapters.ingestion.kafka import apis
from adapters.ingestion.kafka.canary import ByHeader, ByKey, ByShare, CanaryRule
from adapters.ingestion.kafka.conversation import Conversation
from adapters.ingestion.kafka.packing import Compressor
from adapters.ingestion.kafka.rewrite import Rewriter
from adapters.ingestion.kafka.topics import Directory
from adapters.ingestion.kafka.traces import TraceContexts
from adapters.mixer.chance import Chance
from adapters.mixer.complaints import Complaints
from adapters.mixer.export_buffer import ExportBuffer
from adapters.mixer.meters import ReportMeter
from adapters.mixer.policy import Policy
from pal import PalError, clock, foreign
from pal.config import Config
from pal.tcp import TcpAction, TcpContext, TcpPluginContext

_TRACING: Final = "tracing"


class KafkaConnection(TcpContext):
    """One connection of a client to a broker."""

    def __init__(self, plugin: "KafkaPlugin") -> None:
        super().__init__(plugin)
        self._kafka = plugin
        self._conversation = plugin.new_conversation()

    def on_downstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        """Look at the client's bytes, and send on what comes of them."""
        data = self.downstream_data
        conversation = self._conversation
        conversation.receive_data(data.read(), clock.now_ns())
        self._report()
        changed = conversation.pass_on(end_of_stream)
        if changed is not None:
            data.replace(changed)
        return TcpAction.CONTINUE

    def on_upstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        """Look at the broker's bytes, and send on what comes of them."""
        data = self.upstream_data
        conversation = self._conversation
        conversation.receive_response_data(data.read(), clock.now_ns())
        self._report()
        changed = conversation.pass_on_response(end_of_stream)
        if changed is not None:
            data.replace(changed)
        return TcpAction.CONTINUE

    def _report(self) -> None:
        while True:
            event = self._conversation.next_event()
            if event is None:
                return
            if isinstance(event, KafkaBatch):
                self._kafka.report_batch(event)
            elif isinstance(event, KafkaExchange):
                self._kafka.metrics.report_exchange(event)
            elif isinstance(event, KafkaUnparsed):
                self._kafka.metrics.report_unparsed(event, apis.name_of(event.api_key))


class KafkaPlugin(TcpPluginContext):
    """The plugin: what all connections of a worker share."""

    def __init__(self) -> None:
        super().__init__()
        self.metrics: KafkaMetrics = KafkaMetrics(0)
        self._spans: KafkaSpans | None = None
        self._buffer: ExportBuffer | None = None
        self._directory = Directory()
        self._rewriter = Rewriter(None, {}, None, 0)
        self._max_request = 0
        self._max_response = 0

    def on_configure(self) -> bool:
        """Read the configuration; see the module's docstring."""
        config = Config.parse(self.configuration)
        contexts = NewTraces() if config.get_bool("inject", False) else None
        self._max_request = config.get_int("max_request", 1_114_112, minimum=64, maximum=67_108_864)
        self._max_response = config.get_int(
            "max_response", 1_048_576, minimum=64, maximum=67_108_864
        )
        max_unpacked = config.get_int("max_unpacked", 4_194_304, minimum=64, maximum=67_108_864)
        canaries = canaries_of(config.get_sections("canary"))
        self._rewriter = Rewriter(contexts, canaries, ProxyCompressor(), max_unpacked)
        max_topics = config.get_int("max_topics", 100, minimum=1, maximum=10_000)
        if config.has("tracing"):
            self._trace(config.get_section("tracing"))
        config.refuse_unknown_fields()
        self.metrics = KafkaMetrics(max_topics)
        return True

    def report_batch(self, batch: KafkaBatch) -> None:
        """Count the records of a topic and partition, and tell their span."""
        self.metrics.report_batch(batch)
        spans = self._spans
        buffer = self._buffer
        if spans is None or buffer is None or (batch.record_count == 0 and batch.error_code == 0):
            return
        span = spans.encode(batch)
        if span is not None:
            buffer.add(span)

    def _trace(self, section: Config) -> None:
        policy = Policy(section, fails_open=True)
        receiver = receiver_of(Setup(_TRACING, section, [], self, policy.timeout_ms))
        self._spans = KafkaSpans(receiver, Identifiers())
        meter = ReportMeter(_TRACING)
        complaints = Complaints(_TRACING)
        self._buffer = ExportBuffer(self._spans, policy, Chance(1), meter, complaints, self)

    def new_conversation(self) -> Conversation:
        """What a new connection is followed by."""
        return Conversation(self._directory, self._max_request, self._max_response, self._rewriter)

    def create_tcp_context(self) -> TcpContext:
        """A context for a new connection."""
        return KafkaConnection(self)


class NewTraces(TraceContexts):
    """A new trace for every batch of records that has none; all are sampled."""

    def __init__(self) -> None:
        self._identifiers = Identifiers()

    def new_context(self) -> str:
        """A `traceparent`."""
        return f"00-{self._identifiers.trace_id()}-{self._identifiers.span_id()}-01"


class ProxyCompressor(Compressor):
    """The proxy's own zlib."""

    def compress(self, data: bytes) -> bytes:
        """The bytes in zlib's format; none where the proxy does not compress."""
        try:
            return foreign.compress(data)
        except PalError:
            return b""


def canaries_of(sections: list[Config]) -> dict[str, CanaryRule]:
    """The rules of canaries, by topic.

    Raises:
        ConfigurationError: a section will not do.
    """
    rules: dict[str, CanaryRule] = {}
    for section in sections:
        topic = required(section, "topic")
        to = required(section, "to")
        if topic in rules:
            raise section.refusal("topic", f"there is a canary of {topic} already")
        if to == topic:
            raise section.refusal("to", "expected another topic")
        rules[topic] = _rule(section, to)
    for section in sections:
        to = section.get_str("to", "")
        if to in rules:
            raise section.refusal("to", f"{to} has a canary of its own")
    return rules


def _rule(section: Config, to: str) -> CanaryRule:
    """The rule of one section; it says in one way which records go."""
    ways = [way for way in ("header", "keys", "share") if section.has(way)]
    if len(ways) != 1:
        raise section.refusal("to", f"expected one of header, keys, share, got {len(ways)}")
    if ways[0] == "header":
        header = section.get_section("header")
        return ByHeader(to, required(header, "name").encode(), header.get_str("value", "").encode())
    share = section.get_float(ways[0], 0.0)
    if not 0.0 <= share <= 1.0:
        raise section.refusal(ways[0], f"expected 0 to 1, got {share}")
    return ByKey(to, share) if ways[0] == "keys" else ByShare(to, share)
