"""CRC-32C, the checksum of record batches.

Source: RFC 3720, section 12.1, and appendix B.4 for its values.
"""

from typing import Final

_POLYNOMIAL: Final = 0x82F6_3B78
_ALL: Final = 0xFFFF_FFFF


def _row(byte: int) -> int:
    value = byte
    for _ in range(8):
        value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
    return value


_TABLE: Final = [_row(byte) for byte in range(256)]


def crc32c(data: bytes, start: int) -> int:
    """The checksum of `data` from byte `start` on.

    In profile aot this is a function of the run-time (build/runtime/checksum.c).
    """
    value = _ALL
    for byte in data[start:]:
        value = value >> 8 ^ _TABLE[(value ^ byte) & 0xFF]
    return value ^ _ALL
