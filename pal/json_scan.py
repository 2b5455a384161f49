"""JSON, scanned in place: where the values of a document lie, and the values that are asked for.

Nothing is built but what is asked for: a plugin that reads two fields of its configuration pays
for two strings, and carries no code for the numbers, lists and objects that it never reads.

Source: RFC 8259. Stricter nowhere, and laxer nowhere but that of equal names the last one counts.
"""

from typing import Final

from pal.errors import ConfigurationError

DEPTH: Final = 100
"""Levels of nesting."""

STRING: Final = 0
NUMBER: Final = 1
TRUE: Final = 2
FALSE: Final = 3
NULL: Final = 4
LIST: Final = 5
OBJECT: Final = 6

_END: Final = -1
_TAB: Final = 9
_NEWLINE: Final = 10
_RETURN: Final = 13
_SPACE: Final = 32
_QUOTE: Final = 34
_PLUS: Final = 43
_COMMA: Final = 44
_MINUS: Final = 45
_DOT: Final = 46
_SLASH: Final = 47
_ZERO: Final = 48
_NINE: Final = 57
_COLON: Final = 58
_CAPITAL_E: Final = 69
_OPEN_LIST: Final = 91
_BACKSLASH: Final = 92
_CLOSE_LIST: Final = 93
_OPEN_OBJECT: Final = 123
_CLOSE_OBJECT: Final = 125
_LETTER_E: Final = 101
_LETTER_U: Final = 117


