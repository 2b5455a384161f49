"""Where JSON values end, and whether they are JSON: in profile aot build/runtime/json_check.c.

The bodies are plain Python's.

Source: RFC 8259. Stricter nowhere.
"""

from typing import Final

DEPTH: Final = 100
"""Levels of nesting."""

_VALUE: Final = 0
_STRING_END: Final = 1
_CONTROL: Final = 2
_HEXADECIMAL: Final = 3
_ESCAPE: Final = 4
_DIGIT: Final = 5
_NAME: Final = 6
_COLON: Final = 7
_SEPARATOR: Final = 8
_TOO_DEEP: Final = 9

_STARTS: Final = b'"-tfn[{'
_NUMBER: Final = 1

_SPACES: Final = b" \n\t\r"
_DIGITS: Final = b"0123456789"


def end(data: bytes, start: int) -> int:
    """Where the value at `start` ends.

    Returns:
        Below 0 for what is none: minus one, minus 16 times the place, minus the place of the
        reason in `json_scan.REASONS`.
    """
    check = _Check(data, start)
    try:
        check.value()
    except _FaultError as fault:
        return -1 - check.at * 16 - fault.reason
    return check.at


def behind_space(data: bytes, start: int) -> int:
    """Where the space at `start` ends; `start` when there is none."""
    while data[start : start + 1] and data[start] in _SPACES:
        start += 1
    return start


def kind(data: bytes, start: int) -> int:
    """Of the value at `start`, which is there: a number of `json_scan`."""
    found = _STARTS.find(data[start : start + 1])
    return _NUMBER if found < 0 else found


def is_fractional(data: bytes, start: int) -> bool:
    """Whether the number at `start` has a fraction or an exponent."""
    return bool(set(data[start : end(data, start)]) & set(b".eE"))


class _FaultError(Exception):
    def __init__(self, reason: int) -> None:
        super().__init__(reason)
        self.reason = reason


class _Check:
    """A place in a document."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self.at = at
        self._depth = 0

    def value(self) -> None:
        """Go behind the value here."""
        first = self._peek()
        if first == b'"':
            self._string()
        elif first in (b"{", b"["):
            self._members(is_object=first == b"{")
        elif first and first in b"-0123456789":
            self._number()
        else:
            for word in (b"true", b"false", b"null"):
                if self._data[self.at : self.at + len(word)] == word:
                    self.at += len(word)
                    return
            raise _FaultError(_VALUE)

    def _peek(self) -> bytes:
        return self._data[self.at : self.at + 1]

    def _space(self) -> None:
        self.at = behind_space(self._data, self.at)

    def _expect(self, allowed: bytes, reason: int) -> None:
        byte = self._peek()
        if not byte or byte not in allowed:
            raise _FaultError(reason)

    def _members(self, *, is_object: bool) -> None:
        """A list or an object."""
        closing = b"}" if is_object else b"]"
        self._depth += 1
        if self._depth > DEPTH:
            raise _FaultError(_TOO_DEEP)
        self.at += 1
        self._space()
        if self._peek() != closing:
            while True:
                if is_object:
                    self._expect(b'"', _NAME)
                    self._string()
                    self._space()
                    self._expect(b":", _COLON)
                    self.at += 1
                    self._space()
                self.value()
                self._space()
                self._expect(b"," + closing, _SEPARATOR)
                if self._peek() == closing:
                    break
                self.at += 1
                self._space()
        self._depth -= 1
        self.at += 1

    def _string(self) -> None:
        self.at += 1
        while self._peek() != b'"':
            byte = self._peek()
            if not byte:
                raise _FaultError(_STRING_END)
            if byte < b" ":
                raise _FaultError(_CONTROL)
            self.at += 1
            if byte == b"\\":
                self._escape()
        self.at += 1

    def _escape(self) -> None:
        self._expect(b'"\\/bfnrtu', _ESCAPE)
        size = 1
        if self._peek() == b"u":
            digits = self._data[self.at + 1 : self.at + 5]
            if len(digits) != 4 or digits.strip(b"0123456789abcdefABCDEF"):
                raise _FaultError(_HEXADECIMAL)
            size = 5
        self.at += size

    def _number(self) -> None:
        if self._peek() == b"-":
            self.at += 1
        if self._peek() == b"0":
            self.at += 1
        else:
            self._digits()
        if self._peek() == b".":
            self.at += 1
            self._digits()
        if self._peek() in (b"e", b"E"):
            self.at += 1
            if self._peek() in (b"+", b"-"):
                self.at += 1
            self._digits()

    def _digits(self) -> None:
        self._expect(_DIGITS, _DIGIT)
        while self._peek() and self._peek() in _DIGITS:
            self.at += 1
