"""`== != < <= > >=` and `in`."""

from enum import Enum
from typing import Final

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


RELATIONS: Final = ["==", "!=", "<", "<=", ">", ">="]
_BY_OPERATOR: Final = [
    Relation.EQUAL,
    Relation.NOT_EQUAL,
    Relation.LESS,
    Relation.AT_MOST,
    Relation.GREATER,
    Relation.AT_LEAST,
]


def relation_of(operator: str) -> Relation:
    """The relation that one of `RELATIONS` asks for."""
    index = 0
    while RELATIONS[index] != operator:
        index += 1
    return _BY_OPERATOR[index]


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


class Comparison(Expression):
    """`left < right` and the like; a subclass says of what.

    Args:
        relation: How they shall compare.
        left: One operand.
        right: The other, of the same type.
    """

    def __init__(self, relation: Relation, left: Expression, right: Expression) -> None:
        super().__init__(Type.BOOL)
        self._relation = relation
        self._left = left
        self._right = right

    def holds(self, is_less: bool, is_equal: bool, is_greater: bool) -> bool:
        """Whether the relation does; of a NaN, none of the three is true."""
        relation = self._relation
        if relation is Relation.EQUAL:
            return is_equal
        if relation is Relation.NOT_EQUAL:
            return not is_equal
        if relation is Relation.LESS:
            return is_less
        if relation is Relation.AT_MOST:
            return is_less or is_equal
        if relation is Relation.GREATER:
            return is_greater
        return is_greater or is_equal


class TextOrder(Comparison):
    """Of strings, by code points."""

    def truth(self, bag: AttributeBag) -> bool:
        """Whether it holds."""
        left = self._left.text(bag)
        right = self._right.text(bag)
        return self.holds(left < right, left == right, left > right)


class IntComparison(Comparison):
    """Of ints, durations or bools."""

    def truth(self, bag: AttributeBag) -> bool:
        """Whether it holds."""
        if self._left.kind is Type.BOOL:
            left = 1 if self._left.truth(bag) else 0
            right = 1 if self._right.truth(bag) else 0
        else:
            left = self._left.integer(bag)
            right = self._right.integer(bag)
        return self.holds(left < right, left == right, left > right)


class DoubleComparison(Comparison):
    """Of doubles."""

    def truth(self, bag: AttributeBag) -> bool:
        """Whether it holds."""
        left = self._left.double(bag)
        right = self._right.double(bag)
        return self.holds(left < right, left == right, left > right)


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
