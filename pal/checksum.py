"""Checksums that Python's standard library does not have; CRC-32 is `zlib.crc32`."""

from typing import Final

# Castagnoli's polynomial, least significant bit first.
_POLYNOMIAL: Final = 0x82F63B78


def crc32c(data: bytes, value: int = 0) -> int:
    """The CRC-32C of bytes, as Kafka's record batches and iSCSI have it (RFC 3720, appendix B.4).

    In profile aot this is a function of the run-time (build/runtime/checksum.c).

    Args:
        data: The bytes.
        value: The CRC-32C of the bytes before them.

    Returns:
        0 to 2 ** 32 - 1.
    """
    checksum = ~value & 0xFFFFFFFF
    for byte in data:
        checksum ^= byte
        for _ in range(8):
            checksum = checksum >> 1 ^ (_POLYNOMIAL if checksum & 1 else 0)
    return ~checksum & 0xFFFFFFFF
