"""From requests and their responses to facts."""

from adapters.events import KafkaBatch, KafkaExchange
from adapters.ingestion.kafka import apis
from adapters.ingestion.kafka.consumed import Consumed
from adapters.ingestion.kafka.fetch import FetchedPartition
from adapters.ingestion.kafka.messages import RequestHead
from adapters.ingestion.kafka.produce import ProducedResult
from adapters.ingestion.kafka.rewrite import RoutedPartition, SentRecords
from adapters.ingestion.kafka.topics import Directory


class Outstanding:
    """A request whose response has not come.

    Args:
        head: Its header.
        size: Bytes of it.
        at_ns: When its last byte had come, nanoseconds since 1970.

    Attributes:
        routed: What became of produced records, by partition.
        is_rerouted: Whether some of them went to a canary.
    """

    def __init__(self, head: RequestHead, size: int, at_ns: int) -> None:
        self.head = head
        self.size = size
        self.at_ns = at_ns
        self.routed: list[RoutedPartition] = []
        self.is_rerouted = False

    def add(self, routed: RoutedPartition) -> None:
        """Note what became of the records for one partition."""
        self.routed.append(routed)
        if routed.moved is not None:
            self.is_rerouted = True

    def sent(self) -> list[SentRecords]:
        """The records as the broker gets them, by topic and partition."""
        sent: list[SentRecords] = []
        for one in self.routed:
            if one.kept is not None:
                sent.append(one.kept)
            if one.moved is not None:
                sent.append(one.moved)
        return sent


def exchange(
    outstanding: Outstanding, response_bytes: int, at_ns: int, throttle_ms: int
) -> KafkaExchange:
    """A request and its response.

    Args:
        outstanding: The request.
        response_bytes: Bytes of the response; 0 where there is none.
        at_ns: When its last byte had come, nanoseconds since 1970.
        throttle_ms: How long it slows the client down.
    """
    head = outstanding.head
    return KafkaExchange(
        apis.name_of(head.api_key),
        head.version,
        head.client_id,
        outstanding.size,
        response_bytes,
        max(0, at_ns - outstanding.at_ns),
        throttle_ms,
    )


def produced(
    outstanding: Outstanding, sent: SentRecords, result: ProducedResult | None, at_ns: int
) -> KafkaBatch:
    """The records that went to one partition.

    Args:
        outstanding: The request.
        sent: The records.
        result: What became of them; None when the broker does not tell.
        at_ns: When that had come, nanoseconds since 1970.
    """
    return KafkaBatch(
        True,
        sent.topic,
        sent.partition,
        outstanding.head.client_id,
        "",
        -1 if result is None else result.base_offset,
        sent.record_count,
        sent.size,
        sent.codec,
        0 if result is None else result.error_code,
        outstanding.at_ns,
        max(0, at_ns - outstanding.at_ns),
        sent.traceparent,
        sent.injected,
        sent.canary_of,
    )


def fetched(
    outstanding: Outstanding,
    partition: FetchedPartition,
    batch: Consumed,
    directory: Directory,
    at_ns: int,
) -> KafkaBatch:
    """A batch that a client got of one partition, or an error.

    Args:
        outstanding: The request.
        partition: What the response tells of the partition.
        batch: What the batch tells.
        directory: Names of topics and groups.
        at_ns: When the response had come, nanoseconds since 1970.
    """
    client_id = outstanding.head.client_id
    return KafkaBatch(
        False,
        partition.topic or directory.topic_name(partition.topic_id),
        partition.partition,
        client_id,
        directory.group_of(client_id),
        batch.base_offset,
        batch.record_count,
        batch.size,
        batch.codec,
        partition.error_code,
        outstanding.at_ns,
        max(0, at_ns - outstanding.at_ns),
        batch.traceparent,
        "",
        "",
    )
