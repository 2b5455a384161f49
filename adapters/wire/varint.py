"""Protobuf's varints of 63 bits: in profile aot build/runtime/varint.c.

The bodies are plain Python's.

Source: protobuf.dev, "Encoding".
"""

from typing import Final

CUT_OFF: Final = -1
TOO_LARGE: Final = -2

_LONGEST: Final = 10
_LARGEST: Final = 4611686018427387903


def encode(value: int) -> bytes:
    """A number, not below 0."""
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)


def end(data: bytes, start: int) -> int:
    """Where the varint at `start` ends; CUT_OFF (-1) or TOO_LARGE (-2) where there is none."""
    rest = data[start : start + _LONGEST]
    for index, byte in enumerate(rest):
        if byte < 0x80:
            value = at(data, start)
            fits = value <= _LARGEST and value + 1 >= -_LARGEST
            return start + index + 1 if fits else TOO_LARGE
    return TOO_LARGE if len(rest) == _LONGEST else CUT_OFF


def at(data: bytes, start: int) -> int:
    """The varint at `start`, which has an end."""
    value = 0
    for index, byte in enumerate(data[start : start + _LONGEST]):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            break
    # Ten bytes are a negative number, of 64 bits; what is beyond them fits nowhere.
    bits = value.to_bytes(9, "little")
    return value if bits[8] else int.from_bytes(bits[:8], "little", signed=True)
