"""Types of operators: which operands they take, and what becomes of them."""

from adapters.mixer.expression.arithmetic import (
    Concatenation,
    DoubleArithmetic,
    IntArithmetic,
    ToDouble,
)
from adapters.mixer.expression.comparison import (
    RELATIONS,
    AnyOf,
    DoubleComparison,
    IntComparison,
    Relation,
    TextEquality,
    TextOrder,
    relation_of,
)
from adapters.mixer.expression.errors import ExpressionError
from adapters.mixer.expression.lookup import Contained, HasKey
from adapters.mixer.expression.operand import (
    Expression,
    ListLiteral,
    TextConstant,
)
from adapters.mixer.types import Type, a_type


def is_relation(operator: str) -> bool:
    """Whether an operator compares."""
    return operator in RELATIONS


def expect(operand: Expression, kind: Type, where: str, column: int) -> None:
    """Refuse an operand of another type.

    Raises:
        ExpressionError: it is one.
    """
    if operand.kind is not kind:
        got = a_type(operand.kind)
        raise ExpressionError(column, f"expected {a_type(kind)} {where}, got {got}")


def expect_scalar(operand: Expression, column: int) -> None:
    """Refuse a map or a list.

    Raises:
        ExpressionError: it is one.
    """
    if operand.kind in (Type.MAP, Type.LIST):
        raise ExpressionError(column, f"{a_type(operand.kind)} is no value by itself")


def comparison(operator: str, left: Expression, right: Expression, column: int) -> Expression:
    """`left operator right`; an int and a double compare as numbers.

    Raises:
        ExpressionError: they do not compare.
    """
    expect_scalar(left, column)
    expect_scalar(right, column)
    relation = relation_of(operator)
    if left.kind is Type.INT and right.kind is Type.DOUBLE:
        return DoubleComparison(relation, ToDouble(left), right)
    if left.kind is Type.DOUBLE and right.kind is Type.INT:
        return DoubleComparison(relation, left, ToDouble(right))
    if left.kind is not right.kind:
        kinds = f"{a_type(left.kind)} and {a_type(right.kind)}"
        raise ExpressionError(column, f"'{operator}' does not compare {kinds}")
    if left.kind is Type.DOUBLE:
        return DoubleComparison(relation, left, right)
    if left.kind is not Type.TEXT:
        return IntComparison(relation, left, right)
    if relation is Relation.EQUAL or relation is Relation.NOT_EQUAL:
        return TextEquality(relation is Relation.EQUAL, left, right)
    return TextOrder(relation, left, right)


def containment(left: Expression, right: Expression, column: int) -> Expression:
    """`left in right`.

    Raises:
        ExpressionError: the right side is neither a list nor a map, or holds another type.
    """
    if right.kind is Type.MAP:
        expect(left, Type.TEXT, "on the left of 'in' a map", column)
        return HasKey(left, right)
    if not isinstance(right, ListLiteral):
        got = a_type(right.kind)
        raise ExpressionError(column, f"expected a list or a map after 'in', got {got}")
    constants: list[TextConstant] = []
    for item in right.items:
        expect(item, left.kind, "in the list, as on the left of 'in'", column)
        if isinstance(item, TextConstant):
            constants.append(item)
    if left.kind is Type.TEXT and len(constants) == len(right.items):
        return Contained(left, constants)
    return AnyOf([comparison("==", left, item, column) for item in right.items])


def arithmetic(operator: str, left: Expression, right: Expression, column: int) -> Expression:
    """`left operator right`.

    Raises:
        ExpressionError: the operator has no such operands.
    """
    kind = left.kind
    if kind is right.kind:
        if kind is Type.INT:
            return IntArithmetic(operator, left, right)
        if kind is Type.DOUBLE and operator != "%":
            return DoubleArithmetic(operator, left, right)
        if kind is Type.TEXT and operator == "+":
            return Concatenation(left, right)
        if kind is Type.DURATION and operator in "+-":
            return IntArithmetic(operator, left, right)
    kinds = f"{a_type(kind)} and {a_type(right.kind)}"
    is_mixed = kind is not right.kind and _is_number(kind) and _is_number(right.kind)
    hint = "; convert one of them" if is_mixed else ""
    raise ExpressionError(column, f"'{operator}' does not take {kinds}{hint}")


def _is_number(kind: Type) -> bool:
    return kind is Type.INT or kind is Type.DOUBLE