class Scanner:
    """A position in a document.

    Args:
        data: The document, UTF-8.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self._depth = 0
        # Whether the last number had a fraction or an exponent.
        self._fractional = False

    def document(self) -> int:
        """Check the whole document; returns where its value starts.

        Raises:
            ConfigurationError: it is not JSON; with line and column.
        """
        self._space()
        start = self.position
        self.skip_value()
        if self._peek() != _END:
            raise self.error("expected the end")
        return start

    def kind(self) -> int:
        """What the value at the position is, by its first byte."""
        byte = self._peek()
        if byte == _QUOTE:
            return STRING
        if byte == _OPEN_OBJECT:
            return OBJECT
        if byte == _OPEN_LIST:
            return LIST
        if byte == 116:
            return TRUE
        if byte == 102:
            return FALSE
        if byte == 110:
            return NULL
        if byte == _MINUS or _ZERO <= byte <= _NINE:
            return NUMBER
        raise self.error("expected a value")

    def skip_value(self) -> None:
        """Check the value at the position, and go behind it and the space after it."""
        kind = self.kind()
        if kind == STRING:
            self._skip_string()
        elif kind == NUMBER:
            self._skip_number()
        elif kind == OBJECT:
            while self.next_name():
                self._skip_string()
                self.enter_field()
                self.skip_value()
                self._behind(_CLOSE_OBJECT)
        elif kind == LIST:
            while self.next_item():
                self.skip_value()
                self._behind(_CLOSE_LIST)
        elif kind == TRUE:
            self._skip_word(b"true")
        elif kind == FALSE:
            self._skip_word(b"false")
        else:
            self._skip_word(b"null")
        self._space()

    def next_name(self) -> bool:
        """Go to the next name of an object, from its brace or from behind a field's value."""
        if self._next(_OPEN_OBJECT, _CLOSE_OBJECT):
            if self._peek() != _QUOTE:
                raise self.error("expected a name in double quotes")
            return True
        return False

    def enter_field(self) -> None:
        """Go from behind a name to its value."""
        self._space()
        if self._peek() != _COLON:
            raise self.error("expected ':'")
        self.position += 1
        self._space()

    def next_item(self) -> bool:
        """Go to the next item of a list, from its bracket or from behind an item."""
        return self._next(_OPEN_LIST, _CLOSE_LIST)

    def string(self) -> str:
        """The string at the position, which goes behind it."""
        start = self.position + 1
        self._skip_string()
        text = self.data[start : self.position - 1].decode("utf-8")
        return _unescape(text)

    def number(self) -> str:
        """The text of the number at the position, which goes behind it."""
        start = self.position
        self._skip_number()
        return self.data[start : self.position].decode("utf-8")

    def is_fractional(self) -> bool:
        """Whether the number at the position has a fraction or an exponent."""
        start = self.position
        self._skip_number()
        self.position = start
        return self._fractional

    def error(self, expected: str) -> ConfigurationError:
        """The complaint about the position."""
        line = column = 1
        for byte in self.data[: self.position]:
            column += 1
            if byte == _NEWLINE:
                line += 1
                column = 1
        return ConfigurationError(f"not JSON: line {line} column {column}: {expected}")

    def _peek(self) -> int:
        if self.position < len(self.data):
            return self.data[self.position]
        return _END

    def _space(self) -> None:
        while self._peek() in (_SPACE, _NEWLINE, _TAB, _RETURN):
            self.position += 1

    def _behind(self, close: int) -> None:
        """Check what is behind a value: an opening bracket would else be taken for a beginning."""
        byte = self._peek()
        if byte not in (_COMMA, close):
            raise self.error("expected ',' or the end of the list or object")

    def _next(self, opening: int, closing: int) -> bool:
        """Go to the next part of a list or object; False when there is none, and behind its end."""
        byte = self._peek()
        first = byte == opening
        if first:
            self._depth += 1
            if self._depth > DEPTH:
                raise self.error(f"nested more than {DEPTH} levels deep")
        elif byte == closing:
            return self._leave()
        self.position += 1
        self._space()
        if first and self._peek() == closing:
            return self._leave()
        return True

    def _leave(self) -> bool:
        self._depth -= 1
        self.position += 1
        self._space()
        return False

    def _skip_word(self, word: bytes) -> None:
        end = self.position + len(word)
        if self.data[self.position : end] != word:
            raise self.error("expected a value")
        self.position = end

    def _skip_string(self) -> None:
        self.position += 1
        while self._peek() != _QUOTE:
            byte = self._peek()
            if byte == _END:
                raise self.error("expected the end of a string")
            if byte < _SPACE:
                raise self.error("a control character in a string must be escaped")
            self.position += 1
            if byte == _BACKSLASH:
                self._skip_escape()
        self.position += 1

    def _skip_escape(self) -> None:
        start = self.position
        letter = self._peek()
        self.position += 1
        if letter == _LETTER_U:
            for _ in range(4):
                if not _is_hexadecimal(self._peek()):
                    self.position = start
                    raise self.error("expected four hexadecimal digits")
                self.position += 1
        elif letter not in (_QUOTE, _BACKSLASH, _SLASH, 98, 102, 110, 114, 116):
            self.position = start
            raise self.error("unknown escape")

    def _skip_number(self) -> None:
        if self._peek() == _MINUS:
            self.position += 1
        if self._peek() == _ZERO:
            self.position += 1
        else:
            self._skip_digits()
        self._fractional = False
        if self._peek() == _DOT:
            self._fractional = True
            self.position += 1
            self._skip_digits()
        if self._peek() in (_CAPITAL_E, _LETTER_E):
            self._fractional = True
            self.position += 1
            if self._peek() in (_PLUS, _MINUS):
                self.position += 1
            self._skip_digits()

    def _skip_digits(self) -> None:
        if not _ZERO <= self._peek() <= _NINE:
            raise self.error("expected a digit")
        while _ZERO <= self._peek() <= _NINE:
            self.position += 1


def _is_hexadecimal(byte: int) -> bool:
    return _ZERO <= byte <= _NINE or 65 <= byte <= 70 or 97 <= byte <= 102


def _unescape(text: str) -> str:
    """A string's text; the escapes in it are known to be right.

    In profile aot build/runtime/json_scan.c.
    """
    meanings = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
    parts: list[str] = []
    start = 0
    backslash = text.find("\\")
    while backslash >= 0:
        parts.append(text[start:backslash])
        letter = text[backslash + 1]
        start = backslash + 2
        if letter == "u":
            code = int(text[start : start + 4], 16)
            start += 4
            if 0xD800 <= code < 0xDC00 and text[start : start + 2] == "\\u":
                low = int(text[start + 2 : start + 6], 16)
                if 0xDC00 <= low < 0xE000:
                    code = 0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00
                    start += 6
            parts.append(chr(code))
        else:
            parts.append(meanings.get(letter, letter))
        backslash = text.find("\\", start)
    parts.append(text[start:])
    return "".join(parts)
