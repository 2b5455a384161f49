"""The blocks of statements: what is looked through to rewrite trees."""

from mypy.nodes import (
    Block,
    ClassDef,
    Decorator,
    ForStmt,
    FuncDef,
    IfStmt,
    MatchStmt,
    OverloadedFuncDef,
    Statement,
    TryStmt,
    WhileStmt,
    WithStmt,
)


def all_blocks(statement: Statement) -> list[Block]:
    """All blocks of a statement."""
    if isinstance(statement, FuncDef):
        return [statement.body]
    if isinstance(statement, Decorator):
        return [statement.func.body]
    if isinstance(statement, OverloadedFuncDef):
        items = [*statement.items, statement.impl] if statement.impl else statement.items
        return [block for item in items for block in all_blocks(item)]
    if isinstance(statement, ClassDef):
        return [statement.defs]
    if isinstance(statement, WhileStmt | ForStmt):
        return [statement.body, *blocks(statement)]
    return blocks(statement)


def blocks(statement: Statement) -> list[Block]:
    """Blocks of a statement whose jumps go where the statement's own would go."""
    if isinstance(statement, Block):
        return [statement]
    if isinstance(statement, IfStmt):
        found: list[Block | None] = [*statement.body, statement.else_body]
    elif isinstance(statement, WhileStmt | ForStmt):
        found = [statement.else_body]
    elif isinstance(statement, TryStmt):
        found = [statement.body, *statement.handlers, statement.else_body, statement.finally_body]
    elif isinstance(statement, WithStmt):
        found = [statement.body]
    elif isinstance(statement, MatchStmt):
        found = list(statement.bodies)
    else:
        found = []
    return [block for block in found if block is not None]
