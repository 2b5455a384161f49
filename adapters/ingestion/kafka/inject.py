"""A header for every record of a batch that does not have it.

The batch stays what it is otherwise: offsets, time stamps, producer id, epoch and sequence, so
that idempotent and transactional producers go on as if nothing had happened. Lengths, the number
of headers and the checksum follow the new size.
"""

from typing import Final

from adapters.ingestion.kafka import record_batch
from adapters.ingestion.kafka.errors import ChecksumError, ProtocolError
from adapters.ingestion.kafka.reader import Reader
from adapters.ingestion.kafka.record_batch import BatchHead, find_header, read_record, varint
from pal.checksum import crc32c

_LENGTH_BEFORE: Final = 12


class Injection:
    """What became of one batch.

    Attributes:
        data: The batch, changed or as it was.
        injected: Records that got the header.
        first_value: Value of the header in the first record that had it; empty when none had.
    """

    def __init__(self, data: bytes, injected: int, first_value: bytes) -> None:
        self.data = data
        self.injected = injected
        self.first_value = first_value


def inject(data: bytes, head: BatchHead, name: bytes, value: bytes) -> Injection:
    """Give every record of an uncompressed batch a header, where it has none of that name.

    Args:
        data: Holds the batch, whole.
        head: The batch's head.
        name: The header's name.
        value: Its value.

    Raises:
        ProtocolError: the records do not fill the batch, or the checksum is wrong: such a batch is
            for the broker to refuse, as it is.
    """
    batch = data[head.start : head.end]
    if crc32c(batch, start=record_batch.CHECKED_AT) != head.crc:
        raise ChecksumError(f"expected checksum {head.crc:08x} of the record batch, got another")
    header = varint(len(name)) + name + varint(len(value)) + value
    reader = Reader(batch, record_batch.HEAD_BYTES)
    records = bytearray(batch[: record_batch.HEAD_BYTES])
    injected = 0
    first_value = b""
    for _ in range(head.count):
        start = reader.at
        record = read_record(reader)
        found = find_header(reader, record, name)
        if found is not None:
            first_value = first_value or found
            records += batch[start : record.end]
            continue
        injected += 1
        count = varint(record.header_count + 1)
        before = record.headers_at - record.body_at
        after = record.end - record.first_header_at
        records += varint(before + len(count) + after + len(header))
        records += batch[record.body_at : record.headers_at]
        records += count
        records += batch[record.first_header_at : record.end]
        records += header
    if reader.remaining != 0:
        raise ProtocolError(f"{reader.remaining} bytes behind the records of a batch")
    if injected == 0:
        return Injection(batch, 0, first_value)
    return Injection(_sealed(records), injected, first_value)


def _sealed(batch: bytearray) -> bytes:
    """A batch with the length and the checksum of what it holds now."""
    length = len(batch) - _LENGTH_BEFORE
    at = record_batch.LENGTH_AT
    batch[at : at + 4] = length.to_bytes(4, "big")
    at = record_batch.CRC_AT
    batch[at : at + 4] = crc32c(bytes(batch), start=record_batch.CHECKED_AT).to_bytes(4, "big")
    return bytes(batch)
