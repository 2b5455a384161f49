"""JSON, scanned in place: where the values of a document lie, and the values that are asked for.

Nothing is built but what is asked for: a plugin that reads two fields of its configuration pays
for two strings, and carries no code for the numbers, lists and objects that it never reads.

Source: RFC 8259. Stricter nowhere, and laxer nowhere but that of equal names the last one counts.
"""

from typing import Final

from pal import json_check
from pal.errors import ConfigurationError

STRING: Final = 0
NUMBER: Final = 1
TRUE: Final = 2
FALSE: Final = 3
NULL: Final = 4
LIST: Final = 5
OBJECT: Final = 6

_NEWLINE: Final = ord("\n")
_OPEN_LIST: Final = ord("[")
_CLOSE_LIST: Final = ord("]")
_OPEN_OBJECT: Final = ord("{")
_CLOSE_OBJECT: Final = ord("}")

REASONS: Final = [
    "expected a value",
    "expected the end of a string",
    "a control character in a string must be escaped",
    "expected four hexadecimal digits",
    "unknown escape",
    "expected a digit",
    "expected a name in double quotes",
    "expected ':'",
    "expected ',' or the end of the list or object",
    "nested more than 100 levels deep",
]
"""Why something is no JSON, by the numbers of `json_check.end`."""


class Scanner:
    """A position in a document. `document` comes first: the other methods take JSON for granted.

    Args:
        data: The document, UTF-8.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def document(self) -> int:
        """Check the whole document; returns where its value starts.

        Raises:
            ConfigurationError: it is not JSON; with line and column.
        """
        start = json_check.behind_space(self.data, self.position)
        end = json_check.end(self.data, start)
        if end < 0:
            raise self._error((-1 - end) // 16, REASONS[(-1 - end) % 16])
        end = json_check.behind_space(self.data, end)
        if end < len(self.data):
            raise self._error(end, "expected the end")
        return start

    def kind(self) -> int:
        """What the value at the position is, by its first byte."""
        return json_check.kind(self.data, self.position)

    def skip_value(self) -> None:
        """Go behind the value at the position, and the space after it."""
        self._go_to(json_check.end(self.data, self.position))

    def next_name(self) -> bool:
        """Go to the next name of an object, from its brace or from behind a field's value."""
        return self._next(_OPEN_OBJECT, _CLOSE_OBJECT)

    def enter_field(self) -> None:
        """Go from behind a name to its value."""
        colon = json_check.behind_space(self.data, self.position)
        self._go_to(colon + 1)

    def next_item(self) -> bool:
        """Go to the next item of a list, from its bracket or from behind an item."""
        return self._next(_OPEN_LIST, _CLOSE_LIST)

    def string(self) -> str:
        """The string at the position, which goes behind it."""
        text = self._text()
        return _unescape(text[1:-1])

    def number(self) -> str:
        """The text of the number at the position, which goes behind it."""
        return self._text()

    def is_fractional(self) -> bool:
        """Whether the number at the position has a fraction or an exponent."""
        return json_check.is_fractional(self.data, self.position)

    def _error(self, place: int, expected: str) -> ConfigurationError:
        line = column = 1
        for byte in self.data[:place]:
            column += 1
            if byte == _NEWLINE:
                line += 1
                column = 1
        return ConfigurationError(f"not JSON: line {line} column {column}: {expected}")

    def _go_to(self, place: int) -> None:
        self.position = json_check.behind_space(self.data, place)

    def _next(self, opening: int, closing: int) -> bool:
        """Go to the next part of a list or object; False when there is none, and behind its end."""
        byte = self.data[self.position]
        self._go_to(self.position + 1)
        if byte == opening and self.data[self.position] == closing:
            self._go_to(self.position + 1)
            return False
        return byte != closing

    def _text(self) -> str:
        start = self.position
        self.position = json_check.end(self.data, start)
        return self.data[start : self.position].decode("utf-8")


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
