"""Record batches of format 2: their heads, and walking through their records.

Source: Kafka, "Record Batch" and "Record" in the documentation's implementation chapter.
"""

from dataclasses import dataclass
from typing import Final

from adapters.ingestion.kafka.errors import ProtocolError
from adapters.ingestion.kafka.reader import Reader

HEAD_BYTES: Final = 61
LENGTH_AT: Final = 8
CRC_AT: Final = 17
CHECKED_AT: Final = 21
"""First byte that the checksum covers; it covers all to the end."""

FORMAT: Final = 2

NO_COMPRESSION: Final = 0
GZIP: Final = 1

_FRAME_BYTES: Final = 12
_FORMAT_AT: Final = 16
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


@dataclass(frozen=True, slots=True)
class Record:
    """Where the parts of a record are.

    Attributes:
        body_at: Where it starts, behind its length.
        headers_at: Where the number of its headers stands.
        header_count: How many there are.
        first_header_at: Where the first of them starts.
        end: Where the record ends.
    """

    body_at: int
    headers_at: int
    header_count: int
    first_header_at: int
    end: int


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
    if not 0 <= count <= (length - HEAD_BYTES + _FRAME_BYTES) // _MIN_RECORD and (
        attributes & _COMPRESSION_BITS == NO_COMPRESSION
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


def read_record(reader: Reader) -> Record:
    """Read a record up to its headers, and leave the reader there.

    Raises:
        ProtocolError: it is none.
    """
    size = reader.varint()
    body_at = reader.at
    if not 0 <= size <= reader.remaining:
        raise ProtocolError(f"record of {size} bytes at byte {body_at}")
    reader.skip(1)
    reader.varint()
    reader.varint()
    reader.skip(max(0, reader.varint()))
    reader.skip(max(0, reader.varint()))
    headers_at = reader.at
    count = reader.varint()
    end = body_at + size
    if not 0 <= count <= end - reader.at:
        raise ProtocolError(f"record with {count} headers at byte {headers_at}")
    return Record(body_at, headers_at, count, reader.at, end)


def find_header(reader: Reader, record: Record, name: bytes) -> bytes | None:
    """The value of a record's first header of that name, and leave the reader at its end.

    Raises:
        ProtocolError: the headers do not fill the record exactly.
    """
    found: bytes | None = None
    reader.at = record.first_header_at
    for _ in range(record.header_count):
        key = reader.take(reader.varint())
        size = reader.varint()
        value = reader.take(max(0, size))
        if found is None and key == name and size >= 0:
            found = value
    if reader.at != record.end:
        raise ProtocolError(f"record ends at byte {record.end}, its headers at {reader.at}")
    return found


def first_header(data: bytes, head: BatchHead, name: bytes) -> bytes:
    """The value of a header in the first record of a batch that has it, as far as it is known.

    Args:
        data: Holds the batch, or the first part of it.
        head: The batch's head.
        name: The header's name.

    Returns:
        Empty when no record has it.

    Raises:
        ProtocolError: a record that is known as a whole is none.
    """
    known = data[head.start : head.end]
    is_whole = len(known) == head.end - head.start
    reader = Reader(known, HEAD_BYTES)
    for _ in range(head.count):
        try:
            found = find_header(reader, read_record(reader), name)
        except ProtocolError:
            if is_whole:
                raise
            return b""
        if found is not None:
            return found
    return b""


def varint(value: int) -> bytes:
    """A signed varint (zigzag)."""
    rest = value << 1 if value >= 0 else (-value << 1) - 1
    written = bytearray()
    while rest >= 0x80:
        written.append(rest & 0x7F | 0x80)
        rest >>= 7
    written.append(rest)
    return bytes(written)
