"""Rewriting comparisons that mypyc gets wrong, or asks too much for.

x in (a, *b)               ->      x in list((a, *b))
text in texts              ->      find_text(text, texts) >= 0, where texts is a list[str]
9007199254740993 == f      ->      exact_int(9007199254740993) == f, where f is a float
"""

from mypy.constant_fold import constant_fold_expr
from mypy.nodes import (
    ComparisonExpr,
    Expression,
    ListExpr,
    RefExpr,
    SetExpr,
    StarExpr,
    TupleExpr,
    Var,
)
from mypy.types import Instance, Type, get_proper_type

from mixer2.compiler.frontend.nodes import Nodes, is_builtin

# Ints up to here are floats as they are.
_EXACT_FLOATS = 1 << 53

_DISPLAYS = (TupleExpr, ListExpr, SetExpr)


class Comparisons:
    """Rewrites comparisons in place.

    Args:
        types: Types of expressions.
        nodes: Makes nodes.
    """

    def __init__(self, types: dict[Expression, Type], nodes: Nodes) -> None:
        self._types = types
        self._nodes = nodes

    def lower(self, comparison: ComparisonExpr) -> None:
        """Rewrite one."""
        self._keep_ints_exact(comparison)
        self._lower_star_in_membership(comparison)
        self._lower_membership_of_text(comparison)

    def _keep_ints_exact(self, comparison: ComparisonExpr) -> None:
        """mypyc makes a float of a constant that is compared with one, which rounds it."""
        last = comparison.operands[-1]
        items = last.items if isinstance(last, _DISPLAYS) else []
        if any(self._is(value, "float") for value in [*comparison.operands, *items]):
            comparison.operands[:] = map(self._exact, comparison.operands)
            items[:] = map(self._exact, items)

    def _exact(self, value: Expression) -> Expression:
        constant = constant_fold_expr(value, "") if self._is(value, "int") else None
        if isinstance(value, RefExpr) and isinstance(value.node, Var):
            constant = value.node.final_value
        if not isinstance(constant, int) or abs(constant) <= _EXACT_FLOATS:
            return value
        return self._nodes.call(self._nodes.language("exact_int", value), [value], "int", value)

    def _lower_star_in_membership(self, comparison: ComparisonExpr) -> None:
        """mypyc compares with each item of a display, and knows no star there."""
        container = comparison.operands[-1]
        if not isinstance(container, _DISPLAYS):
            return
        if comparison.operators[-1] not in ("in", "not in"):
            return
        if any(isinstance(item, StarExpr) for item in container.items):
            callee = self._nodes.builtin("list", container)
            comparison.operands[-1] = self._nodes.call(callee, [container], "list", container)

    def _lower_membership_of_text(self, comparison: ComparisonExpr) -> None:
        """Not with the comparisons of any objects, which mypyc's IR asks for."""
        text, texts = comparison.operands[0], comparison.operands[-1]
        relation = {"in": ">=", "not in": "<"}.get(comparison.operators[0])
        if relation is None or len(comparison.operators) > 1 or isinstance(texts, _DISPLAYS):
            return
        type_ = get_proper_type(self._types.get(texts))
        if not isinstance(type_, Instance) or type_.type.fullname != "builtins.list":
            return
        if not type_.args or not is_builtin(type_.args[0], "str"):
            return
        if not self._is(text, "str"):
            return
        callee = self._nodes.language("find_text", texts)
        call = self._nodes.call(callee, [text, texts], "int", texts)
        comparison.operands = [call, self._nodes.int(0, texts)]
        comparison.operators = [relation]
        comparison.method_types = [None]

    def _is(self, value: Expression, name: str) -> bool:
        return is_builtin(self._types.get(value), name)
