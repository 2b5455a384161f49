"""The characters of a pattern: a backslash and what follows it are one."""

from typing import Final

from ._regex_syntax import error

_OCTAL_DIGITS: Final = "01234567"
_DIGITS: Final = "0123456789"
_HEX_DIGITS: Final = "0123456789abcdefABCDEF"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ESCAPED: Final = "abfnrtv\\"
_STANDS_FOR: Final = "\a\b\f\n\r\t\v\\"
NOT_LINEAR: Final = "matching would not take linear time"


class Source:
    """A place in a pattern.

    Attributes:
        next: The character there, with its backslash when it is escaped; "" at the end.
        is_text: The pattern is a str.
    """

    def __init__(self, pattern: str | bytes) -> None:
        self.pattern = pattern
        self.is_text = isinstance(pattern, str)
        # Code points, since indexing a str that is not ASCII takes time.
        text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
        self._characters = list(text)
        self._at = 0
        self.next = ""
        self._advance()

    def _advance(self) -> None:
        at = self._at
        if at >= len(self._characters):
            self.next = ""
            return
        token = self._characters[at]
        self._at = at + 1
        if token == "\\":
            if at + 1 >= len(self._characters):
                raise error("bad escape (end of pattern)", self.pattern, at)
            token += self._characters[at + 1]
            self._at = at + 2
        self.next = token

    @property
    def place(self) -> int:
        """Where `next` is."""
        return self._at - len(self.next)

    def go_to(self, place: int) -> None:
        """Back to a place that was passed."""
        self._at = place
        self._advance()

    def get(self) -> str:
        """`next`, and go behind it."""
        token = self.next
        self._advance()
        return token

    def skip(self, token: str) -> bool:
        """Go behind `token` if it is here."""
        if self.next != token:
            return False
        self._advance()
        return True

    def get_while(self, most: int, allowed: str) -> str:
        """The characters here that are all allowed."""
        found = ""
        while len(found) < most and self.next != "" and self.next in allowed:
            found += self.get()
        return found

    def get_until(self, end: str, what: str) -> str:
        """What stands before `end`; go behind that."""
        found = ""
        while True:
            token = self.get()
            if token == "":
                if found == "":
                    raise self.error(f"missing {what}", 0)
                raise self.error(f"missing {end}, unterminated name", len(found))
            if token == end:
                if found == "":
                    raise self.error(f"missing {what}", 1)
                return found
            found += token

    def error(self, message: str, back: int) -> error:
        """An error `back` characters before this place."""
        if not self.is_text:
            message = "".join([_escaped(character) for character in message])
        return error(message, self.pattern, self.place - back)

    def group_name(self, end: str) -> str:
        """The name of a group."""
        name = self.get_until(end, "group name")
        if not is_identifier(name):
            raise self.error(f"bad character in group name {name!r}", len(name) + 1)
        return name

    def character(self, escape: str) -> int:
        """The character that an escape outside and inside of sets stands for; -1: none.

        `escape` was passed; more of it may follow.
        """
        letter = escape[1]
        if letter == "x":
            return self._hex(escape, 2)
        if self.is_text and letter == "u":
            return self._hex(escape, 4)
        if self.is_text and letter == "U":
            return self._hex(escape, 8)
        if self.is_text and letter == "N" and self.next == "{":
            raise self.error("names of characters are not in the dialect, write \\u", len(escape))
        if letter in _ESCAPED:
            return ord(_STANDS_FOR[_ESCAPED.find(letter)])
        if letter in _DIGITS:
            return -1
        if letter in _LETTERS:
            raise self.error(f"bad escape {escape}", len(escape))
        return ord(letter)

    def octal(self, escape: str) -> int:
        """The character of an escape in octal digits, all of them."""
        value = 0
        for digit in escape[1:]:
            value = value * 8 + ord(digit) - ord("0")
        if value > 0o377:
            message = f"octal escape value {escape} outside of range 0-0o377"
            raise self.error(message, len(escape))
        return value

    def _hex(self, escape: str, digits: int) -> int:
        number = self.get_while(digits, _HEX_DIGITS)
        escape += number
        if len(number) != digits:
            raise self.error(f"incomplete escape {escape}", len(escape))
        value = 0
        for digit in number.lower():
            value = value * 16 + _HEX_DIGITS.find(digit)
        if value > 0x10FFFF:
            raise self.error(f"bad escape {escape}", len(escape))
        return value

    def set_octal(self, escape: str) -> int:
        """The character of an escape of digits in a set."""
        if escape[1] not in _OCTAL_DIGITS:
            raise self.error(f"bad escape {escape}", len(escape))
        return self.octal(escape + self.get_while(2, _OCTAL_DIGITS))

    def octal_or_reference(self, escape: str) -> int:
        """The character of an escape of digits outside of sets."""
        if escape[1] == "0":
            return self.octal(escape + self.get_while(2, _OCTAL_DIGITS))
        if self.next != "" and self.next in _DIGITS:
            escape += self.get()
            is_octal = escape[1] in _OCTAL_DIGITS and escape[2] in _OCTAL_DIGITS
            if is_octal and self.next != "" and self.next in _OCTAL_DIGITS:
                return self.octal(escape + self.get())
        raise self.error(f"backreference {escape}: {NOT_LINEAR}", len(escape))


def _escaped(character: str) -> str:
    """A character of a pattern of bytes, as messages show it."""
    code = ord(character)
    if code < 0x80:
        return character
    return f"\\x{_HEX_DIGITS[code >> 4]}{_HEX_DIGITS[code & 15]}"


def is_identifier(name: str) -> bool:
    """Whether a name can be that of a group."""
    for index, character in enumerate(name):
        if (
            character != "_"
            and not character.isalpha()
            and (index == 0 or character not in _DIGITS)
        ):
            return False
    return True
