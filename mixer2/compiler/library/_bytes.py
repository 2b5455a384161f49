"""Bytes: functions of the run-time (build/runtime/library_bytes.c)."""


def of(data: object) -> bytes:
    """Bytes or a bytearray, as bytes.

    Raises:
        TypeError: it is neither.
    """
    raise NotImplementedError


def hex(data: bytes) -> str:  # noqa: A001
    """The hexadecimal digits of bytes."""
    raise NotImplementedError
