"""What replaces a match: text with references to groups."""

from typing import Final

from ._regex_source import Source, is_identifier

_LITERAL: Final = -1
_MOST_GROUPS: Final = 1 << 30
_OCTAL_DIGITS: Final = "01234567"
_DIGITS: Final = "0123456789"
_ESCAPED: Final = "abfnrtv\\"
_STANDS_FOR: Final = "\a\b\f\n\r\t\v\\"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Template:
    """Literals, each but the last followed by a group.

    Attributes:
        literals: Text, also for patterns of bytes: characters up to U+00FF.
        groups: The groups between them.
    """

    def __init__(self, text: str | bytes, names: tuple[str, ...]) -> None:
        self.literals: list[str] = []
        self.groups: list[int] = []
        self._literal: list[str] = []
        self._names = names
        self._source = Source(text)
        while self._source.next != "":
            token = self._source.get()
            if token[0] == "\\":
                self._escape(token)
            else:
                self._literal.append(token)
        self.literals.append("".join(self._literal))

    def _escape(self, token: str) -> None:
        source = self._source
        letter = token[1]
        if letter == "g":
            if not source.skip("<"):
                raise source.error("missing <", 0)
            self._reference(source.get_until(">", "group name"))
        elif letter == "0":
            self._literal.append(chr(source.octal(token + source.get_while(2, _OCTAL_DIGITS))))
        elif letter in _DIGITS:
            self._number(token)
        elif letter in _ESCAPED:
            self._literal.append(_STANDS_FOR[_ESCAPED.find(letter)])
        elif letter in _LETTERS:
            raise source.error(f"bad escape {token}", len(token))
        else:
            self._literal.append(token)

    def _reference(self, name: str) -> None:
        back = len(name) + 1
        if name.strip(_DIGITS) == "":
            self._group(int(name) if len(name) < 9 else _MOST_GROUPS, back)
        elif is_identifier(name):
            self._group(self._number_of(name), back)
        else:
            raise self._source.error(f"bad character in group name {name!r}", back)

    def _number_of(self, name: str) -> int:
        for number, known in enumerate(self._names, start=1):
            if known == name:
                return number
        raise IndexError(f"unknown group name {name!r}")

    def _number(self, token: str) -> None:
        source = self._source
        token += source.get_while(1, _DIGITS)
        if len(token) == 3 and token[1] in _OCTAL_DIGITS and token[2] in _OCTAL_DIGITS:
            third = source.get_while(1, _OCTAL_DIGITS)
            if third != "":
                self._literal.append(chr(source.octal(token + third)))
                return
        self._group(int(token[1:]), len(token) - 1)

    def _group(self, number: int, back: int) -> None:
        if number > len(self._names):
            raise self._source.error(f"invalid group reference {number}", back)
        self.literals.append("".join(self._literal))
        self.groups.append(number)
        self._literal = []
