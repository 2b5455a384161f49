"""Numbers: `+ - * / %`, negation, comparison, conversion.

An int result beyond 63 bits is an error, as CEL has it beyond 64. Division truncates towards zero,
and the remainder has the sign of the dividend.
"""

from typing import Final

from adapters.mixer.bag import AttributeBag
from adapters.mixer.expression.errors import EvaluationError
from adapters.mixer.expression.operand import Expression
from adapters.mixer.types import Type

LARGEST_INT: Final = 2**62 - 1
_LARGEST_DOUBLE: Final = 4.611686018427387e18
_MOST_DIGITS: Final = 20


class IntArithmetic(Expression):
    """`left operator right` of ints or durations."""

    def __init__(self, operator: str, left: Expression, right: Expression) -> None:
        super().__init__(left.kind)
        self._operator = operator
        self._left = left
        self._right = right

    def integer(self, bag: AttributeBag) -> int:
        """The result."""
        left = self._left.integer(bag)
        right = self._right.integer(bag)
        try:
            return _checked(_computed(self._operator, left, right))
        except OverflowError:
            raise EvaluationError("int overflow") from None


class DoubleArithmetic(Expression):
    """`left operator right` of doubles; `%` does not exist."""

    def __init__(self, operator: str, left: Expression, right: Expression) -> None:
        super().__init__(Type.DOUBLE)
        self._operator = operator
        self._left = left
        self._right = right

    def double(self, bag: AttributeBag) -> float:
        """The result."""
        left = self._left.double(bag)
        right = self._right.double(bag)
        if self._operator == "+":
            return left + right
        if self._operator == "-":
            return left - right
        if self._operator == "*":
            return left * right
        if right == 0.0:
            raise EvaluationError("division by zero")
        return left / right


class Concatenation(Expression):
    """`left + right` of strings."""

    def __init__(self, left: Expression, right: Expression) -> None:
        super().__init__(Type.TEXT)
        self._left = left
        self._right = right

    def text(self, bag: AttributeBag) -> str:
        """The left one, then the right one."""
        return self._left.text(bag) + self._right.text(bag)


class Negation(Expression):
    """`-operand` of an int, a duration or a double."""

    def __init__(self, operand: Expression) -> None:
        super().__init__(operand.kind)
        self._operand = operand

    def integer(self, bag: AttributeBag) -> int:
        """The negative."""
        return -self._operand.integer(bag)

    def double(self, bag: AttributeBag) -> float:
        """The negative."""
        return -self._operand.double(bag)


class ToInt(Expression):
    """`int(operand)` of a double, which is truncated, or of decimal text."""

    def __init__(self, operand: Expression) -> None:
        super().__init__(Type.INT)
        self._operand = operand

    def integer(self, bag: AttributeBag) -> int:
        """The number."""
        if self._operand.kind is Type.DOUBLE:
            number = self._operand.double(bag)
            if not -_LARGEST_DOUBLE <= number <= _LARGEST_DOUBLE:
                raise EvaluationError("the number does not fit into an int")
            return int(number)
        text = self._operand.text(bag)
        digits = text.removeprefix("-")
        if not digits.isascii() or not digits.isdigit() or len(digits) > _MOST_DIGITS:
            raise EvaluationError(f"not an int: {text!r}")
        try:
            return _checked(int(text))
        except OverflowError:
            raise EvaluationError("int overflow") from None


class ToDouble(Expression):
    """`double(operand)` of an int or of text."""

    def __init__(self, operand: Expression) -> None:
        super().__init__(Type.DOUBLE)
        self._operand = operand

    def double(self, bag: AttributeBag) -> float:
        """The number."""
        if self._operand.kind is Type.INT:
            return float(self._operand.integer(bag))
        text = self._operand.text(bag)
        try:
            return float(text)
        except ValueError:
            raise EvaluationError(f"not a number: {text!r}") from None


class Scaled(Expression):
    """A duration in whole seconds, milliseconds and so on."""

    def __init__(self, operand: Expression, unit_ns: int) -> None:
        super().__init__(Type.INT)
        self._operand = operand
        self._unit_ns = unit_ns

    def integer(self, bag: AttributeBag) -> int:
        """The whole units, truncated towards zero."""
        return _computed("/", self._operand.integer(bag), self._unit_ns)


def _computed(operator: str, left: int, right: int) -> int:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if right == 0:
        raise EvaluationError("division by zero")
    quotient = abs(left) // abs(right)
    if (left < 0) != (right < 0):
        quotient = -quotient
    return quotient if operator == "/" else left - quotient * right


def _checked(number: int) -> int:
    """The number, unless only CPython can hold it."""
    if not -LARGEST_INT <= number <= LARGEST_INT:
        raise EvaluationError("int overflow")
    return number
