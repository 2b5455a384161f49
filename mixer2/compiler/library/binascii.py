"""Bytes as text for compiled filters: what `import binascii` means in profile aot."""

from typing import Final

from . import _base64, _bytes, _checksum
from ._base64_text import Error as Error
from ._base64_text import ascii_bytes, decoded

_PLUS: Final = 0x2B
_SLASH: Final = 0x2F


def b2a_base64(data: bytes | bytearray | memoryview, /, *, newline: bool = True) -> bytes:
    """A line of base64."""
    encoded = _base64.encode(_bytes.of(data), _PLUS, _SLASH)
    return encoded + b"\n" if newline else encoded


def a2b_base64(
    data: str | bytes | bytearray | memoryview, /, *, strict_mode: bool = False
) -> bytes:
    """The bytes that base64 stands for.

    Raises:
        Error: it is none.
        ValueError: it is text with characters beyond ASCII.
    """
    return decoded(ascii_bytes(data), _PLUS, _SLASH, strict_mode)


def hexlify(data: bytes | bytearray | memoryview) -> bytes:
    """The hexadecimal digits of bytes."""
    return _bytes.hex(_bytes.of(data)).encode()


def unhexlify(hexstr: str | bytes | bytearray | memoryview, /) -> bytes:
    """The bytes that hexadecimal digits stand for.

    Raises:
        Error: they are none.
        ValueError: it is text with characters beyond ASCII.
    """
    text = ascii_bytes(hexstr)
    if len(text) % 2:
        raise Error("Odd-length string")
    decoded: list[int] = []
    for place in range(0, len(text), 2):
        decoded.append(_digit(text[place]) << 4 | _digit(text[place + 1]))
    return bytes(decoded)


def _digit(character: int) -> int:
    if 0x30 <= character <= 0x39:
        return character - 0x30
    letter = character | 0x20
    if 0x61 <= letter <= 0x66:
        return letter - 0x61 + 10
    raise Error("Non-hexadecimal digit found")


def crc32(data: bytes | bytearray | memoryview, crc: int = 0, /) -> int:
    """The CRC-32 of bytes; `crc` is that of the bytes before them."""
    return _checksum.crc32(_bytes.of(data), crc & 0xFFFFFFFF)
