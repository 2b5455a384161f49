"""A variable of its own for each `except ... as name`.

    except MyError as e: ...           except MyError as e: ...
    except KeyError as e: ...    ->    except KeyError as e_2: ...

A name that several clauses bind has another type in each; mypyc gives a variable one type.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from mypy.nodes import LDEF, Block, Expression, MypyFile, NameExpr, Statement, TryStmt, Var
from mypy.types import (
    AnyType,
    FunctionLike,
    TupleType,
    Type,
    TypeOfAny,
    UnionType,
    get_proper_type,
)

from mixer2.compiler.frontend.blocks import all_blocks


@dataclass(frozen=True, slots=True, eq=False)
class _Clause:
    """The name that a clause binds, its type there, and the clause's statements."""

    name: NameExpr
    type: Type
    body: Block

    def holds(self, use: NameExpr) -> bool:
        """Whether an expression stands in the clause."""
        last = self.body.body[-1]
        return self.start <= (use.line, use.column) and use.line <= (last.end_line or last.line)

    @property
    def start(self) -> tuple[int, int]:
        """Line and column of the name."""
        return self.name.line, self.name.column


def separate_except_names(trees: list[MypyFile], types: dict[Expression, Type]) -> None:
    """Give clauses that share a name variables of their own, in place.

    Args:
        trees: The modules.
        types: mypy's table of types.
    """
    clauses: dict[Var, list[_Clause]] = defaultdict(list)
    for tree in trees:
        for name, caught, body in _clauses(tree.defs):
            if isinstance(name.node, Var) and name.kind == LDEF:
                clauses[name.node].append(_Clause(name, _instances(types.get(caught)), body))
    uses: dict[Var, list[NameExpr]] = defaultdict(list)
    for expression in types:
        if isinstance(expression, NameExpr) and isinstance(expression.node, Var):
            uses[expression.node].append(expression)
    for variable, bound in clauses.items():
        if len(bound) > 1:
            _separate(variable, bound, uses[variable])


def _clauses(statements: list[Statement]) -> Iterator[tuple[NameExpr, Expression, Block]]:
    """The names that clauses bind, what they catch, and their bodies."""
    for statement in statements:
        if isinstance(statement, TryStmt):
            for name, caught, body in zip(
                statement.vars, statement.types, statement.handlers, strict=True
            ):
                if name is not None and caught is not None:
                    yield name, caught, body
        for block in all_blocks(statement):
            yield from _clauses(block.body)


def _instances(caught: Type | None) -> Type:
    """The type of what a clause binds that catches a class, or one of several."""
    proper = get_proper_type(caught)
    if isinstance(proper, TupleType):
        return UnionType.make_union([_instances(item) for item in proper.items])
    if isinstance(proper, FunctionLike):
        return proper.items[0].ret_type
    return AnyType(TypeOfAny.from_error)


def _separate(variable: Var, bound: list[_Clause], uses: list[NameExpr]) -> None:
    owners = {use: owner for use in uses if (owner := _clause_of(use, bound)) is not None}
    if len(owners) < len(uses):
        # It is a variable besides: mypy has seen to it that all it holds has one type.
        return
    for number, clause in enumerate(bound, start=1):
        own = Var(f"{variable.name}_{number}" if number > 1 else variable.name, clause.type)
        own.is_ready = own.is_inferred = True
        for use in [clause.name, *(use for use, owner in owners.items() if owner is clause)]:
            use.node = own


def _clause_of(use: NameExpr, bound: list[_Clause]) -> _Clause | None:
    """The innermost clause that a use stands in."""
    around = [clause for clause in bound if clause.holds(use)]
    return max(around, key=lambda clause: clause.start, default=None)
