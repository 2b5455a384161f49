"""gzip: one member, as Kafka's clients write it.

Source: RFC 1952; RFC 1950 for what zlib puts around the same stream.
"""

import zlib
from typing import Final

from adapters.wire.deflate import inflate

_MAGIC: Final = b"\x1f\x8b\x08"
_HEAD_BYTES: Final = 10
_TRAILER_BYTES: Final = 8
_HEADER_CRC: Final = 2
_EXTRA: Final = 4
_NAME: Final = 8
_COMMENT: Final = 16
_RESERVED: Final = 0xE0

# Deflated, no flags, no time, no word about how well it is compressed or on which system.
_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"

_ZLIB_HEAD_BYTES: Final = 2
_ZLIB_TRAILER_BYTES: Final = 4


class GzipError(ValueError):
    """The bytes are not what gzip writes, or become more than is wanted."""


def size_of(data: bytes) -> int:
    """How many bytes a member says that it holds; 0 for what is none."""
    return int.from_bytes(data[-4:], "little") if len(data) >= _HEAD_BYTES + _TRAILER_BYTES else 0


def decompress(data: bytes, limit: int) -> bytes:
    """What a member holds.

    Args:
        data: The member, and nothing behind it.
        limit: Most bytes that are wanted.

    Raises:
        GzipError: it is no such member, its checksum is wrong, or it holds more.
    """
    start = _start(data)
    end = len(data) - _TRAILER_BYTES
    size = size_of(data)
    if size > limit:
        raise GzipError(f"{size} bytes in a gzip member, at most {limit} are wanted")
    try:
        inflated = inflate(data, start, end, size)
    except ValueError as error:
        raise GzipError("a gzip member whose stream is broken") from error
    if zlib.crc32(inflated) != int.from_bytes(data[end : end + 4], "little"):
        raise GzipError("a gzip member whose checksum is wrong")
    return inflated


def of_zlib(stream: bytes, data: bytes) -> bytes:
    """The member that holds what a stream in zlib's format does.

    Args:
        stream: In zlib's format, without a dictionary.
        data: What it holds.
    """
    deflated = stream[_ZLIB_HEAD_BYTES : len(stream) - _ZLIB_TRAILER_BYTES]
    size = len(data) & 0xFFFFFFFF
    return _HEAD + deflated + zlib.crc32(data).to_bytes(4, "little") + size.to_bytes(4, "little")


def _start(data: bytes) -> int:
    """Where a member's stream starts."""
    if len(data) < _HEAD_BYTES + _TRAILER_BYTES or not data.startswith(_MAGIC):
        raise GzipError("expected a gzip member")
    flags = data[3]
    if flags & _RESERVED:
        raise GzipError(f"a gzip member with flags {flags:#04x}")
    at = _HEAD_BYTES
    if flags & _EXTRA:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            at = data.find(b"\0", at) + 1
            if at == 0:
                raise GzipError("a gzip member with a name that does not end")
    if flags & _HEADER_CRC:
        at += 2
    if at > len(data) - _TRAILER_BYTES:
        raise GzipError("a gzip member whose head does not end")
    return at
