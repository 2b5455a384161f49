"""Kafka as metrics: requests by API, records by topic, errors, and what nobody understood.

    mixer2_kafka_requests_total{api=}                     counter, requests that were answered
    mixer2_kafka_request_bytes_total{api=}                counter, bytes
    mixer2_kafka_response_bytes_total{api=}               counter, bytes
    mixer2_kafka_request_duration_ms{api=}                histogram, milliseconds
    mixer2_kafka_throttle_ms{api=}                        histogram, milliseconds, where throttled
    mixer2_kafka_produced_records_total{topic=}           counter, records that the broker took
    mixer2_kafka_produced_bytes_total{topic=}             counter, bytes of them
    mixer2_kafka_fetched_records_total{topic=}            counter, records
    mixer2_kafka_fetched_bytes_total{topic=}              counter, bytes of them
    mixer2_kafka_canary_records_total{topic=,canary=}     counter, records that went to a canary
    mixer2_kafka_errors_total{topic=,code=}               counter, batches that failed
    mixer2_kafka_unparsed_total{api=,version=,reason=}    counter, messages that passed unread

`topic` is one of the first `max_topics` that a worker sees, else `other`.
"""

from typing import Final

from adapters.events import KafkaBatch, KafkaExchange, KafkaUnparsed
from pal.metrics import OVERFLOW, Counter, Histogram, LabelledCounter
from pal.stat_names import MAX_VALUE_BYTES, stat_name

PREFIX: Final = "mixer2_kafka_"

_MAX_APIS: Final = 128
_MAX_ERRORS: Final = 1_000
_MAX_UNPARSED: Final = 200
_NS_PER_MS: Final = 1_000_000


class KafkaMetrics:
    """Reports what happens on Kafka connections to the proxy's stats.

    Args:
        max_topics: Most topics that get metrics of their own, per worker.
    """

    def __init__(self, max_topics: int) -> None:
        self._max_topics = max_topics
        self._apis: dict[str, _ApiMetrics] = {}
        self._topics: dict[str, _TopicMetrics] = {}
        self._canaries = LabelledCounter(
            f"{PREFIX}canary_records_total", ["topic", "canary"], max_topics
        )
        self._errors = LabelledCounter(f"{PREFIX}errors_total", ["topic", "code"], _MAX_ERRORS)
        self._unparsed = LabelledCounter(
            f"{PREFIX}unparsed_total", ["api", "version", "reason"], _MAX_UNPARSED
        )

    def report_exchange(self, exchange: KafkaExchange) -> None:
        """Count a request and its response."""
        metrics = self._apis.get(exchange.api)
        if metrics is None:
            metrics = _ApiMetrics(exchange.api if len(self._apis) < _MAX_APIS else OVERFLOW)
            self._apis[exchange.api] = metrics
        metrics.report(exchange)

    def report_batch(self, batch: KafkaBatch) -> None:
        """Count the records of one topic and partition."""
        metrics = self._topic(batch.topic)
        if batch.error_code != 0:
            self._errors.increment([metrics.name, str(batch.error_code)])
            return
        metrics.report(batch)
        if batch.canary_of:
            self._canaries.increment([batch.canary_of, batch.topic], batch.record_count)

    def report_unparsed(self, unparsed: KafkaUnparsed, api: str) -> None:
        """Count what passed unread.

        Args:
            unparsed: What it was.
            api: Name of the API.
        """
        self._unparsed.increment([api, str(unparsed.version), unparsed.reason])

    def _topic(self, topic: str) -> "_TopicMetrics":
        # A broker's topic names have 249 characters at most; a client may send any.
        name = topic[:MAX_VALUE_BYTES] or "unknown"
        metrics = self._topics.get(name)
        if metrics is not None:
            return metrics
        if len(self._topics) >= self._max_topics:
            name = OVERFLOW
            metrics = self._topics.get(name)
            if metrics is not None:
                return metrics
        metrics = _TopicMetrics(name)
        self._topics[name] = metrics
        return metrics


class _ApiMetrics:
    """The metrics of one API."""

    def __init__(self, api: str) -> None:
        self._api = api
        self._requests = Counter(stat_name(f"{PREFIX}requests_total", ["api"], [api]))
        self._received = Counter(stat_name(f"{PREFIX}request_bytes_total", ["api"], [api]))
        self._sent = Counter(stat_name(f"{PREFIX}response_bytes_total", ["api"], [api]))
        self._duration = Histogram(stat_name(f"{PREFIX}request_duration_ms", ["api"], [api]))
        self._throttle: Histogram | None = None

    def report(self, exchange: KafkaExchange) -> None:
        self._requests.increment()
        self._received.increment(exchange.request_bytes)
        if exchange.response_bytes > 0:
            self._sent.increment(exchange.response_bytes)
        self._duration.record((exchange.duration_ns + _NS_PER_MS // 2) // _NS_PER_MS)
        if exchange.throttle_ms > 0:
            throttle = self._throttle
            if throttle is None:
                throttle = Histogram(stat_name(f"{PREFIX}throttle_ms", ["api"], [self._api]))
                self._throttle = throttle
            throttle.record(exchange.throttle_ms)


class _TopicMetrics:
    """The metrics of one topic; a series is defined when it has something to tell."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._produced_records: Counter | None = None
        self._produced_bytes: Counter | None = None
        self._fetched_records: Counter | None = None
        self._fetched_bytes: Counter | None = None

    def report(self, batch: KafkaBatch) -> None:
        if batch.is_produced:
            records = self._produced_records or self._counter("produced_records_total")
            size = self._produced_bytes or self._counter("produced_bytes_total")
            self._produced_records = records
            self._produced_bytes = size
        else:
            records = self._fetched_records or self._counter("fetched_records_total")
            size = self._fetched_bytes or self._counter("fetched_bytes_total")
            self._fetched_records = records
            self._fetched_bytes = size
        if batch.record_count > 0:
            records.increment(batch.record_count)
        if batch.size > 0:
            size.increment(batch.size)

    def _counter(self, name: str) -> Counter:
        return Counter(stat_name(f"{PREFIX}{name}", ["topic"], [self.name]))
