"""Produce, versions 3 to 12: where the batches are, and what became of them.

Source: Kafka, ProduceRequest.json and ProduceResponse.json.
"""

from dataclasses import dataclass
from typing import Final

from adapters.ingestion.kafka.reader import Reader

FIRST_VERSION: Final = 3
LAST_VERSION: Final = 12

WITH_LOG_START: Final = 5
WITH_RECORD_ERRORS: Final = 8


@dataclass(frozen=True, slots=True)
class ProducedPartition:
    """Records for one partition, in a request.

    Attributes:
        topic: The topic's name.
        partition: The partition's number.
        length_at: Where the length of the records stands in the message.
        records_at: Where the records start.
        size: How many bytes they have.
    """

    topic: str
    partition: int
    length_at: int
    records_at: int
    size: int


@dataclass(frozen=True, slots=True)
class ProducedResult:
    """What became of the records for one partition.

    Attributes:
        topic: The topic's name.
        partition: The partition's number.
        error_code: 0 when they are in the log.
        base_offset: Offset of the first record; -1 when there is none.
        start: Where the result starts in the message.
        end: Where it ends.
    """

    topic: str
    partition: int
    error_code: int
    base_offset: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ProduceRequest:
    """A request's body.

    Attributes:
        transactional_id: Empty for none.
        acks: 0 when the broker is not to answer.
        partitions: In their order.
        topics_at: Where the array of topics starts in the message.
        topics_end: Where it ends.
    """

    transactional_id: str
    acks: int
    partitions: list[ProducedPartition]
    topics_at: int
    topics_end: int


@dataclass(frozen=True, slots=True)
class ProduceResponse:
    """A response's body.

    Attributes:
        results: In their order.
        throttle_ms: How long the broker slows this client down, milliseconds.
        topics_at: Where the array of topics starts in the message.
        topics_end: Where it ends.
    """

    results: list[ProducedResult]
    throttle_ms: int
    topics_at: int
    topics_end: int


def is_known(version: int) -> bool:
    """Whether a version is read here."""
    return FIRST_VERSION <= version <= LAST_VERSION


def read_request(reader: Reader) -> ProduceRequest:
    """Read the body of a request.

    Raises:
        ProtocolError: it is none.
    """
    transactional_id = reader.string() or ""
    acks = reader.int16()
    reader.skip(4)
    partitions: list[ProducedPartition] = []
    topics_at = reader.at
    for _ in range(reader.count()):
        topic = reader.name()
        for _ in range(reader.count()):
            partition = reader.int32()
            length_at = reader.at
            size = max(0, reader.byte_count())
            partitions.append(ProducedPartition(topic, partition, length_at, reader.at, size))
            reader.skip(size)
            reader.end()
        reader.end()
    topics_end = reader.at
    reader.end()
    return ProduceRequest(transactional_id, acks, partitions, topics_at, topics_end)


def read_response(reader: Reader, version: int) -> ProduceResponse:
    """Read the body of a response.

    Raises:
        ProtocolError: it is none.
    """
    results: list[ProducedResult] = []
    topics_at = reader.at
    for _ in range(reader.count()):
        topic = reader.name()
        for _ in range(reader.count()):
            start = reader.at
            partition = reader.int32()
            error_code = reader.int16()
            base_offset = reader.int64()
            reader.skip(8)
            if version >= WITH_LOG_START:
                reader.skip(8)
            if version >= WITH_RECORD_ERRORS:
                for _ in range(reader.count()):
                    reader.skip(4)
                    reader.string()
                    reader.end()
                reader.string()
            reader.end()
            results.append(
                ProducedResult(topic, partition, error_code, base_offset, start, reader.at)
            )
        reader.end()
    topics_end = reader.at
    throttle_ms = reader.int32()
    reader.end()
    return ProduceResponse(results, throttle_ms, topics_at, topics_end)
