"""Variables of loops over a range, which mypyc sets before it knows whether the loop turns.

    for i in range(n):             for i_turn in range(n):
        f(i)               ->          i = i_turn
    return i                           f(i)
                                   return i

Where a variable is read in the loops alone that set it, nobody can tell, and it stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from mypy.nodes import (
    GDEF,
    AssignmentStmt,
    Block,
    CallExpr,
    Expression,
    ForStmt,
    ListExpr,
    MypyFile,
    NameExpr,
    Node,
    StarExpr,
    Statement,
    TupleExpr,
    Var,
)
from mypy.types import Type

from mixer2.compiler.frontend.blocks import all_blocks
from mixer2.compiler.frontend.nodes import Nodes


def set_range_names_in_turns(
    trees: list[MypyFile], types: dict[Expression, Type], nodes: Nodes
) -> None:
    """Have each turn of a loop over a range set the loop's variables, in place.

    Args:
        trees: The modules.
        types: mypy's table of types.
        nodes: Makes nodes.
    """
    loops: dict[Var, list[ForStmt]] = defaultdict(list)
    written: set[NameExpr] = set()
    for statement in (s for tree in trees for s in _all_statements(tree.defs)):
        if isinstance(statement, ForStmt):
            for name in _names(statement.index):
                written.add(name)
                if isinstance(name.node, Var):
                    loops[name.node].append(statement)
        elif isinstance(statement, AssignmentStmt):
            written.update(name for target in statement.lvalues for name in _names(target))
    reads: dict[Var, list[NameExpr]] = defaultdict(list)
    for expression in types:
        if not isinstance(expression, NameExpr) or expression in written:
            continue
        if isinstance(expression.node, Var):
            reads[expression.node].append(expression)
    for variable, around in loops.items():
        if _is_told(around, reads[variable]):
            for loop in around:
                _set_in_turns(loop, variable, nodes)


def _all_statements(statements: Iterable[Statement]) -> Iterator[Statement]:
    for statement in statements:
        yield statement
        for block in all_blocks(statement):
            yield from _all_statements(block.body)


def _names(target: Expression) -> Iterator[NameExpr]:
    """The variables that an assignment sets."""
    if isinstance(target, NameExpr):
        yield target
    elif isinstance(target, TupleExpr | ListExpr):
        for item in target.items:
            yield from _names(item)
    elif isinstance(target, StarExpr):
        yield from _names(target.expr)


def _range_names(target: Expression, iterated: Expression) -> Iterator[NameExpr]:
    """The variables of a loop that a range sets: one of several that go together, too."""
    if not isinstance(iterated, CallExpr) or not isinstance(iterated.callee, NameExpr):
        return
    callee, arguments = iterated.callee.fullname, iterated.args
    if callee == "builtins.range" and isinstance(target, NameExpr):
        yield target
    elif isinstance(target, TupleExpr):
        if callee == "builtins.enumerate":
            yield from _range_names(target.items[-1], arguments[0])
        elif callee == "builtins.zip":
            for item, argument in zip(target.items, arguments, strict=False):
                yield from _range_names(item, argument)


def _is_told(loops: list[ForStmt], reads: list[NameExpr]) -> bool:
    """Whether a variable is read where no turn of one of its loops need have set it."""
    if any(name.kind == GDEF for loop in loops for name in _names(loop.index)):
        return True
    inner = [loop.index for loop in loops if any(_holds(other.body, loop) for other in loops)]
    return bool(inner) or not all(any(_holds(loop.body, read) for loop in loops) for read in reads)


def _holds(body: Block, node: Node) -> bool:
    first, last = body.body[0], body.body[-1]
    end = last.end_line or last.line, last.end_column or 0
    return (first.line, first.column) <= (node.line, node.column) < end


def _set_in_turns(loop: ForStmt, variable: Var, nodes: Nodes) -> None:
    for name in list(_range_names(loop.index, loop.expr)):
        if name.node is variable:
            turn = Var(f"{variable.name}_turn", nodes.instance("int"))
            turn.is_ready = turn.is_inferred = True
            loop.index = _with(loop.index, name, nodes.local(turn, name))
            setting = AssignmentStmt([name], nodes.local(turn, name))
            loop.body.body.insert(0, nodes.placed(setting, name))


def _with(target: Expression, name: NameExpr, other: NameExpr) -> Expression:
    """What a loop sets, with another variable in place of one."""
    if target is name:
        return other
    if isinstance(target, TupleExpr):
        target.items = [_with(item, name, other) for item in target.items]
    return target
