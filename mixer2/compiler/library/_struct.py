"""Numbers as bytes: functions of the run-time (build/runtime/library_struct.c)."""


def float_bytes(value: float, size: int) -> bytes:
    """A float in 2, 4 or 8 bytes, the least significant first; b"" when it is too large."""
    raise NotImplementedError


def bytes_float(data: bytes) -> float:
    """The float of 2, 4 or 8 bytes, the least significant first."""
    raise NotImplementedError


def bytes_int(data: bytes, start: int, size: int, is_signed: bool, is_big: bool) -> int:
    """The int of `size` bytes.

    Raises:
        OverflowError: it is beyond 63 bits.
    """
    raise NotImplementedError


def int_bytes(value: int, size: int, is_big: bool) -> bytes:
    """The lowest `size` bytes of an int."""
    raise NotImplementedError
