"""`== != < <= > >=` and `in`."""

from enum import Enum

from adapters.mixer.bag import AttributeBag
from adapters.mixer.expression.operand import Expression
from adapters.mixer.types import Type


class Relation(Enum):
    """How two operands compare."""

    EQUAL = 0
    NOT_EQUAL = 1
    LESS = 2
    AT_MOST = 3
    GREATER = 4
    AT_LEAST = 5


class TextEquality(Expression):
    """`left == right` and `left != right` of strings."""

    def __init__(self, is_equal: bool, left: Expression, right: Expression) -> None:
        super().__init__(Type.BOOL)
        self._is_equal = is_equal
        self._left = left
        self._right = right

    def truth(self, bag: AttributeBag) -> bool:
        """Whether it holds."""
        return (self._left.text(bag) == self._right.text(bag)) == self._is_equal


class TextOrder(Expression):
    """`<` and the like of strings, by code points."""

    def __init__(self, relation: Relation, left: Expression, right: Expression) -> None:
        super().__init__(Type.BOOL)
        self._relation = relation
        self._left = left
        self._right = right

    def truth(self, bag: AttributeBag) -> bool:
        """Whether it holds."""
        left = self._left.text(bag)
        right = self._right.text(bag)
        if self._relation is Relation.LESS:
            return left < right
        if self._relation is Relation.AT_MOST:
            return left <= right
        if self._relation is Relation.GREATER:
            return left > right
        return left >= right


class IntComparison(Expression):
    """Comparison of ints, durations or bools."""

    def __init__(self, relation: Relation, left: Expression, right: Expression) -> None:
        super().__init__(Type.BOOL)
        self._relation = relation
        self._left = left
        self._right = right

    def truth(self, bag: AttributeBag) -> bool:
        """Whether it holds."""
        if self._left.kind is Type.BOOL:
            left = 1 if self._left.truth(bag) else 0
            right = 1 if self._right.truth(bag) else 0
        else:
            left = self._left.integer(bag)
            right = self._right.integer(bag)
        relation = self._relation
        if relation is Relation.EQUAL:
            return left == right
        if relation is Relation.NOT_EQUAL:
            return left != right
        if relation is Relation.LESS:
            return left < right
        if relation is Relation.AT_MOST:
            return left <= right
        if relation is Relation.GREATER:
            return left > right
        return left >= right


class DoubleComparison(Expression):
    """Comparison of doubles."""

    def __init__(self, relation: Relation, left: Expression, right: Expression) -> None:
        super().__init__(Type.BOOL)
        self._relation = relation
        self._left = left
        self._right = right

    def truth(self, bag: AttributeBag) -> bool:
        """Whether it holds."""
        left = self._left.double(bag)
        right = self._right.double(bag)
        relation = self._relation
        if relation is Relation.EQUAL:
            return left == right
        if relation is Relation.NOT_EQUAL:
            return left != right
        if relation is Relation.LESS:
            return left < right
        if relation is Relation.AT_MOST:
            return left <= right
        if relation is Relation.GREATER:
            return left > right
        return left >= right


class AnyOf(Expression):
    """`value in [items]`; each item is a comparison of the value with it.

    As CEL has it, the whole list is evaluated, and an item without a value is an error.
    """

    def __init__(self, matches: list[Expression]) -> None:
        super().__init__(Type.BOOL)
        self._matches = matches

    def truth(self, bag: AttributeBag) -> bool:
        """Whether one of them is true."""
        found = False
        for match in self._matches:
            if match.truth(bag):
                found = True
        return found
