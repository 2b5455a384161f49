"""Protobuf's wire format: messages written field by field, and read by pulling fields.

    inner = MessageWriter()
    inner.text(1, "domain")
    outer = MessageWriter()
    outer.message(2, inner)
    outer.finish()

    reader = MessageReader(data)
    while reader.next_field():
        if reader.number == 1:
            domain = reader.text()

As in proto3, a field that holds its default is not written; a field that repeats is written one
element at a time. Unknown fields are passed over by the next `next_field`.

Source: protobuf.dev, "Encoding".
"""

from typing import Final

_VARINT: Final = 0
_FIXED64: Final = 1
_LENGTH: Final = 2
_FIXED32: Final = 5

_MAX_VARINT_BYTES: Final = 10
_LOW_BYTES: Final = 8
"""Bytes of a varint whose 56 bits are positive whatever the ninth and the tenth say."""


_ONE_BYTE: Final = [bytes([number]) for number in range(0x80)]
"""The varints of a single byte, which are most."""


class ProtobufError(ValueError):
    """Bytes that are no protobuf message, or not the one that was expected."""


def varint_bytes(value: int) -> bytes:
    """A number, not below 0, as a varint."""
    if value <= 0x7F:
        return _ONE_BYTE[value]
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)


class MessageWriter:
    """A message that is being written."""

    def __init__(self) -> None:
        self._data = bytearray()

    def finish(self) -> bytes:
        """The message so far."""
        return bytes(self._data)

    def varint(self, number: int, value: int) -> None:
        """An integer, an enum or a boolean; not below 0."""
        if value != 0:
            self._tag(number, _VARINT)
            self._varint(value)

    def present_varint(self, number: int, value: int) -> None:
        """A varint that is written also when it is 0: of a `oneof`, or an optional field."""
        self._tag(number, _VARINT)
        self._varint(value)

    def fixed64(self, number: int, value: int) -> None:
        """A fixed64; not below 0."""
        if value != 0:
            self._tag(number, _FIXED64)
            self._data += value.to_bytes(8, "little")

    def fixed32(self, number: int, value: int) -> None:
        """A fixed32; not below 0."""
        if value != 0:
            self._tag(number, _FIXED32)
            self._data += value.to_bytes(4, "little")

    def text(self, number: int, value: str) -> None:
        """A string. What is no Unicode becomes `?`: receivers refuse a message that has any."""
        if value:
            self.element(number, value.encode("utf-8", "replace"))

    def data(self, number: int, value: bytes) -> None:
        """A bytes field."""
        if value:
            self.element(number, value)

    def message(self, number: int, message: "MessageWriter") -> None:
        """A message within this one; also when it is empty, since its presence tells."""
        data = message._data  # noqa: SLF001 - one class; `finish` would copy
        self._tag(number, _LENGTH)
        self._varint(len(data))
        self._data += data

    def element(self, number: int, value: bytes) -> None:
        """One element of a repeated string, bytes or message field; also an empty one."""
        self._tag(number, _LENGTH)
        self._varint(len(value))
        self._data += value

    def _tag(self, number: int, wire_type: int) -> None:
        self._varint(number << 3 | wire_type)

    def _varint(self, value: int) -> None:
        if value <= 0x7F:
            self._data.append(value)
        else:
            self._data += varint_bytes(value)


class MessageReader:
    """Reads a message's fields in the order that they came in.

    Attributes:
        number: Number of the field that `next_field` found.

    Args:
        data: The bytes.
    """

    def __init__(self, data: bytes) -> None:
        self.number = 0
        self._data = data
        self._at = 0
        self._wire_type = _VARINT
        # Where the value of the current field starts and ends.
        self._start = 0

    def next_field(self) -> bool:
        """Go to the next field; False at the end.

        Raises:
            ProtobufError: the bytes end within a field, or are no fields.
        """
        if self._at >= len(self._data):
            return False
        tag = self._varint()
        self.number = tag >> 3
        if not 1 <= self.number < 1 << 29:
            raise ProtobufError(f"field number {self.number} at byte {self._at}")
        self._wire_type = tag & 7
        if self._wire_type == _VARINT:
            self._start = self._at
            self._varint()
            return True
        if self._wire_type == _LENGTH:
            size = self._varint()
            self._start = self._at
        else:
            size = self._fixed_size()
            self._start = self._at
        if not 0 <= size <= len(self._data) - self._at:
            raise ProtobufError(f"field {self.number}: {size} bytes, beyond the message's end")
        self._at += size
        return True

    def varint(self) -> int:
        """Value of an integer, enum or boolean field.

        Raises:
            ProtobufError: the field is of another kind, or beyond 62 bits.
        """
        self._expect(_VARINT)
        end = self._at
        self._at = self._start
        value = self._varint()
        self._at = end
        return value

    def data(self) -> bytes:
        """Value of a bytes field, or of a message that another reader reads.

        Raises:
            ProtobufError: the field is of another kind.
        """
        self._expect(_LENGTH)
        return self._data[self._start : self._at]

    def text(self) -> str:
        """Value of a string field.

        Raises:
            ProtobufError: the field is of another kind, or no UTF-8.
        """
        data = self.data()
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise ProtobufError(f"field {self.number}: {error}") from error

    def message(self) -> "MessageReader":
        """A reader of the message in this field.

        Raises:
            ProtobufError: the field is of another kind.
        """
        return MessageReader(self.data())

    def _fixed_size(self) -> int:
        if self._wire_type == _FIXED64:
            return 8
        if self._wire_type == _FIXED32:
            return 4
        raise ProtobufError(f"field {self.number}: wire type {self._wire_type}")

    def _expect(self, wire_type: int) -> None:
        if self._wire_type != wire_type:
            raise ProtobufError(
                f"field {self.number}: expected wire type {wire_type}, got {self._wire_type}"
            )

    def _varint(self) -> int:
        value = 0
        data = self._data
        for index in range(_MAX_VARINT_BYTES):
            if self._at >= len(data):
                raise ProtobufError("the message ends within a number")
            byte = data[self._at]
            self._at += 1
            low = byte & 0x7F
            if index < _LOW_BYTES:
                value |= low << 7 * index
            elif index == _LOW_BYTES:
                if byte >= 0x80:
                    # A negative number: the tenth byte has the sign, the ninth the bits below it.
                    return value + (self._sign(low) << 56)
                if low >= 0x40:
                    raise ProtobufError("a number beyond 62 bits")
                value |= low << 56
            if byte < 0x80:
                return value
        raise ProtobufError("a number of more than 10 bytes")

    def _sign(self, low: int) -> int:
        """The ninth byte of ten, with the sign that the tenth says."""
        if self._at >= len(self._data):
            raise ProtobufError("the message ends within a number")
        last = self._data[self._at]
        self._at += 1
        if last == 0 and low < 0x40:
            return low
        if last == 1 and low >= 0x40:
            return low - 0x80
        raise ProtobufError("a number beyond 62 bits")
