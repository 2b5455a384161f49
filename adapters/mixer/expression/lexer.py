"""Expression text to tokens."""

from enum import Enum
from typing import Final

from adapters.mixer.expression.errors import ExpressionError


class TokenKind(Enum):
    """What a token is. OPERATOR covers brackets, commas and dots too."""

    END = 0
    NAME = 1
    INT = 2
    DOUBLE = 3
    TEXT = 4
    OPERATOR = 5


class Token:
    """A token.

    Args:
        kind: What it is.
        text: Its characters; of a TEXT the value, without quotes and escapes.
        column: Where it starts, from 1.
    """

    def __init__(self, kind: TokenKind, text: str, column: int) -> None:
        self.kind = kind
        self.text = text
        self.column = column

    def shown(self) -> str:
        """As an error names it."""
        if self.kind is TokenKind.END:
            return "the end"
        return f"string '{self.text}'" if self.kind is TokenKind.TEXT else f"'{self.text}'"


_DIGITS: Final = "0123456789"
_HEX_DIGITS: Final = "0123456789abcdef"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
_SPACE: Final = " \t\r\n\f"
_PAIRS: Final = ["&&", "||", "==", "!=", "<=", ">="]
_SINGLES: Final = "+-*/%<>!?:,.()[]"
_ESCAPES: Final = "\\\"'`?abfnrtv"
_ESCAPED: Final = "\\\"'`?\a\b\f\n\r\t\v"


def tokens(source: str) -> list[Token]:
    """All tokens, END last.

    Raises:
        ExpressionError: something is no token.
    """
    lexer = _Lexer(source)
    found: list[Token] = []
    while True:
        token = lexer.token()
        found.append(token)
        if token.kind is TokenKind.END:
            return found


class _Lexer:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def token(self) -> Token:
        source = self._source
        self._skip(_SPACE)
        start = self._at
        if start == len(source):
            return Token(TokenKind.END, "", start + 1)
        pair = source[start : start + 2]
        if self._is_in(_LETTERS):
            if source[start] in "rR" and pair[1:] in ("'", '"'):
                self._at += 1
                return self._text(start, raw=True)
            self._skip(_LETTERS + _DIGITS)
            return Token(TokenKind.NAME, source[start : self._at], start + 1)
        if self._is_in(_DIGITS) or (pair[0] == "." and len(pair) == 2 and pair[1] in _DIGITS):
            return self._number(start)
        if self._is_in("'\""):
            return self._text(start, raw=False)
        if pair in _PAIRS:
            self._at += 2
            return Token(TokenKind.OPERATOR, pair, start + 1)
        if self._is_in(_SINGLES):
            self._at += 1
            return Token(TokenKind.OPERATOR, source[start], start + 1)
        raise ExpressionError(start + 1, f"unexpected character {source[start]!r}")

    def _is_in(self, characters: str) -> bool:
        return self._at < len(self._source) and self._source[self._at] in characters

    def _skip(self, characters: str) -> None:
        rest = self._source[self._at :]
        self._at += len(rest) - len(rest.lstrip(characters))

    def _digit_follows(self) -> bool:
        after = self._source[self._at + 1 : self._at + 2]
        return len(after) == 1 and after in _DIGITS

    def _skip_digits(self) -> None:
        if not self._is_in(_DIGITS):
            raise ExpressionError(self._at + 1, "expected a digit")
        self._skip(_DIGITS)

    def _number(self, start: int) -> Token:
        source = self._source
        kind = TokenKind.INT
        if source[start : start + 2] in ("0x", "0X"):
            self._at += 2
            self._skip(_HEX_DIGITS + "ABCDEF")
            if self._at == start + 2:
                raise ExpressionError(self._at + 1, "expected a hexadecimal digit")
        else:
            if not self._is_in("."):
                self._skip_digits()
            if self._is_in(".") and self._digit_follows():
                kind = TokenKind.DOUBLE
                self._at += 1
                self._skip_digits()
            if self._is_in("eE"):
                kind = TokenKind.DOUBLE
                self._at += 1
                if self._is_in("+-"):
                    self._at += 1
                self._skip_digits()
        if self._is_in(_LETTERS):
            hint = "; there are no unsigned ints" if self._is_in("uU") else ""
            raise ExpressionError(self._at + 1, f"a number ends before '{source[self._at]}'{hint}")
        return Token(kind, source[start : self._at], start + 1)

    def _text(self, start: int, raw: bool) -> Token:
        source = self._source
        quote = source[self._at]
        if source[self._at : self._at + 3] == quote * 3:
            raise ExpressionError(start + 1, "strings with three quotes are not supported")
        self._at += 1
        parts: list[str] = []
        while not self._is_in(quote):
            if self._at >= len(source) or self._is_in("\r\n"):
                raise ExpressionError(start + 1, "the string does not end")
            if not raw and self._is_in("\\"):
                parts.append(self._escape())
            else:
                parts.append(source[self._at])
                self._at += 1
        self._at += 1
        return Token(TokenKind.TEXT, "".join(parts), start + 1)

    def _escape(self) -> str:
        start = self._at
        letter = self._source[start + 1 : start + 2]
        self._at += 2
        index = _ESCAPES.find(letter) if letter else -1
        if index >= 0:
            return _ESCAPED[index]
        if letter in ("x", "X"):
            return self._code(start, 2)
        if letter == "u":
            return self._code(start, 4)
        if letter == "U":
            return self._code(start, 8)
        raise ExpressionError(start + 1, f"unknown escape '\\{letter}'; a raw string is r'...'")

    def _code(self, start: int, count: int) -> str:
        digits = self._source[self._at : self._at + count]
        if len(digits) < count or digits.lower().strip(_HEX_DIGITS):
            raise ExpressionError(start + 1, f"expected {count} hexadecimal digits")
        code = int(digits, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise ExpressionError(start + 1, "no such character")
        self._at += count
        return chr(code)
