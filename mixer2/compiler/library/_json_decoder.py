"""Reading JSON.

In compiled filters `read` is a function of the run-time (build/runtime/json_read.c), as CPython's
own is C; the `Decoder` here says in Python what both do.
"""

from typing import Final

from ._json_value import DEPTH_LIMIT, JsonValue, too_deep

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
_END: Final = -1

# What follows a backslash, and what it stands for; beside the characters that stand for themselves.
_ESCAPES: Final = {0x62: "\b", 0x66: "\f", 0x6E: "\n", 0x72: "\r", 0x74: "\t"}


# What may be wrong with a text; the run-time knows them by number.
_MESSAGES: Final = [
    "Expecting value",
    "Expecting property name enclosed in double quotes",
    "Expecting ':' delimiter",
    "Expecting ',' delimiter",
    "Extra data",
    "Unterminated string starting at",
    "Invalid control character at",
    "Invalid \\escape",
    "Invalid \\uXXXX escape",
]
_NO_VALUE: Final = 0
_NO_NAME: Final = 1
_NO_COLON: Final = 2
_NO_COMMA: Final = 3
_EXTRA_DATA: Final = 4
_NO_END: Final = 5
_CONTROL: Final = 6
_BAD_ESCAPE: Final = 7
_BAD_CODE: Final = 8


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


def decode(text: str) -> JsonValue:
    """The value of a JSON text.

    Raises:
        JSONDecodeError: it is not JSON.
        RecursionError: it is nested too deep.
    """
    fault: list[int] = []
    value = read(text, fault)
    if fault:
        raise JSONDecodeError(_MESSAGES[fault[0]], text, fault[1])
    return value


def read(text: str, fault: list[int]) -> JsonValue:
    """The value of a JSON text.

    Args:
        text: The text.
        fault: Where the run-time, which cannot make a JSONDecodeError, puts the number of a
            message, and a place in the text. The value is None then.
    """
    return Decoder(text).document()


class Decoder:
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
            raise self._error(_EXTRA_DATA, self._at)
        return value

    def _value(self, depth: int) -> JsonValue:
        byte = self._byte()
        if byte == _QUOTE:
            return self._string()
        if byte == _OPEN_BRACE:
            return self._object(depth + 1)
        if byte == _OPEN_BRACKET:
            return self._array(depth + 1)
        if byte <= _9 and byte != _MINUS:
            return self._number()
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
        if depth > DEPTH_LIMIT:
            raise too_deep("decoding a JSON array from a unicode string")
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
            self._expect(_COMMA, _NO_COMMA)
            self._skip_space()

    def _object(self, depth: int) -> dict[str, JsonValue]:
        if depth > DEPTH_LIMIT:
            raise too_deep("decoding a JSON object from a unicode string")
        self._at += 1
        values: dict[str, JsonValue] = {}
        self._skip_space()
        if self._byte() == _CLOSE_BRACE:
            self._at += 1
            return values
        while True:
            if self._byte() != _QUOTE:
                raise self._error(_NO_NAME, self._at)
            name = self._string()
            self._skip_space()
            self._expect(_COLON, _NO_COLON)
            self._skip_space()
            values[name] = self._value(depth)
            self._skip_space()
            if self._byte() == _CLOSE_BRACE:
                self._at += 1
                return values
            self._expect(_COMMA, _NO_COMMA)
            self._skip_space()

    def _string(self) -> str:
        data = self._data
        size = self._size
        start = self._at
        at = run = start + 1
        text = ""
        while at < size:
            byte = data[at]
            if byte == _QUOTE:
                self._at = at + 1
                last = data[run:at].decode("utf-8", "surrogatepass")
                return text + last if text else last
            if byte == _BACKSLASH:
                text += data[run:at].decode("utf-8", "surrogatepass")
                self._at = at
                text += self._escape(start)
                at = run = self._at
            elif byte < _SPACE:
                raise self._error(_CONTROL, at)
            else:
                at += 1
        raise self._error(_NO_END, start)

    def _escape(self, string_start: int) -> str:
        self._at += 1
        byte = self._byte()
        if byte == _END:
            raise self._error(_NO_END, string_start)
        if byte == _u:
            return self._unicode_escape()
        self._at += 1
        if byte in (_QUOTE, _BACKSLASH, 0x2F):
            return chr(byte)
        if byte not in _ESCAPES:
            raise self._error(_BAD_ESCAPE, self._at - 2)
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
                raise self._error(_BAD_CODE, start)
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
            raise self._error(_NO_VALUE, start)
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
        data = self._data
        start = at = self._at
        while at < self._size and _0 <= data[at] <= _9:
            at += 1
        self._at = at
        return at > start

    def _skip_space(self) -> None:
        data = self._data
        at = self._at
        while at < self._size:
            byte = data[at]
            if byte > _SPACE or byte not in (_SPACE, _NEWLINE, _RETURN, _TAB):
                break
            at += 1
        self._at = at

    def _skip(self, word: bytes) -> bool:
        end = self._at + len(word)
        if self._data[self._at : end] != word:
            return False
        self._at = end
        return True

    def _expect(self, byte: int, fault: int) -> None:
        if self._byte() != byte:
            raise self._error(fault, self._at)
        self._at += 1

    def _byte(self) -> int:
        return self._data[self._at] if self._at < self._size else _END

    def _error(self, fault: int, at: int) -> JSONDecodeError:
        characters = len(self._data[:at].decode("utf-8", "surrogatepass"))
        return JSONDecodeError(_MESSAGES[fault], self._text, characters)


def _hex_digit(byte: int) -> int:
    """Value of an ASCII hexadecimal digit; -1 when it is none."""
    if _0 <= byte <= _9:
        return byte - _0
    letter = byte | 0x20
    if _a <= letter <= _f:
        return letter - _a + 10
    return -1
