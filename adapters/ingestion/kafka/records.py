"""Records inside a batch of format 2, walked through one after another.

    Record => Length Attributes TimestampDelta OffsetDelta Key Value Headers
    Key, Value => Length Bytes              # of a length below 0 there are none
    Headers => Count (Length Name Length Value)*

All numbers but the attributes, a byte, are signed varints (zigzag).

Source: Kafka, "Record" in the documentation's implementation chapter.
"""

from typing import Final

from adapters.ingestion.kafka.errors import ProtocolError

_MAX_VARINT_BITS: Final = 63


class Records:
    """Walks through records. The parts of one are attributes until the next one is read.

    Args:
        data: The records, uncompressed; the last one may be cut.
        at: Where the first one starts.

    Attributes:
        start: Where the record starts, with its length.
        body_at: Where it goes on behind its length.
        timestamp_delta: Milliseconds from the batch's first time stamp.
        offset_at: Where its offset stands.
        offset_end: Where it goes on behind that.
        key_at: Where its key starts.
        key_size: Bytes of the key; below 0 for none.
        headers_at: Where the number of its headers stands.
        header_count: How many there are.
        first_header_at: Where the first of them starts.
        end: Where it ends.
    """

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self._size = len(data)
        self._at = at
        self.start = at
        self.body_at = at
        self.timestamp_delta = 0
        self.offset_at = at
        self.offset_end = at
        self.key_at = at
        self.key_size = -1
        self.headers_at = at
        self.header_count = 0
        self.first_header_at = at
        self.end = at

    @property
    def remaining(self) -> int:
        """Bytes behind the record."""
        return self._size - self.end

    def advance(self) -> None:
        """Read the next record up to its headers.

        Raises:
            ProtocolError: there is none, or it is cut.
        """
        self.start = self._at = self.end
        size = self._varint()
        body_at = self._at
        if size < 0 or size > self._size - body_at:
            raise ProtocolError(f"record of {size} bytes at byte {body_at}")
        self.body_at = body_at
        self.end = body_at + size
        self._at = body_at + 1
        self.timestamp_delta = self._varint()
        self.offset_at = self._at
        self._varint()
        self.offset_end = self._at
        self.key_size = self._varint()
        self.key_at = self._at
        self._skip(self.key_size)
        self._skip(self._varint())
        self.headers_at = self._at
        count = self._varint()
        if count < 0 or count > self.end - self._at:
            raise ProtocolError(f"record with {count} headers at byte {self.headers_at}")
        self.header_count = count
        self.first_header_at = self._at

    def header(self, name: bytes) -> bytes | None:
        """The value of the record's first header of that name; None without one.

        Raises:
            ProtocolError: the headers do not fill the record exactly.
        """
        found: bytes | None = None
        self._at = self.first_header_at
        for _ in range(self.header_count):
            size = self._varint()
            key_at = self._at
            if size < 0:
                raise ProtocolError(f"header without a name at byte {key_at}")
            self._skip(size)
            is_it = found is None and size == len(name) and self._data.startswith(name, key_at)
            size = self._varint()
            value_at = self._at
            self._skip(size)
            if is_it and size >= 0:
                found = self._data[value_at : self._at]
        if self._at != self.end:
            raise ProtocolError(f"record ends at byte {self.end}, its headers at {self._at}")
        return found

    def _skip(self, size: int) -> None:
        """Leave out bytes of the record; none where the size is below 0."""
        if size > 0:
            if size > self.end - self._at:
                raise ProtocolError(f"{size} bytes at byte {self._at} of a record")
            self._at += size

    def _varint(self) -> int:
        at = self._at
        if at < self._size:
            byte = self._data[at]
            if byte < 0x80:
                self._at = at + 1
                return byte >> 1 ^ -(byte & 1)
        return self._long_varint()

    def _long_varint(self) -> int:
        value = 0
        shift = 0
        at = self._at
        while shift < _MAX_VARINT_BITS and at < self._size:
            byte = self._data[at]
            at += 1
            if shift == 56 and byte > 0x1F:
                raise ProtocolError(f"varint beyond 61 bits at byte {self._at}")
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                self._at = at
                return value >> 1 ^ -(value & 1)
            shift += 7
        raise ProtocolError(f"varint that does not end at byte {self._at}")


def varint(value: int) -> bytes:
    """A signed varint."""
    rest = value << 1 if value >= 0 else (-value << 1) - 1
    written = bytearray()
    while rest >= 0x80:
        written.append(rest & 0x7F | 0x80)
        rest >>= 7
    written.append(rest)
    return bytes(written)
