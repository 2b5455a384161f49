"""Loops that are left through a `finally` or the end of a `with`: mypyc refuses those.

for x in xs:                    for x in xs:
    try:                            leaving = 0
        if x: break                 try:
    finally:            ->              while 1:
        f()                                 if x:
                                                leaving = 1; break
                                            break
                                    finally:
                                        f()
                                    if leaving == 1: break
"""

from collections.abc import Iterator

from mypy.nodes import (
    Block,
    BreakStmt,
    ContinueStmt,
    IfStmt,
    RaiseStmt,
    Statement,
    TryStmt,
    Var,
    WhileStmt,
    WithStmt,
)

from mixer2.compiler.frontend.blocks import blocks
from mixer2.compiler.frontend.nodes import Nodes

_BREAK, _CONTINUE = 1, 2


class Leaps:
    """Turns jumps into flags.

    Args:
        nodes: Makes nodes.
    """

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._count = 0

    def without_leaps(self, statement: Statement) -> list[Statement]:
        """The statement with jumps out of its `finally` turned into a flag that is looked at."""
        if isinstance(statement, TryStmt):
            self._open_finally(statement)
        if isinstance(statement, WithStmt):
            protected = statement.body
        elif isinstance(statement, TryStmt) and statement.finally_body:
            protected = Block([statement])
        else:
            return [statement]
        jumps = {
            type(s)
            for s in _jumps_of(
                statement.body if isinstance(statement, WithStmt) else Block(_parts(statement))
            )
        }
        if not jumps:
            return [statement]
        self._count += 1
        flag = Var(f"__mixer2_leaving_{self._count}", self._nodes.instance("int"))
        flag.is_ready = True
        if isinstance(statement, TryStmt):
            finally_body = statement.finally_body
            statement.finally_body = None
            inner: list[Statement] = [statement]
            if not statement.handlers:
                inner = list(statement.body.body)
            outer: Statement = TryStmt(Block([]), [], [], [], None, finally_body)
            outer.set_line(statement)
        else:
            inner, outer = list(protected.body), statement
        inside = Block(inner)
        self._replace_jumps(inside, flag)
        inside.body.append(self._nodes.placed(BreakStmt(), statement))
        once = WhileStmt(self._nodes.int(1, statement), inside, None)
        assert isinstance(outer, TryStmt | WithStmt)
        outer.body = Block([self._nodes.placed(once, statement)])
        outer.body.set_line(statement)
        inside.set_line(statement)
        result: list[Statement] = [self._nodes.assign(flag, 0, statement), outer]
        for value, kind in ((_BREAK, BreakStmt), (_CONTINUE, ContinueStmt)):
            if kind in jumps:
                jump = self._nodes.placed(kind(), statement)
                result.append(self._nodes.if_equal(flag, value, jump, statement))
        return result

    def _open_finally(self, statement: TryStmt) -> None:
        """Give a `finally` that always raises an end, which mypyc wants to go on from: a loop's."""
        body = statement.finally_body
        if body is not None and _always_raises(body):
            once = WhileStmt(self._nodes.int(1, body), Block(list(body.body)), None)
            once.body.set_line(body)
            body.body = [self._nodes.placed(once, body)]

    def _replace_jumps(self, block: Block, flag: Var) -> None:
        body: list[Statement] = []
        for statement in block.body:
            if isinstance(statement, BreakStmt | ContinueStmt):
                value = _BREAK if isinstance(statement, BreakStmt) else _CONTINUE
                body.append(self._nodes.assign(flag, value, statement))
                body.append(self._nodes.placed(BreakStmt(), statement))
            else:
                for inner in blocks(statement):
                    self._replace_jumps(inner, flag)
                body.append(statement)
        block.body = body


def _always_raises(block: Block) -> bool:
    last = block.body[-1]
    if isinstance(last, IfStmt) and last.else_body:
        return all(map(_always_raises, [*last.body, last.else_body]))
    if isinstance(last, Block):
        return _always_raises(last)
    return isinstance(last, RaiseStmt)


def _parts(statement: Statement) -> list[Statement]:
    """What a `finally` protects."""
    assert isinstance(statement, TryStmt)
    blocks = [statement.body, *statement.handlers]
    if statement.else_body:
        blocks.append(statement.else_body)
    return list(blocks)


def _jumps_of(block: Block) -> Iterator[Statement]:
    """The jumps in a block that leave it."""
    for statement in block.body:
        if isinstance(statement, BreakStmt | ContinueStmt):
            yield statement
        for inner in blocks(statement):
            yield from _jumps_of(inner)
