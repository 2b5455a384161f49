"""The wire format of protobuf, as far as the ABI needs it.

Source: protobuf.dev, "Encoding".
"""

from typing import Final, TypeAlias

Field: TypeAlias = "tuple[int, int | bytes]"
"""Field number, and its value: a number, or the bytes of a length-delimited or fixed field."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED_SIZES: Final = {_FIXED64: 8, _FIXED32: 4}


def read_fields(data: bytes) -> list[Field] | None:
    """All fields of a message in order; None when the bytes are no message.

    Groups count as no message: nothing that is read here has them.
    """
    fields: list[Field] = []
    at = 0
    try:
        while at < len(data):
            tag, at = _read_varint(data, at)
            number, kind = tag >> 3, tag & 7
            value: int | bytes
            if kind == _VARINT:
                value, at = _read_varint(data, at)
            elif kind in (_BYTES, *_FIXED_SIZES):
                size, at = _read_varint(data, at) if kind == _BYTES else (_FIXED_SIZES[kind], at)
                value = data[at : at + size]
                at += size
            else:
                return None
            if number == 0 or at > len(data):
                return None
            fields.append((number, value))
    except IndexError:
        return None
    return fields


def last_bytes(fields: list[Field], number: int) -> bytes:
    """The last length-delimited field of a number, as a singular field is read; b"" for none."""
    values = [value for field, value in fields if field == number and isinstance(value, bytes)]
    return values[-1] if values else b""


def last_number(fields: list[Field], number: int) -> int:
    """The last varint field of a number; 0 for none."""
    values = [value for field, value in fields if field == number and isinstance(value, int)]
    return values[-1] if values else 0


def bytes_field(number: int, data: bytes) -> bytes:
    """A length-delimited field."""
    return write_varint(number << 3 | _BYTES) + write_varint(len(data)) + data


def number_field(number: int, value: int) -> bytes:
    """A varint field; nothing for 0, as proto3 writes it."""
    return write_varint(number << 3 | _VARINT) + write_varint(value) if value else b""


def write_varint(value: int) -> bytes:
    """A varint."""
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Value and the position behind it. Raises IndexError when it does not end."""
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & (1 << 64) - 1, at
    raise IndexError("a varint of more than ten bytes")
