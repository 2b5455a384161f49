"""Functions of strings."""

import re
from enum import Enum

from adapters.mixer.bag import AttributeBag
from adapters.mixer.expression.errors import EvaluationError
from adapters.mixer.expression.operand import Expression, as_text
from adapters.mixer.types import Type


class Test(Enum):
    """A question about a string and another one."""

    STARTS_WITH = 0
    ENDS_WITH = 1
    CONTAINS = 2


class TextTest(Expression):
    """`text.startsWith(part)`, `endsWith`, `contains`."""

    def __init__(self, test: Test, text: Expression, part: Expression) -> None:
        super().__init__(Type.BOOL)
        self._test = test
        self._text = text
        self._part = part

    def truth(self, bag: AttributeBag) -> bool:
        """Whether it does."""
        text = self._text.text(bag)
        part = self._part.text(bag)
        if self._test is Test.STARTS_WITH:
            return text.startswith(part)
        if self._test is Test.ENDS_WITH:
            return text.endswith(part)
        return part in text


class Size(Expression):
    """`size(text)`, in code points."""

    def __init__(self, operand: Expression) -> None:
        super().__init__(Type.INT)
        self._operand = operand

    def integer(self, bag: AttributeBag) -> int:
        """How long it is."""
        return len(self._operand.text(bag))


class ToText(Expression):
    """`string(operand)`."""

    def __init__(self, operand: Expression) -> None:
        super().__init__(Type.TEXT)
        self._operand = operand

    def text(self, bag: AttributeBag) -> str:
        """The operand in decimal, `true`, or `false`."""
        return as_text(self._operand, bag)


class Cased(Expression):
    """`text.lowerAscii()`, `text.upperAscii()`: ASCII letters only."""

    def __init__(self, operand: Expression, upper: bool) -> None:
        super().__init__(Type.TEXT)
        self._operand = operand
        self._upper = upper

    def text(self, bag: AttributeBag) -> str:
        """The text in one case."""
        text = self._operand.text(bag)
        if text.isascii():
            return text.upper() if self._upper else text.lower()
        return "".join([self._cased(letter) for letter in text])

    def _cased(self, letter: str) -> str:
        if not letter.isascii():
            return letter
        return letter.upper() if self._upper else letter.lower()


class Trimmed(Expression):
    """`text.trim()`: no white space at its ends."""

    def __init__(self, operand: Expression) -> None:
        super().__init__(Type.TEXT)
        self._operand = operand

    def text(self, bag: AttributeBag) -> str:
        """The text without."""
        return self._operand.text(bag).strip()


class IndexOf(Expression):
    """`text.indexOf(part)`: code points before its first occurrence, -1 when there is none."""

    def __init__(self, text: Expression, part: Expression) -> None:
        super().__init__(Type.INT)
        self._text = text
        self._part = part

    def integer(self, bag: AttributeBag) -> int:
        """Where it is."""
        return self._text.text(bag).find(self._part.text(bag))


class Substring(Expression):
    """`text.substring(start)`, `text.substring(start, end)`: positions in code points."""

    def __init__(self, text: Expression, start: Expression, end: Expression | None) -> None:
        super().__init__(Type.TEXT)
        self._text = text
        self._start = start
        self._end = end

    def text(self, bag: AttributeBag) -> str:
        """The part; positions outside the text are an error."""
        text = self._text.text(bag)
        start = self._start.integer(bag)
        end = len(text) if self._end is None else self._end.integer(bag)
        if not 0 <= start <= end <= len(text):
            raise EvaluationError(f"no part {start} to {end} in {len(text)} characters")
        return text[start:end]


class Replaced(Expression):
    """`text.replace(old, new)`: every occurrence."""

    def __init__(self, text: Expression, old: Expression, new: Expression) -> None:
        super().__init__(Type.TEXT)
        self._text = text
        self._old = old
        self._new = new

    def text(self, bag: AttributeBag) -> str:
        """The text after it."""
        return self._text.text(bag).replace(self._old.text(bag), self._new.text(bag))


class Matches(Expression):
    """`text.matches(pattern)`: whether the pattern is somewhere in the text."""

    def __init__(self, text: Expression, pattern: re.Pattern[str]) -> None:
        super().__init__(Type.BOOL)
        self._text = text
        self._pattern = pattern

    def truth(self, bag: AttributeBag) -> bool:
        """Whether it is, in time linear in the text."""
        return self._pattern.search(self._text.text(bag)) is not None
