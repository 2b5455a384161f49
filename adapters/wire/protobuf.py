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

    limit = MessageReader(data).inner(2).integer(1)

As in proto3, a field that holds its default is not written; a field that repeats is written one
element at a time. Unknown fields are passed over by the next `next_field`.

Source: protobuf.dev, "Encoding".
"""

from typing import Final

from adapters.wire import varint

_VARINT: Final = 0
_FIXED64: Final = 1
_LENGTH: Final = 2
_FIXED32: Final = 5

_CUT_OFF: Final = -1


class ProtobufError(ValueError):
    """Bytes that are no protobuf message, or not the one that was expected."""


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
        self._data += varint.encode(value)


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

    def integer(self, number: int) -> int:
        """The integer, enum or boolean in the last field of this number; 0 without one.

        Like the next three it reads all of the message, from its start.

        Raises:
            ProtobufError: the field is of another kind, or the message is none.
        """
        found = 0
        reader = MessageReader(self._data)
        while reader.next_field():
            if reader.number == number:
                found = reader.varint()
        return found

    def last_data(self, number: int) -> bytes:
        """The bytes in the last field of this number; none without one."""
        found = b""
        reader = MessageReader(self._data)
        while reader.next_field():
            if reader.number == number:
                found = reader.data()
        return found

    def inner(self, number: int) -> "MessageReader":
        """The message in the field of this number; an empty one without it.

        Of several, one behind the other, all hold: protobuf merges them.
        """
        merged = b""
        reader = MessageReader(self._data)
        while reader.next_field():
            if reader.number == number:
                merged += reader.data()
        return MessageReader(merged)

    def inners(self, number: int) -> "list[MessageReader]":
        """The messages in a repeated field."""
        found: list[MessageReader] = []
        reader = MessageReader(self._data)
        while reader.next_field():
            if reader.number == number:
                found.append(reader.message())
        return found

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
        end = varint.end(self._data, self._at)
        if end < 0:
            cut_off = "the message ends within a number"
            raise ProtobufError(cut_off if end == _CUT_OFF else "a number beyond 62 bits")
        value = varint.at(self._data, self._at)
        self._at = end
        return value
