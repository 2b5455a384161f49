"""A header for every record that does not have it.

Nothing else of a record changes. Its batch stays what it is otherwise: offsets, time stamps,
producer id, epoch and sequence, so that idempotent and transactional producers go on as if nothing
had happened.
"""

from adapters.ingestion.kafka.errors import ProtocolError
from adapters.ingestion.kafka.records import Records, varint


class Injection:
    """What became of the records of a batch.

    Attributes:
        records: The records, changed or as they were.
        injected: How many got the header.
        first_value: Value of the header in the first record that had it; empty when none had.
    """

    def __init__(self, records: bytes, injected: int, first_value: bytes) -> None:
        self.records = records
        self.injected = injected
        self.first_value = first_value


def inject(records: bytes, count: int, name: bytes, value: bytes) -> Injection:
    """Give every record a header, where it has none of that name.

    Args:
        records: The records, uncompressed.
        count: How many there are.
        name: The header's name.
        value: Its value.

    Raises:
        ProtocolError: the bytes are not that many records.
    """
    header = varint(len(name)) + name + varint(len(value)) + value
    alone = varint(1) + header
    walk = Records(records)
    written = bytearray()
    copied = 0
    injected = 0
    first_value = b""
    length = b""
    length_of = -1
    for _ in range(count):
        walk.advance()
        found = walk.header(name)
        if found is not None:
            first_value = first_value or found
            continue
        injected += 1
        if copied < walk.start:
            written += records[copied : walk.start]
        copied = walk.end
        headers = alone
        if walk.header_count > 0:
            rest = records[walk.first_header_at : walk.end]
            headers = varint(walk.header_count + 1) + rest + header
        size = walk.headers_at - walk.body_at + len(headers)
        if size != length_of:
            length_of = size
            length = varint(size)
        written += length
        written += records[walk.body_at : walk.headers_at]
        written += headers
    if walk.remaining != 0:
        raise ProtocolError(f"{walk.remaining} bytes behind the records of a batch")
    if injected == 0:
        return Injection(records, 0, first_value)
    written += records[copied:]
    return Injection(bytes(written), injected, first_value)


def first_header(records: bytes, count: int, name: bytes, is_whole: bool) -> bytes:
    """The value of a header in the first record that has it.

    Args:
        records: The records, uncompressed, or the first part of them.
        count: How many there are.
        name: The header's name.
        is_whole: Whether they are all known.

    Returns:
        Empty when no record has it that is known.

    Raises:
        ProtocolError: what is known as a whole are not that many records.
    """
    walk = Records(records)
    for _ in range(count):
        try:
            walk.advance()
            found = walk.header(name)
        except ProtocolError:
            if is_whole:
                raise
            return b""
        if found is not None:
            return found
    if is_whole and walk.remaining != 0:
        raise ProtocolError(f"{walk.remaining} bytes behind the records of a batch")
    return b""
