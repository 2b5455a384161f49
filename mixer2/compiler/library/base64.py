"""Base64 for compiled filters: what `import base64` means in profile aot.

Source: RFC 4648, and CPython's module for what is no base64.
"""

from typing import Final

from . import _base64, _bytes
from ._base64_text import ascii_bytes, decoded

_PLUS: Final = 0x2B
_SLASH: Final = 0x2F
_MINUS: Final = 0x2D
_UNDERSCORE: Final = 0x5F


def b64encode(s: bytes | bytearray | memoryview, altchars: bytes | None = None) -> bytes:
    """Base64 of bytes; `altchars` take the places of + and /."""
    if altchars is None:
        return _base64.encode(_bytes.of(s), _PLUS, _SLASH)
    if len(altchars) != 2:
        raise AssertionError(repr(altchars))
    return _base64.encode(_bytes.of(s), altchars[0], altchars[1])


def b64decode(
    s: str | bytes | bytearray | memoryview,
    altchars: str | bytes | None = None,
    validate: bool = False,
) -> bytes:
    """The bytes of base64; other characters are skipped, with `validate` refused.

    Raises:
        binascii.Error: it is no base64.
        ValueError: it is text with characters beyond ASCII.
    """
    data = ascii_bytes(s)
    if altchars is None:
        return decoded(data, _PLUS, _SLASH, validate)
    alternatives = ascii_bytes(altchars)
    if len(alternatives) != 2:
        raise AssertionError(repr(alternatives))
    return decoded(data, alternatives[0], alternatives[1], validate)


def standard_b64encode(s: bytes | bytearray | memoryview) -> bytes:
    """Base64 of bytes."""
    return _base64.encode(_bytes.of(s), _PLUS, _SLASH)


def standard_b64decode(s: str | bytes | bytearray | memoryview) -> bytes:
    """The bytes of base64."""
    return decoded(ascii_bytes(s), _PLUS, _SLASH, False)


def urlsafe_b64encode(s: bytes | bytearray | memoryview) -> bytes:
    """Base64 of bytes with - and _ for + and /."""
    return _base64.encode(_bytes.of(s), _MINUS, _UNDERSCORE)


def urlsafe_b64decode(s: str | bytes | bytearray | memoryview) -> bytes:
    """The bytes of base64 with - and _ for + and /."""
    return decoded(ascii_bytes(s), _MINUS, _UNDERSCORE, False)
