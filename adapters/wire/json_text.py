"""JSON texts of values, for documents that are written part by part."""

from typing import Final

_SPACE: Final = 0x20
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_HEX_DIGITS: Final = "0123456789abcdef"


def string(text: str) -> str:
    """A text in quotes. What is no Unicode becomes `?`, so that the document is UTF-8.

    Source: RFC 8259, section 7.
    """
    return f'"{escaped(text)}"'


def escaped(text: str) -> str:
    """What stands between the quotes."""
    # Of ASCII the printable characters are those from the space on, but for DEL.
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return text
    clean = text.encode("utf-8", "replace").decode()
    return "".join([_escape(character) for character in clean])


def _escape(character: str) -> str:
    if character in ('"', "\\"):
        return "\\" + character
    code = ord(character)
    if code >= _SPACE:
        return character
    short = _SHORT.get(character)
    if short is not None:
        return short
    return f"\\u00{_HEX_DIGITS[code >> 4]}{_HEX_DIGITS[code & 15]}"
