"""Fetch, versions 4 to 17: what was asked for, and the batches that came.

Source: Kafka, FetchRequest.json and FetchResponse.json.
"""

from dataclasses import dataclass
from typing import Final

from adapters.ingestion.kafka.errors import ProtocolError
from adapters.ingestion.kafka.reader import UUID_BYTES, Reader

FIRST_VERSION: Final = 4
LAST_VERSION: Final = 17

_WITH_LOG_START: Final = 5
_WITH_SESSION: Final = 7
_WITH_PREFERRED_REPLICA: Final = 11
_WITH_TOPIC_IDS: Final = 13


@dataclass(frozen=True, slots=True)
class FetchedPartition:
    """Records of one partition, in a response.

    Attributes:
        topic: The topic's name; empty when the response has its id instead.
        topic_id: The topic's id; empty when the response has its name.
        partition: The partition's number.
        error_code: 0 when there is nothing wrong.
        high_watermark: Offset after the last record that is in all replicas.
        records_at: Where the records start in the message.
        size: How many bytes they have; 0 for none.
        known_size: How many of these are known.
    """

    topic: str
    topic_id: bytes
    partition: int
    error_code: int
    high_watermark: int
    records_at: int
    size: int
    known_size: int


@dataclass(frozen=True, slots=True)
class FetchResponse:
    """A response's body.

    Attributes:
        throttle_ms: How long the broker slows this client down, milliseconds.
        error_code: 0 when there is nothing wrong with the request as a whole.
        partitions: In their order: those that are known.
        is_whole: Whether these are all.
    """

    throttle_ms: int
    error_code: int
    partitions: list[FetchedPartition]
    is_whole: bool


def is_known(version: int) -> bool:
    """Whether a version is read here."""
    return FIRST_VERSION <= version <= LAST_VERSION


def read_response(reader: Reader, version: int, is_whole: bool) -> FetchResponse:
    """Read the body of a response.

    Args:
        reader: Stands at the body.
        version: Version of the request.
        is_whole: Whether all of the message is there; of one that is not, the partitions are read
            of which something is there.

    Raises:
        ProtocolError: it is none.
    """
    throttle_ms = reader.int32()
    error_code = 0
    if version >= _WITH_SESSION:
        error_code = reader.int16()
        reader.skip(4)
    partitions: list[FetchedPartition] = []
    try:
        _read_topics(reader, version, is_whole, partitions)
        reader.end()
    except ProtocolError:
        if is_whole:
            raise
    return FetchResponse(throttle_ms, error_code, partitions, is_whole)


def _read_topics(
    reader: Reader, version: int, is_whole: bool, partitions: list[FetchedPartition]
) -> None:
    for _ in range(reader.count() if is_whole else reader.byte_count()):
        topic = ""
        topic_id = b""
        if version >= _WITH_TOPIC_IDS:
            topic_id = reader.take(UUID_BYTES)
        else:
            topic = reader.name()
        for _ in range(reader.count() if is_whole else reader.byte_count()):
            partitions.append(_read_partition(reader, version, is_whole, topic, topic_id))
            reader.skip(partitions[-1].size)
            reader.end()
        reader.end()


def _read_partition(
    reader: Reader, version: int, is_whole: bool, topic: str, topic_id: bytes
) -> FetchedPartition:
    partition = reader.int32()
    error_code = reader.int16()
    high_watermark = reader.int64()
    reader.skip(8)
    if version >= _WITH_LOG_START:
        reader.skip(8)
    for _ in range(reader.count()):
        reader.skip(16)
        reader.end()
    if version >= _WITH_PREFERRED_REPLICA:
        reader.skip(4)
    size = max(0, reader.byte_count())
    known_size = size if is_whole else min(size, reader.remaining)
    return FetchedPartition(
        topic, topic_id, partition, error_code, high_watermark, reader.at, size, known_size
    )
