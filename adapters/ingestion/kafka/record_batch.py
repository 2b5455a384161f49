"""Record batches of format 2: their heads, and how a batch is sealed.

Source: Kafka, "Record Batch" in the documentation's implementation chapter.
"""

from dataclasses import dataclass
from typing import Final

from adapters.ingestion.kafka.errors import ChecksumError, ProtocolError
from adapters.ingestion.kafka.reader import Reader
from pal.checksum import crc32c

HEAD_BYTES: Final = 61
FORMAT: Final = 2
NO_PRODUCER_ID: Final = -1

_FRAME_BYTES: Final = 12
_LENGTH_AT: Final = 8
_FORMAT_AT: Final = 16
_CRC_AT: Final = 17
# First byte that the checksum covers; it covers all to the end.
_CHECKED_AT: Final = 21
_LAST_OFFSET_DELTA_AT: Final = 23
_MAX_TIMESTAMP_AT: Final = 35
_COUNT_AT: Final = 57
_COMPRESSION_BITS: Final = 7
_CONTROL_BIT: Final = 0x20
_CODECS: Final = ["none", "gzip", "snappy", "lz4", "zstd"]
_MIN_RECORD: Final = 7


@dataclass(frozen=True, slots=True)
class BatchHead:
    """The head of a batch.

    Attributes:
        start: Where the batch starts in the data.
        end: Where it ends; beyond the data when not all of it is known.
        base_offset: Offset of the first record; a producer leaves it 0.
        crc: Checksum (CRC-32C) of everything behind it.
        attributes: Compression, time stamps, transaction, control.
        base_timestamp_ms: Time stamp of the first record, milliseconds since 1970.
        producer_id: -1 unless the producer is idempotent.
        count: How many records there are.
    """

    start: int
    end: int
    base_offset: int
    crc: int
    attributes: int
    base_timestamp_ms: int
    producer_id: int
    count: int

    @property
    def codec(self) -> str:
        """How the records are compressed: `none`, `gzip`, `snappy`, `lz4`, `zstd`, or `unknown`."""
        number = self.attributes & _COMPRESSION_BITS
        return _CODECS[number] if number < len(_CODECS) else "unknown"

    @property
    def is_control(self) -> bool:
        """Whether it marks the end of a transaction, and has no records of anybody."""
        return self.attributes & _CONTROL_BIT != 0


def read_head(data: bytes, start: int) -> BatchHead:
    """The head of the batch at `start`.

    Raises:
        ProtocolError: it is cut, of another format, or its length is impossible.
    """
    if len(data) - start < HEAD_BYTES:
        raise ProtocolError(f"expected the head of a record batch, got {len(data) - start} bytes")
    if data[start + _FORMAT_AT] != FORMAT:
        raise ProtocolError(f"expected record format 2, got {data[start + _FORMAT_AT]}")
    reader = Reader(data, start)
    base_offset = reader.int64()
    length = reader.int32()
    if length < HEAD_BYTES - _FRAME_BYTES:
        raise ProtocolError(f"record batch of {length} bytes")
    reader.skip(5)
    crc = reader.uint32()
    attributes = reader.int16()
    reader.skip(4)
    base_timestamp_ms = reader.int64()
    reader.skip(8)
    producer_id = reader.int64()
    reader.skip(6)
    count = reader.int32()
    end = start + _FRAME_BYTES + length
    if count < 0 or (
        attributes & _COMPRESSION_BITS == 0
        and count > (length - HEAD_BYTES + _FRAME_BYTES) // _MIN_RECORD
    ):
        raise ProtocolError(f"{count} records in a batch of {length} bytes")
    return BatchHead(
        start, end, base_offset, crc, attributes, base_timestamp_ms, producer_id, count
    )


def read_heads(data: bytes) -> list[BatchHead]:
    """The heads of the batches that stand one behind the other, as far as they are known.

    A broker may cut the last one short, and so may whoever keeps a part only.

    Raises:
        ProtocolError: there is something else.
    """
    heads: list[BatchHead] = []
    at = 0
    while len(data) - at >= HEAD_BYTES:
        head = read_head(data, at)
        heads.append(head)
        at = head.end
    return heads


def check(batch: bytes, head: BatchHead) -> None:
    """See that a batch is what its sender made.

    Args:
        batch: All bytes of the batch, and nothing else.
        head: Its head.

    Raises:
        ChecksumError: it is not.
    """
    if crc32c(batch, start=_CHECKED_AT) != head.crc:
        raise ChecksumError(f"expected checksum {head.crc:08x} of the record batch, got another")


def sealed(batch: bytes, records: bytes) -> bytes:
    """A batch with other records of the same number; length and checksum follow.

    Args:
        batch: Starts with the batch's head.
        records: The records, compressed as the head says.
    """
    checked = batch[_CHECKED_AT:HEAD_BYTES]
    length = HEAD_BYTES - _FRAME_BYTES + len(records)
    crc = crc32c(records, crc32c(checked))
    pieces = [
        batch[:_LENGTH_AT],
        length.to_bytes(4, "big"),
        batch[_FRAME_BYTES:_CRC_AT],
        crc.to_bytes(4, "big"),
        checked,
        records,
    ]
    return b"".join(pieces)


def recounted(batch: bytes, count: int, max_timestamp_ms: int) -> bytes:
    """The head of a batch that has some of the records only, to be `sealed`.

    Args:
        batch: Starts with the batch's head.
        count: How many records it has.
        max_timestamp_ms: The latest of their time stamps, milliseconds since 1970.
    """
    head = bytearray(batch[:HEAD_BYTES])
    at = _LAST_OFFSET_DELTA_AT
    head[at : at + 4] = (count - 1).to_bytes(4, "big")
    at = _MAX_TIMESTAMP_AT
    head[at : at + 8] = max_timestamp_ms.to_bytes(8, "big", signed=True)
    head[_COUNT_AT:] = count.to_bytes(4, "big")
    return bytes(head)
