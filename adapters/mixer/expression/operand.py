"""Operands: what an expression is made of, and constants."""

from adapters.mixer.bag import AttributeBag
from adapters.mixer.expression.errors import AbsentError
from adapters.mixer.types import Type


class Expression:
    """A compiled expression, or a part of one.

    A subclass overrides the method of its type: `text`, `integer` (also of durations), `double` or
    `truth`. The others are never called, because types are checked when it is made.

    Raises:
        EvaluationError: by each of the methods, when there is no value for this exchange.
    """

    def __init__(self, kind: Type) -> None:
        self.kind = kind

    def text(self, bag: AttributeBag) -> str:
        """Value of a TEXT."""
        raise NotImplementedError

    def integer(self, bag: AttributeBag) -> int:
        """Value of an INT or a DURATION."""
        raise NotImplementedError

    def double(self, bag: AttributeBag) -> float:
        """Value of a DOUBLE."""
        raise NotImplementedError

    def truth(self, bag: AttributeBag) -> bool:
        """Value of a BOOL."""
        raise NotImplementedError

    def entry(self, bag: AttributeBag, key: str) -> str | None:
        """An entry of a MAP; None when it is not there."""
        raise NotImplementedError

    def value_text(self, bag: AttributeBag) -> str:
        """Value as backends get it: as text, whatever its type; empty when it is absent."""
        try:
            return as_text(self, bag)
        except AbsentError:
            return ""


def as_text(operand: Expression, bag: AttributeBag) -> str:
    """Value of an operand of any type but MAP and LIST, as text."""
    if operand.kind is Type.TEXT:
        return operand.text(bag)
    if operand.kind is Type.BOOL:
        return "true" if operand.truth(bag) else "false"
    if operand.kind is Type.DOUBLE:
        return str(operand.double(bag))
    return str(operand.integer(bag))


class TextConstant(Expression):
    """A string literal."""

    def __init__(self, value: str) -> None:
        super().__init__(Type.TEXT)
        self.value = value

    def text(self, bag: AttributeBag) -> str:
        """The literal."""
        return self.value


class IntConstant(Expression):
    """An int literal, or a duration."""

    def __init__(self, value: int, kind: Type) -> None:
        super().__init__(kind)
        self.value = value

    def integer(self, bag: AttributeBag) -> int:
        """The literal."""
        return self.value


class DoubleConstant(Expression):
    """A double literal."""

    def __init__(self, value: float) -> None:
        super().__init__(Type.DOUBLE)
        self.value = value

    def double(self, bag: AttributeBag) -> float:
        """The literal."""
        return self.value


class BoolConstant(Expression):
    """`true` or `false`."""

    def __init__(self, value: bool) -> None:
        super().__init__(Type.BOOL)
        self.value = value

    def truth(self, bag: AttributeBag) -> bool:
        """The literal."""
        return self.value


class ListLiteral(Expression):
    """`[a, b]`, the right side of `in`.

    Args:
        items: The items, all of one type.
    """

    def __init__(self, items: list[Expression]) -> None:
        super().__init__(Type.LIST)
        self.items = items
