"""JSON for compiled filters: what `import json` means in profile aot.

Guest code, in place of CPython's module of the same name: equal results, and equal errors with
equal positions, for `loads` and `dumps` of the JSON types. Beyond that: `bytes` are UTF-8 (with or
without a byte order mark), and nesting is limited to 200 levels, where CPython has its stack.

Source: RFC 8259, and CPython 3.11's `json` for what the RFC leaves open: NaN and infinities are
read and written, of two equal names the last wins, lone surrogates are allowed.
"""

from typing import Any, Final, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

_DEPTH_LIMIT: Final = 200

_TAB: Final = 0x09
_NEWLINE: Final = 0x0A
_RETURN: Final = 0x0D
_SPACE: Final = 0x20
_QUOTE: Final = 0x22
_PLUS: Final = 0x2B
_COMMA: Final = 0x2C
_MINUS: Final = 0x2D
_DOT: Final = 0x2E
_0: Final = 0x30
_9: Final = 0x39
_COLON: Final = 0x3A
_E: Final = 0x45
_OPEN_BRACKET: Final = 0x5B
_BACKSLASH: Final = 0x5C
_CLOSE_BRACKET: Final = 0x5D
_a: Final = 0x61
_e: Final = 0x65
_f: Final = 0x66
_u: Final = 0x75
_OPEN_BRACE: Final = 0x7B
_CLOSE_BRACE: Final = 0x7D
_DELETE: Final = 0x7F
_END: Final = -1

_HEX_DIGITS: Final = "0123456789abcdef"
# What follows a backslash, and what it stands for; beside the characters that stand for themselves.
_ESCAPES: Final = {0x62: "\b", 0x66: "\f", 0x6E: "\n", 0x72: "\r", 0x74: "\t"}
_SHORT_ESCAPES: Final = {0x08: "\\b", 0x0C: "\\f", 0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}


class JSONDecodeError(ValueError):
    """Text that is not JSON.

    Attributes:
        msg: What is wrong, without the place.
        doc: The text.
        pos: Where in the text, in characters from 0.
        lineno: Line of the place, from 1.
        colno: Column of the place, from 1.
    """

    def __init__(self, msg: str, doc: str, pos: int) -> None:
        lineno = doc.count("\n", 0, pos) + 1
        colno = pos - doc.rfind("\n", 0, pos)
        super().__init__(f"{msg}: line {lineno} column {colno} (char {pos})")
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = lineno
        self.colno = colno


def loads(s: str | bytes) -> JsonValue:
    """The value of a JSON text.

    Raises:
        JSONDecodeError: it is not JSON.
        UnicodeDecodeError: `s` is bytes and not UTF-8.
        RecursionError: it is nested too deep.
    """
    if isinstance(s, bytes):
        text = (s[3:] if s.startswith(b"\xef\xbb\xbf") else s).decode("utf-8", "surrogatepass")
    else:
        text = s
        if text.startswith("\ufeff"):
            raise JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", text, 0)
    return _Decoder(text).document()


