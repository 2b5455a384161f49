"""Checksums: functions of the run-time (build/runtime/checksum.c)."""


def crc32(data: bytes, value: int) -> int:
    """CRC-32 of bytes that follow others, whose checksum is `value` (0 to 2 ** 32 - 1)."""
    raise NotImplementedError
