"""Base64: functions of the run-time (build/runtime/base64.c)."""


def encode(data: bytes, plus: int, slash: int) -> bytes:
    """The digits of bytes, with padding; `plus` and `slash` are the last two."""
    raise NotImplementedError


def decode(data: bytes, plus: int, slash: int, strict: bool) -> object:
    """The bytes of digits; a str that says what is wrong where they are none."""
    raise NotImplementedError
