"""Produce requests whose records changed, and responses in which canaries do not show.

A request gets a topic more for every canary. In its response the results of a canary's partition
become those of the topic that the client sent to: when all of the client's records went to the
canary they are its results as they are, offsets too; when some did, the client gets the offset in
its own topic, and an error if either has one.
"""

from typing import Final

from adapters.ingestion.kafka import writer
from adapters.ingestion.kafka.produce import (
    WITH_LOG_START,
    WITH_RECORD_ERRORS,
    ProducedPartition,
    ProducedResult,
    ProduceRequest,
    ProduceResponse,
)
from adapters.ingestion.kafka.rewrite import RoutedPartition, SentRecords

NOT_LEADER_OR_FOLLOWER: Final = 6
"""What a client answers by asking for metadata and sending again."""

_CANARY_IS_ELSEWHERE: Final = (3, 5, 6, 17, 29)
"""UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE, NOT_LEADER_OR_FOLLOWER,
INVALID_TOPIC_EXCEPTION, TOPIC_AUTHORIZATION_FAILED: the canary takes no records of this client from
this broker."""

_NO_OFFSET: Final = -1


def is_elsewhere(error_code: int) -> bool:
    """Whether an error says that a canary's partition cannot be reached this way."""
    return error_code in _CANARY_IS_ELSEWHERE


def request(
    message: bytes, produced: ProduceRequest, routed: list[RoutedPartition], flexible: bool
) -> bytes:
    """A request, with its size before it, with records as they were routed.

    Args:
        message: The request without its size.
        produced: What it is.
        routed: What became of the records of each of its partitions.
        flexible: Whether it has compact types.
    """
    topics: dict[str, list[bytes]] = {}
    for number, partition in enumerate(produced.partitions):
        one = routed[number]
        if one.kept is not None:
            topics.setdefault(partition.topic, []).append(
                _partition(message, partition, one.kept, flexible)
            )
        if one.moved is not None:
            topics.setdefault(one.moved.topic, []).append(
                _partition(message, partition, one.moved, flexible)
            )
    pieces = [message[: produced.topics_at]]
    _write_topics(pieces, topics, flexible)
    pieces.append(message[produced.topics_end :])
    return writer.framed(b"".join(pieces))


def response(
    message: bytes,
    produced: ProduceResponse,
    routed: list[RoutedPartition],
    version: int,
    flexible: bool,
) -> bytes:
    """A response, with its size before it, in which the client finds the topics that it sent to.

    Args:
        message: The response without its size.
        produced: What it is.
        routed: What became of the records of the request.
        version: Version of the request.
        flexible: Whether it has compact types.
    """
    moved: dict[str, RoutedPartition] = {}
    for one in routed:
        if one.moved is not None:
            moved[_place(one.moved.topic, one.moved.partition)] = one
    results = {_place(one.topic, one.partition): one for one in produced.results}
    topics: dict[str, list[bytes]] = {}
    for result in produced.results:
        place = _place(result.topic, result.partition)
        if place not in moved:
            topics.setdefault(result.topic, []).append(message[result.start : result.end])
    for one in routed:
        canary = one.moved
        if canary is None:
            continue
        told = results.get(_place(canary.topic, canary.partition))
        if told is None:
            continue
        kept = one.kept
        if kept is None:
            entry = message[told.start : told.end]
            if is_elsewhere(told.error_code):
                entry = _failed(told.partition, NOT_LEADER_OR_FOLLOWER, version, flexible)
            topics.setdefault(canary.canary_of, []).append(entry)
            continue
        own = results.get(_place(kept.topic, kept.partition))
        error_code = 0 if own is None else own.error_code
        if error_code == 0:
            error_code = told.error_code
            if is_elsewhere(error_code):
                error_code = NOT_LEADER_OR_FOLLOWER
        if own is not None and error_code != 0:
            entries = topics[own.topic]
            before = message[own.start : own.end]
            entries[entries.index(before)] = _failed(own.partition, error_code, version, flexible)
    pieces = [message[: produced.topics_at]]
    _write_topics(pieces, topics, flexible)
    pieces.append(message[produced.topics_end :])
    return writer.framed(b"".join(pieces))


def result_of(sent: SentRecords, response: ProduceResponse | None) -> ProducedResult | None:
    """What became of records; None when the broker does not tell."""
    if response is not None:
        for result in response.results:
            if result.topic == sent.topic and result.partition == sent.partition:
                return result
    return None


def _partition(
    message: bytes, partition: ProducedPartition, sent: SentRecords, flexible: bool
) -> bytes:
    records = sent.records
    if records is None:
        records = message[partition.records_at : partition.records_at + partition.size]
    size = writer.array_size(len(records), flexible)
    return partition.partition.to_bytes(4, "big") + size + records + writer.no_tags(flexible)


def _write_topics(pieces: list[bytes], topics: dict[str, list[bytes]], flexible: bool) -> None:
    pieces.append(writer.array_size(len(topics), flexible))
    for topic, partitions in topics.items():
        pieces.append(writer.text(topic, flexible))
        pieces.append(writer.array_size(len(partitions), flexible))
        pieces += partitions
        pieces.append(writer.no_tags(flexible))


def _failed(partition: int, error_code: int, version: int, flexible: bool) -> bytes:
    """The result of a partition whose records, all of them, are not in the log."""
    pieces = [
        partition.to_bytes(4, "big"),
        error_code.to_bytes(2, "big", signed=True),
        _NO_OFFSET.to_bytes(8, "big", signed=True),
        _NO_OFFSET.to_bytes(8, "big", signed=True),
    ]
    if version >= WITH_LOG_START:
        pieces.append(_NO_OFFSET.to_bytes(8, "big", signed=True))
    if version >= WITH_RECORD_ERRORS:
        pieces.append(writer.array_size(0, flexible))
        pieces.append(b"\0" if flexible else b"\xff\xff")
    pieces.append(writer.no_tags(flexible))
    return b"".join(pieces)


def _place(topic: str, partition: int) -> str:
    return f"{partition} {topic}"
