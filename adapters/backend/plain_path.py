"""Paths as everybody reads them, for rules that must not be walked around."""

from typing import Final

from pal.text import before

_HEX_DIGITS: Final = "0123456789abcdefABCDEF"


def plain_path(path: str) -> str | None:
    """A path without its query, its percent signs decoded once.

    Returns:
        None when it could mean different places to different readers: an empty segment, a segment
        `.` or `..`, a backslash, a control character, an encoded `/` or `%`, or a percent sign
        that encodes nothing.
    """
    raw = before(before(path, "?"), "#")
    text = raw
    if "%" in raw:
        decoded = _decoded(raw)
        if decoded is None:
            return None
        text = decoded
    if "\\" in text or not text.startswith("/"):
        # `OPTIONS *` is the one path without a slash.
        return text if text == "*" else None
    if "//" in text or "/./" in text or "/../" in text or text.endswith(("/.", "/..")):
        return None
    for character in text:
        if character < " " or character == "\x7f":
            return None
    return text


def _decoded(text: str) -> str | None:
    parts = text.split("%")
    data = parts[0].encode("utf-8", "surrogateescape")
    for part in parts[1:]:
        digits = part[:2]
        if len(digits) != 2 or digits.strip(_HEX_DIGITS):
            return None
        byte = int(digits, 16)
        if byte in (0x25, 0x2F, 0x5C):
            return None
        data += bytes([byte]) + part[2:].encode("utf-8", "surrogateescape")
    return data.decode("utf-8", "surrogateescape")
