"""Final names that have a value whenever a function runs.

Each use of a final name tests whether its module's body came that far. A function that no module
body calls, directly or by way of others, runs when all have ended well: there a name has its value
if its module's body cannot end without giving it one.
"""

from collections.abc import Iterable

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    NAMESPACE_STATIC,
    BasicBlock,
    ControlOp,
    InitStatic,
    Integer,
    LoadStatic,
    Return,
)

from mixer2.compiler.passes.values import all_ops, never_fail

Name = tuple[str | None, str]
"""A module, and a final name of it."""

_SUCCESS = 1


def set_by(bodies: Iterable[FuncIR]) -> set[Name]:
    """The names that have a value when these module bodies have ended well."""
    return {
        (op.module_name, op.identifier)
        for body in bodies
        for block in body.blocks
        for op in block.ops
        if isinstance(op, InitStatic)
        and op.namespace == NAMESPACE_STATIC
        and not _can_succeed_without(body, block)
    }


def _can_succeed_without(body: FuncIR, avoided: BasicBlock) -> bool:
    pending = [body.blocks[0]]
    seen = {avoided}
    while pending:
        block = pending.pop()
        if block in seen:
            continue
        seen.add(block)
        end = block.ops[-1]
        if isinstance(end, Return):
            if isinstance(end.value, Integer) and end.value.value == _SUCCESS:
                return True
        else:
            assert isinstance(end, ControlOp)
            pending += end.targets()
    return False


def trust_names(function: FuncIR, names: set[Name]) -> None:
    """Do not test these names for a value."""
    trusted = {
        op
        for op in all_ops(function)
        if isinstance(op, LoadStatic)
        and op.namespace == NAMESPACE_STATIC
        and (op.module_name, op.identifier) in names
    }
    never_fail(function, trusted)
