"""Observes the Kafka connections that pass, and traces their records.

Configuration, a JSON object whose fields all have defaults:

    inject            false    give a `traceparent` to every produced record that has none
    max_request       524288   bytes of one request that are looked at; larger ones pass unchanged
    max_response      1048576  bytes of one response that are looked at; the rest is not counted
    max_topics        100      topics with metrics of their own, per worker; the rest are `other`
    tracing           {}       spans: `cluster`, `format`, `service`, `path`, `authority` as of
                               `adapters.backend.tracing`; `timeout` and `buffer` as of handlers of
                               the mixer. None are exported without it

With `inject` a Produce request waits in the proxy until it is whole, so `max_request` stays below
the listener's `per_connection_buffer_limit_bytes` (1 MiB unless configured). Everything else is
observed while it passes. What is not understood passes byte for byte and is counted
(`docs/kafka.md` has the versions that are).

The metrics are those of `adapters.backend.kafka_metrics`.
"""

from typing import Final

from adapters.backend.identifiers import Identifiers
from adapters.backend.kafka_metrics import KafkaMetrics
from adapters.backend.kafka_spans import KafkaSpans
from adapters.backend.kind import Setup
from adapters.backend.tracing import receiver_of
from adapters.events import KafkaBatch, KafkaExchange, KafkaUnparsed
from adapters.ingestion.kafka import apis, edit
from adapters.ingestion.kafka.conversation import Conversation
from adapters.ingestion.kafka.edit import Edit
from adapters.ingestion.kafka.topics import Directory
from adapters.ingestion.kafka.traces import TraceContexts
from adapters.mixer.chance import Chance
from adapters.mixer.complaints import Complaints
from adapters.mixer.export_buffer import ExportBuffer
from adapters.mixer.meters import ReportMeter
from adapters.mixer.policy import Policy
from pal import clock
from pal.config import Config
from pal.tcp import TcpAction, TcpContext, TcpPluginContext

_TRACING: Final = "tracing"


class KafkaConnection(TcpContext):
    """One connection of a client to a broker."""

    def __init__(self, plugin: "KafkaPlugin") -> None:
        super().__init__(plugin)
        self._kafka = plugin
        self._conversation = plugin.new_conversation()
        # Of the client's bytes: how many went on, and how many wait in the proxy.
        self._passed_bytes = 0
        self._held_bytes = 0
        self._edits: list[Edit] = []

    def on_downstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        """Look at the client's bytes; those of a request that may change wait for its rest."""
        data = self.downstream_data
        self._conversation.receive_data(data.read(self._held_bytes), clock.now_ns())
        self._edits += self._conversation.edits()
        self._report()
        if self._conversation.waits() and not end_of_stream:
            self._held_bytes = size
            return TcpAction.PAUSE
        if len(self._edits) > 0:
            data.replace(edit.apply(self._edits, data.read(), self._passed_bytes))
            self._edits = []
        self._passed_bytes += size
        self._held_bytes = 0
        return TcpAction.CONTINUE

    def on_upstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        """Look at the broker's bytes while they pass."""
        if size > 0:
            self._conversation.receive_response_data(self.upstream_data.read(), clock.now_ns())
            self._report()
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
        self._contexts: TraceContexts | None = None
        self._max_request = 0
        self._max_response = 0

    def on_configure(self) -> bool:
        """Read the configuration; see the module's docstring."""
        config = Config.parse(self.configuration)
        if config.get_bool("inject", False):
            self._contexts = NewTraces()
        self._max_request = config.get_int("max_request", 524_288, minimum=64, maximum=67_108_864)
        self._max_response = config.get_int(
            "max_response", 1_048_576, minimum=64, maximum=67_108_864
        )
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
        return Conversation(self._directory, self._max_request, self._max_response, self._contexts)

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
