"""Writing JSON.

In compiled filters `write` is a function of the run-time (build/runtime/json_write.c), as CPython's
own is C; the `Encoder` here says in Python what both do.
"""

from typing import Any, Final

from ._json_value import DEPTH_LIMIT, too_deep

_QUOTE: Final = 0x22
_BACKSLASH: Final = 0x5C
_HEX_DIGITS: Final = "0123456789abcdef"
_SHORT_ESCAPES: Final = {0x08: "\\b", 0x0C: "\\f", 0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}

# For each byte of UTF-8, whether it starts what is escaped: controls, quotes, backslashes; and
# what is not ASCII, with DEL.
_ESCAPED: Final = b"\1" * 32 + b"\0\0\1" + b"\0" * 57 + b"\1" + b"\0" * 163
_ESCAPED_IN_ASCII: Final = b"\1" * 32 + b"\0\0\1" + b"\0" * 57 + b"\1" + b"\0" * 34 + b"\1" * 129


def write(
    value: object,
    ensure_ascii: bool,
    allow_nan: bool,
    item_separator: str,
    key_separator: str,
    sort_keys: bool,
) -> str:
    """The JSON text of a value.

    Raises:
        TypeError: a value or a name is of another type.
        ValueError: a float is NaN or infinite, and `allow_nan` is False.
        RecursionError: the value is nested too deep, or contains itself.
    """
    encoder = Encoder(ensure_ascii, allow_nan, item_separator, key_separator, sort_keys)
    encoder.value(value, 0)
    return "".join(encoder.parts)


class Encoder:
    """Collects the parts of the text."""

    def __init__(
        self,
        ensure_ascii: bool,
        allow_nan: bool,
        item_separator: str,
        key_separator: str,
        sort_keys: bool,
    ) -> None:
        self.parts: list[str] = []
        self._ensure_ascii = ensure_ascii
        self._allow_nan = allow_nan
        self._item_separator = item_separator
        self._key_separator = key_separator
        self._sort_keys = sort_keys

    def value(self, value: object, depth: int) -> None:
        if value is None:
            self.parts.append("null")
        elif isinstance(value, bool):
            self.parts.append("true" if value else "false")
        elif isinstance(value, int):
            self.parts.append(str(value))
        elif isinstance(value, float):
            self.parts.append(self._float(value))
        elif isinstance(value, str):
            self._string(value)
        elif isinstance(value, (list, tuple)):
            self._array(list(value), depth + 1)
        elif isinstance(value, dict):
            self._object(value, depth + 1)
        else:
            name = type(value).__name__
            raise TypeError(f"Object of type {name} is not JSON serializable")

    def _array(self, values: list[object], depth: int) -> None:
        if depth > DEPTH_LIMIT:
            raise too_deep("encoding a JSON object")
        separator = "["
        for value in values:
            self.parts.append(separator)
            self.value(value, depth)
            separator = self._item_separator
        self.parts.append("]" if values else "[]")

    def _object(self, values: dict[Any, object], depth: int) -> None:
        if depth > DEPTH_LIMIT:
            raise too_deep("encoding a JSON object")
        names = list(values)
        if self._sort_keys:
            names = sorted(names)
        separator = "{"
        for name in names:
            self.parts.append(separator)
            self._string(self._name(name))
            self.parts.append(self._key_separator)
            self.value(values[name], depth)
            separator = self._item_separator
        self.parts.append("}" if values else "{}")

    def _name(self, name: object) -> str:
        if isinstance(name, str):
            return name
        if name is None:
            return "null"
        if isinstance(name, bool):
            return "true" if name else "false"
        if isinstance(name, int):
            return str(name)
        if isinstance(name, float):
            return self._float(name)
        kind = type(name).__name__
        raise TypeError(f"keys must be str, int, float, bool or None, not {kind}")

    def _float(self, value: float) -> str:
        if value != value:  # noqa: PLR0124 - of all numbers, NaN alone
            text = "NaN"
        elif value == float("inf"):
            text = "Infinity"
        elif value == float("-inf"):
            text = "-Infinity"
        else:
            return str(value)
        if not self._allow_nan:
            raise ValueError("Out of range float values are not JSON compliant")
        return text

    def _string(self, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        escaped = _ESCAPED_IN_ASCII if self._ensure_ascii else _ESCAPED
        parts = self.parts
        parts.append('"')
        run = 0
        at = 0
        while at < len(data):
            byte = data[at]
            if not escaped[byte]:
                at += 1
                continue
            if run < at:
                parts.append(data[run:at].decode("utf-8", "surrogatepass"))
            if byte in (_QUOTE, _BACKSLASH):
                parts.append("\\" + chr(byte))
                at += 1
            else:
                end = at + _utf8_width(byte)
                self._escape(ord(data[at:end].decode("utf-8", "surrogatepass")))
                at = end
            run = at
        parts.append(data[run:].decode("utf-8", "surrogatepass") if run else text)
        parts.append('"')

    def _escape(self, code: int) -> None:
        short = _SHORT_ESCAPES.get(code)
        if short is not None:
            self.parts.append(short)
        elif code < 0x1_0000:
            self.parts.append(_code_unit_escape(code))
        else:
            code -= 0x1_0000
            self.parts.append(_code_unit_escape(0xD800 + (code >> 10)))
            self.parts.append(_code_unit_escape(0xDC00 + (code & 0x3FF)))


def _code_unit_escape(code: int) -> str:
    digits = [_HEX_DIGITS[code >> shift & 15] for shift in (12, 8, 4, 0)]
    return "\\u" + "".join(digits)


def _utf8_width(lead: int) -> int:
    if lead < 0xC0:
        return 1
    if lead < 0xE0:
        return 2
    return 3 if lead < 0xF0 else 4
