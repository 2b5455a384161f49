"""Checksums that Python's standard library does not have; CRC-32 is `zlib.crc32`.

Knows nothing of the proxy, so sans-I/O adapters use it too.
"""

from typing import Final


def _row(byte: int) -> int:
    """What a byte does to a checksum: Castagnoli's polynomial, least significant bit first."""
    value = byte
    for _ in range(8):
        value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value


_ROWS: Final = [_row(byte) for byte in range(256)]
_ALL: Final = 0xFFFFFFFF


def crc32c(data: bytes, value: int = 0, start: int = 0) -> int:
    """The CRC-32C of bytes, as Kafka's record batches and iSCSI have it (RFC 3720, appendix B.4).

    In profile aot this is a function of the run-time (build/runtime/checksum.c).

    Args:
        data: The bytes.
        value: The CRC-32C of the bytes before them.
        start: The first of them that counts.

    Returns:
        0 to 2 ** 32 - 1.
    """
    checksum = value ^ _ALL
    for byte in data[start:]:
        checksum = checksum >> 8 ^ _ROWS[(checksum ^ byte) & 0xFF]
    return checksum ^ _ALL
