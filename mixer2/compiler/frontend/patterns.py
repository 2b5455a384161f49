"""The patterns of `match`: what mypyc needs to know, and where it differs from CPython."""

from collections.abc import Callable, Iterator

from mypy.nodes import FloatExpr, IntExpr, MatchStmt, TypeInfo, UnaryExpr
from mypy.patterns import (
    AsPattern,
    ClassPattern,
    MappingPattern,
    OrPattern,
    Pattern,
    SequencePattern,
    StarredPattern,
    ValuePattern,
)
from mypy.types import Instance, Type, get_proper_type

_MATCH_ARGS = "__match_args__"

Refuse = Callable[[Pattern, str], None]


def prepare_patterns(statement: MatchStmt, subject: Type | None, refuse: Refuse) -> None:
    """Complete or refuse the patterns of a statement.

    Args:
        statement: Its patterns.
        subject: The type of what is matched.
        refuse: Takes a place and a complaint.
    """
    proper = get_proper_type(subject)
    is_int = isinstance(proper, Instance) and proper.type.fullname == "builtins.int"
    for outermost in statement.patterns:
        for pattern in _all_patterns(outermost):
            if isinstance(pattern, ClassPattern):
                _inherit_match_args(pattern)
            elif isinstance(pattern, AsPattern) and pattern.pattern is not None:
                known = is_int and pattern is outermost
                if not known and _has_number(pattern.pattern):
                    refuse(
                        pattern,
                        "a number with `as`: 1, 1.0 and True are equal, and the name would hold "
                        "the pattern's: capture the value alone, and compare it in a guard",
                    )


def _all_patterns(pattern: Pattern) -> Iterator[Pattern]:
    yield pattern
    inner: list[Pattern | None] = []
    if isinstance(pattern, AsPattern):
        inner = [pattern.pattern]
    elif isinstance(pattern, OrPattern | SequencePattern):
        inner = list(pattern.patterns)
    elif isinstance(pattern, MappingPattern):
        inner = list(pattern.values)
    elif isinstance(pattern, ClassPattern):
        inner = [*pattern.positionals, *pattern.keyword_values]
    for child in inner:
        if child is not None and not isinstance(child, StarredPattern):
            yield from _all_patterns(child)


def _inherit_match_args(pattern: ClassPattern) -> None:
    """mypyc looks for `__match_args__` in the class itself, not in its bases."""
    class_ = pattern.class_ref.node
    if not pattern.positionals or not isinstance(class_, TypeInfo) or _MATCH_ARGS in class_.names:
        return
    symbol = class_.get(_MATCH_ARGS)
    if symbol is not None:
        class_.names[_MATCH_ARGS] = symbol


def _has_number(pattern: Pattern) -> bool:
    if isinstance(pattern, OrPattern):
        return any(map(_has_number, pattern.patterns))
    if not isinstance(pattern, ValuePattern):
        return False
    value = pattern.expr.expr if isinstance(pattern.expr, UnaryExpr) else pattern.expr
    return isinstance(value, IntExpr | FloatExpr)