def dumps(
    obj: object,
    *,
    ensure_ascii: bool = True,
    allow_nan: bool = True,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """The JSON text of a value.

    Args:
        obj: None, bool, int, float, str, or lists, tuples and dicts of these.
        ensure_ascii: Escape all characters beyond ASCII.
        allow_nan: Write NaN and infinities, which JSON does not know.
        separators: What stands between items, and between a name and its value.
        sort_keys: Write the names of a dict in their order.

    Raises:
        TypeError: a value or a name is of another type.
        ValueError: a float is NaN or infinite, and `allow_nan` is False.
        RecursionError: the value is nested too deep, or contains itself.
    """
    if separators is None:
        separators = (", ", ": ")
    encoder = _Encoder(ensure_ascii, allow_nan, separators[0], separators[1], sort_keys)
    encoder.value(obj, 0)
    return "".join(encoder.parts)


class _Decoder:
    """One pass over the text's UTF-8, whose bytes are found at once where characters may not be."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._data = text.encode("utf-8", "surrogatepass")
        self._size = len(self._data)
        self._at = 0

    def document(self) -> JsonValue:
        self._skip_space()
        value = self._value(0)
        self._skip_space()
        if self._at != self._size:
            raise self._error("Extra data", self._at)
        return value

    def _value(self, depth: int) -> JsonValue:
        byte = self._byte()
        if byte == _QUOTE:
            return self._string()
        if byte == _OPEN_BRACE:
            return self._object(depth + 1)
        if byte == _OPEN_BRACKET:
            return self._array(depth + 1)
        if self._skip(b"null"):
            return None
        if self._skip(b"true"):
            return True
        if self._skip(b"false"):
            return False
        if self._skip(b"NaN"):
            return float("nan")
        if self._skip(b"Infinity"):
            return float("inf")
        if self._skip(b"-Infinity"):
            return float("-inf")
        return self._number()

    def _array(self, depth: int) -> list[JsonValue]:
        if depth > _DEPTH_LIMIT:
            raise _too_deep("decoding a JSON array from a unicode string")
        self._at += 1
        values: list[JsonValue] = []
        self._skip_space()
        if self._byte() == _CLOSE_BRACKET:
            self._at += 1
            return values
        while True:
            values.append(self._value(depth))
            self._skip_space()
            if self._byte() == _CLOSE_BRACKET:
                self._at += 1
                return values
            self._expect(_COMMA, "Expecting ',' delimiter")
            self._skip_space()

    def _object(self, depth: int) -> dict[str, JsonValue]:
        if depth > _DEPTH_LIMIT:
            raise _too_deep("decoding a JSON object from a unicode string")
        self._at += 1
        values: dict[str, JsonValue] = {}
        self._skip_space()
        if self._byte() == _CLOSE_BRACE:
            self._at += 1
            return values
        while True:
            if self._byte() != _QUOTE:
                message = "Expecting property name enclosed in double quotes"
                raise self._error(message, self._at)
            name = self._string()
            self._skip_space()
            self._expect(_COLON, "Expecting ':' delimiter")
            self._skip_space()
            values[name] = self._value(depth)
            self._skip_space()
            if self._byte() == _CLOSE_BRACE:
                self._at += 1
                return values
            self._expect(_COMMA, "Expecting ',' delimiter")
            self._skip_space()

    def _string(self) -> str:
        data = self._data
        start = self._at
        self._at += 1
        run = self._at
        parts: list[str] = []
        while True:
            byte = self._byte()
            if byte == _END:
                raise self._error("Unterminated string starting at", start)
            if byte < _SPACE:
                raise self._error("Invalid control character at", self._at)
            if byte == _QUOTE:
                parts.append(data[run : self._at].decode("utf-8", "surrogatepass"))
                self._at += 1
                return parts[0] if len(parts) == 1 else "".join(parts)
            if byte == _BACKSLASH:
                parts.append(data[run : self._at].decode("utf-8", "surrogatepass"))
                parts.append(self._escape(start))
                run = self._at
            else:
                self._at += 1

    def _escape(self, string_start: int) -> str:
        self._at += 1
        byte = self._byte()
        if byte == _END:
            raise self._error("Unterminated string starting at", string_start)
        if byte == _u:
            return self._unicode_escape()
        self._at += 1
        if byte in (_QUOTE, _BACKSLASH, 0x2F):
            return chr(byte)
        if byte not in _ESCAPES:
            raise self._error("Invalid \\escape", self._at - 2)
        return _ESCAPES[byte]

    def _unicode_escape(self) -> str:
        code = self._code_unit()
        if 0xD800 <= code <= 0xDBFF and self._data[self._at : self._at + 2] == b"\\u":
            after_first = self._at
            self._at += 1
            second = self._code_unit()
            if 0xDC00 <= second <= 0xDFFF:
                return chr(0x1_0000 + ((code - 0xD800) << 10) + (second - 0xDC00))
            self._at = after_first
        return chr(code)

    def _code_unit(self) -> int:
        """The number of `uXXXX`; more text must follow, since the string is not over."""
        start = self._at
        code = 0
        for position in range(start + 1, start + 5):
            digit = _hex_digit(self._data[position]) if position < self._size - 1 else -1
            if digit < 0:
                raise self._error("Invalid \\uXXXX escape", start)
            code = code << 4 | digit
        self._at = start + 5
        return code

    def _number(self) -> int | float:
        start = self._at
        if self._byte() == _MINUS:
            self._at += 1
        if self._byte() == _0:
            self._at += 1
        elif not self._skip_digits():
            raise self._error("Expecting value", start)
        whole_end = self._at
        if self._byte() == _DOT:
            self._at += 1
            if not self._skip_digits():
                self._at = whole_end
        fraction_end = self._at
        if self._byte() in (_e, _E):
            self._at += 1
            if self._byte() in (_PLUS, _MINUS):
                self._at += 1
            if not self._skip_digits():
                self._at = fraction_end
        text = self._data[start : self._at].decode("ascii")
        return int(text) if self._at == whole_end else float(text)

    def _skip_digits(self) -> bool:
        """Go behind the digits here; False when there are none."""
        start = self._at
        while _0 <= self._byte() <= _9:
            self._at += 1
        return self._at > start

    def _skip_space(self) -> None:
        while self._byte() in (_SPACE, _NEWLINE, _RETURN, _TAB):
            self._at += 1

    def _skip(self, word: bytes) -> bool:
        end = self._at + len(word)
        if self._data[self._at : end] != word:
            return False
        self._at = end
        return True

    def _expect(self, byte: int, message: str) -> None:
        if self._byte() != byte:
            raise self._error(message, self._at)
        self._at += 1

    def _byte(self) -> int:
        return self._data[self._at] if self._at < self._size else _END

    def _error(self, message: str, at: int) -> JSONDecodeError:
        characters = len(self._data[:at].decode("utf-8", "surrogatepass"))
        return JSONDecodeError(message, self._text, characters)


class _Encoder:
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
        if depth > _DEPTH_LIMIT:
            raise _too_deep("encoding a JSON object")
        separator = "["
        for value in values:
            self.parts.append(separator)
            self.value(value, depth)
            separator = self._item_separator
        self.parts.append("]" if values else "[]")

    def _object(self, values: dict[Any, object], depth: int) -> None:
        if depth > _DEPTH_LIMIT:
            raise _too_deep("encoding a JSON object")
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
        self.parts.append('"')
        run = 0
        at = 0
        while at < len(data):
            byte = data[at]
            if not self._needs_escape(byte):
                at += 1
                continue
            self.parts.append(data[run:at].decode("utf-8", "surrogatepass"))
            if byte in (_QUOTE, _BACKSLASH):
                self.parts.append("\\" + chr(byte))
                at += 1
            else:
                end = at + _utf8_width(byte)
                self._escape(ord(data[at:end].decode("utf-8", "surrogatepass")))
                at = end
            run = at
        self.parts.append(data[run:].decode("utf-8", "surrogatepass"))
        self.parts.append('"')

    def _needs_escape(self, byte: int) -> bool:
        if byte < _SPACE or byte in (_QUOTE, _BACKSLASH):
            return True
        return byte >= _DELETE and self._ensure_ascii

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


def _hex_digit(byte: int) -> int:
    """Value of an ASCII hexadecimal digit; -1 when it is none."""
    if _0 <= byte <= _9:
        return byte - _0
    letter = byte | 0x20
    if _a <= letter <= _f:
        return letter - _a + 10
    return -1


def _too_deep(doing: str) -> RecursionError:
    return RecursionError(f"maximum recursion depth exceeded while {doing}")
