"""A Produce request whose records get trace contexts."""

from typing import Final

from adapters.events import KafkaUnparsed
from adapters.ingestion.kafka import apis, record_batch
from adapters.ingestion.kafka.errors import ChecksumError, ProtocolError
from adapters.ingestion.kafka.inject import inject
from adapters.ingestion.kafka.produce import ProducedPartition
from adapters.ingestion.kafka.traces import TRACEPARENT, TraceContexts

_NAME: Final = TRACEPARENT.encode()


class TracedPartition:
    """The records for one partition, with the contexts they have and got.

    Attributes:
        records: The records as they are to be sent; None when they stay as they came.
        codec: How they are compressed.
        record_count: How many there are.
        traceparent: Context that the first record came with; empty for none.
        injected: Context that the others got; empty for none.
        unparsed: Why the records could not be looked into; None when they could.
    """

    def __init__(self) -> None:
        self.records: bytes | None = None
        self.codec = "none"
        self.record_count = 0
        self.traceparent = ""
        self.injected = ""
        self.unparsed: KafkaUnparsed | None = None


def trace_partition(
    message: bytes, partition: ProducedPartition, version: int, contexts: TraceContexts | None
) -> TracedPartition:
    """Look into the records for one partition, and give them a context when there are `contexts`.

    Whatever is wrong with them stays as it is: it is for the broker to refuse.
    """
    traced = TracedPartition()
    data = message[partition.records_at : partition.records_at + partition.size]
    try:
        _trace(data, contexts, version, traced)
    except ChecksumError:
        traced.records = None
        traced.unparsed = KafkaUnparsed(apis.PRODUCE, version, "checksum")
    except ProtocolError:
        traced.records = None
        traced.unparsed = KafkaUnparsed(apis.PRODUCE, version, "malformed")
    if traced.records is None:
        traced.injected = ""
    return traced


def splice(
    message: bytes,
    partitions: list[ProducedPartition],
    traced: list[TracedPartition],
    flexible: bool,
) -> bytes:
    """A request, with its size before it, in which records are replaced.

    Args:
        message: The request without its size.
        partitions: Where its records are.
        traced: For each of them the records that replace them.
        flexible: Whether the length of records is a varint.
    """
    pieces: list[bytes] = []
    at = 0
    for number, partition in enumerate(partitions):
        records = traced[number].records
        if records is None:
            continue
        pieces.append(message[at : partition.length_at])
        pieces.append(_length(len(records), flexible))
        pieces.append(records)
        at = partition.records_at + partition.size
    pieces.append(message[at:])
    body = b"".join(pieces)
    return len(body).to_bytes(4, "big") + body


def _trace(
    data: bytes, contexts: TraceContexts | None, version: int, traced: TracedPartition
) -> None:
    pieces: list[bytes] = []
    at = 0
    changed = False
    for head in record_batch.read_heads(data):
        if head.end > len(data):
            raise ProtocolError(f"record batch of {head.end - head.start} bytes is cut")
        traced.record_count += head.count
        traced.codec = head.codec
        at = head.end
        if head.codec != "none":
            traced.unparsed = KafkaUnparsed(apis.PRODUCE, version, "codec")
            pieces.append(data[head.start : head.end])
            continue
        if contexts is None:
            value = record_batch.first_header(data, head, _NAME)
            traced.traceparent = traced.traceparent or value.decode("utf-8", "replace")
            continue
        context = traced.injected or contexts.new_context()
        injection = inject(data, head, _NAME, context.encode())
        traced.traceparent = traced.traceparent or injection.first_value.decode("utf-8", "replace")
        pieces.append(injection.data)
        if injection.injected > 0:
            traced.injected = context
            changed = True
    if at != len(data):
        raise ProtocolError(f"{len(data) - at} bytes behind the last record batch")
    if changed:
        traced.records = b"".join(pieces)


def _length(size: int, flexible: bool) -> bytes:
    if not flexible:
        return size.to_bytes(4, "big")
    written = bytearray()
    rest = size + 1
    while rest >= 0x80:
        written.append(rest & 0x7F | 0x80)
        rest >>= 7
    written.append(rest)
    return bytes(written)
