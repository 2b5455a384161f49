"""Values of Kafka's protocol, read one after another.

Source: Kafka protocol guide, "Protocol Primitive Types"; KIP-482 for compact types and tagged
fields.
"""

from typing import Final

from adapters.ingestion.kafka.errors import ProtocolError

UUID_BYTES: Final = 16

_MAX_VARINT_BITS: Final = 63
_MAX_TAGS: Final = 1_000
_HIGH_LIMIT: Final = 1 << 29


class Reader:
    """Reads a message from its start.

    Args:
        data: The message, or the part of it that is known.
        at: Byte to start at.
        flexible: Whether strings, bytes and arrays are compact, and structures end with tagged
            fields (KIP-482).

    Raises:
        ProtocolError: by every method, the data ends before the value does, or a length is
            impossible.
    """

    def __init__(self, data: bytes, at: int = 0, flexible: bool = False) -> None:
        self._data = data
        self.at = at
        self.flexible = flexible

    @property
    def remaining(self) -> int:
        """Bytes that are left."""
        return len(self._data) - self.at

    def int8(self) -> int:
        """One byte, signed."""
        value = self._byte()
        return value - 256 if value >= 128 else value

    def int16(self) -> int:
        """Two bytes, signed."""
        value = self._byte() << 8 | self._byte()
        return value - 0x1_0000 if value >= 0x8000 else value

    def int32(self) -> int:
        """Four bytes, signed."""
        value = self.uint32()
        return value - 0x1_0000_0000 if value >= 0x8000_0000 else value

    def uint32(self) -> int:
        """Four bytes."""
        self.skip(4)
        data, at = self._data, self.at
        return data[at - 4] << 24 | data[at - 3] << 16 | data[at - 2] << 8 | data[at - 1]

    def int64(self) -> int:
        """Eight bytes, signed.

        Offsets, timestamps and producer ids have 62 bits at most; an int of profile aot is not
        much longer, so what is beyond is refused.
        """
        high = self.int32()
        low = self.uint32()
        if not -_HIGH_LIMIT <= high < _HIGH_LIMIT:
            raise ProtocolError(f"int64 beyond 62 bits at byte {self.at - 8}")
        return high << 32 | low

    def skip(self, size: int) -> None:
        """Leave bytes out."""
        self._need(size)
        self.at += size

    def take(self, size: int) -> bytes:
        """The next bytes."""
        self._need(size)
        self.at += size
        return self._data[self.at - size : self.at]

    def uvarint(self) -> int:
        """An unsigned varint of at most five bytes."""
        value = 0
        shift = 0
        while shift < 35:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
        raise ProtocolError(f"varint longer than 5 bytes at byte {self.at}")

    def varint(self) -> int:
        """A signed varint (zigzag) of at most nine bytes."""
        value = 0
        shift = 0
        while shift < _MAX_VARINT_BITS:
            byte = self._byte()
            if shift == 56 and byte > 0x1F:
                break
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value >> 1 ^ -(value & 1)
            shift += 7
        raise ProtocolError(f"varint beyond 61 bits at byte {self.at}")

    def string(self) -> str | None:
        """Text; None for null."""
        size = self.uvarint() - 1 if self.flexible else self.int16()
        return None if size < 0 else _text(self.take(size))

    def name(self) -> str:
        """Text that is not null, such as a topic's name."""
        text = self.string()
        if text is None:
            raise ProtocolError(f"expected a name, got null at byte {self.at}")
        return text

    def byte_count(self) -> int:
        """The length of bytes that follow; -1 for null."""
        size = self.uvarint() - 1 if self.flexible else self.int32()
        return max(-1, size)

    def count(self) -> int:
        """The number of an array's elements, each of a byte at least; -1 for null."""
        size = self.byte_count()
        if size > self.remaining:
            raise ProtocolError(f"array of {size} elements in {self.remaining} bytes")
        return size

    def end(self) -> None:
        """The end of a structure: its tagged fields, which nobody needs here."""
        if not self.flexible:
            return
        count = self.uvarint()
        if count > _MAX_TAGS:
            raise ProtocolError(f"{count} tagged fields at byte {self.at}")
        for _ in range(count):
            self.uvarint()
            self.skip(self.uvarint())

    def _byte(self) -> int:
        at = self.at
        if at >= len(self._data):
            raise ProtocolError(f"data ends at byte {at} within a value")
        self.at = at + 1
        return self._data[at]

    def _need(self, size: int) -> None:
        if not 0 <= size <= len(self._data) - self.at:
            raise ProtocolError(
                f"expected {size} bytes at byte {self.at}, {self.remaining} are left"
            )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
