"""Bytes: functions of the run-time (build/runtime/library_bytes.c)."""


def of(data: object) -> bytes:
    """Bytes, a bytearray or a memoryview, as bytes.

    Raises:
        TypeError: it is none of them.
    """
    raise NotImplementedError


def hex(data: bytes) -> str:  # noqa: A001
    """The hexadecimal digits of bytes."""
    raise NotImplementedError


def from_ints(values: list[int]) -> bytes:
    """Bytes of ints from 0 to 255."""
    raise NotImplementedError


def decimal(text: str) -> int:
    """The number of 1 to 18 ASCII digits; -1 for any other text."""
    raise NotImplementedError
