"""Checksums for compiled filters: what `import zlib` means in profile aot. No compression."""

from . import _bytes, _checksum


def crc32(data: bytes | bytearray | memoryview, value: int = 0, /) -> int:
    """The CRC-32 of bytes; `value` is that of the bytes before them."""
    return _checksum.crc32(_bytes.of(data), value & 0xFFFFFFFF)
