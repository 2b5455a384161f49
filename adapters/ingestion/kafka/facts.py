"""From requests and their responses to facts."""

from adapters.events import KafkaBatch, KafkaExchange
from adapters.ingestion.kafka import apis
from adapters.ingestion.kafka.consumed import ConsumedBatches
from adapters.ingestion.kafka.fetch import FetchedPartition
from adapters.ingestion.kafka.messages import RequestHead
from adapters.ingestion.kafka.produce import ProducedPartition, ProduceResponse
from adapters.ingestion.kafka.rewrite import TracedPartition
from adapters.ingestion.kafka.topics import Directory


class Outstanding:
    """A request whose response has not come.

    Args:
        head: Its header.
        size: Bytes of it.
        at_ns: When its last byte had come, nanoseconds since 1970.
    """

    def __init__(self, head: RequestHead, size: int, at_ns: int) -> None:
        self.head = head
        self.size = size
        self.at_ns = at_ns
        self.partitions: list[ProducedPartition] = []
        self.traced: list[TracedPartition] = []


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
    outstanding: Outstanding, number: int, response: ProduceResponse | None, at_ns: int
) -> KafkaBatch:
    """The records that a client sent for one partition.

    Args:
        outstanding: The request.
        number: Which of its partitions.
        response: What became of them; None when the broker does not tell.
        at_ns: When that had come, nanoseconds since 1970.
    """
    partition = outstanding.partitions[number]
    traced = outstanding.traced[number]
    error_code, base_offset = 0, -1
    if response is not None:
        for result in response.results:
            if result.topic == partition.topic and result.partition == partition.partition:
                error_code, base_offset = result.error_code, result.base_offset
    return KafkaBatch(
        True,
        partition.topic,
        partition.partition,
        outstanding.head.client_id,
        "",
        base_offset,
        traced.record_count,
        partition.size,
        traced.codec,
        error_code,
        outstanding.at_ns,
        max(0, at_ns - outstanding.at_ns),
        traced.traceparent,
        traced.injected,
    )


def fetched(
    outstanding: Outstanding,
    partition: FetchedPartition,
    batches: ConsumedBatches,
    directory: Directory,
    at_ns: int,
) -> KafkaBatch:
    """The records that a client got of one partition.

    Args:
        outstanding: The request.
        partition: What the response tells of the partition.
        batches: What its batches tell.
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
        batches.base_offset,
        batches.record_count,
        partition.size,
        batches.codec,
        partition.error_code,
        outstanding.at_ns,
        max(0, at_ns - outstanding.at_ns),
        batches.traceparent,
        "",
    )
