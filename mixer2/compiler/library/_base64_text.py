"""Text that stands for bytes: what `base64` and `binascii` share."""

from typing import cast

from . import _base64, _bytes


class Error(ValueError):
    """Text that does not stand for bytes."""


def decoded(data: bytes, plus: int, slash: int, strict: bool) -> bytes:
    """The bytes that base64 with these last two digits stands for.

    Raises:
        Error: it is none.
    """
    answer = _base64.decode(data, plus, slash, strict)
    if isinstance(answer, str):
        raise Error(answer)
    return cast("bytes", answer)


def ascii_bytes(data: str | bytes | bytearray | memoryview) -> bytes:
    """Text of ASCII characters, or bytes, as bytes.

    Raises:
        ValueError: there are other characters.
    """
    if not isinstance(data, str):
        return _bytes.of(data)
    if not data.isascii():
        raise ValueError("string argument should contain only ASCII characters")
    return data.encode()
