"""Branches whose outcome is certain, casts that cannot fail, and the blocks left after them.

r1 = cast(bytes, value)           value is a local variable of type `bytes | None`: the type
if is_error(r1) goto L9 else L2   checker has seen the test for None, so the cast is free

r2 = x & 1                        an int beyond a register: there is none
if r2 != 0 goto L3 else L4
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    BasicBlock,
    Branch,
    Cast,
    ComparisonOp,
    Goto,
    Integer,
    IntOp,
    LoadLiteral,
    Op,
    Register,
    Value,
)
from mypyc.ir.rtypes import RUnion, is_none_rprimitive, is_tagged


def simplify(function: FuncIR, *, trust_narrowing: bool) -> None:
    """Fold what is certain.

    Args:
        function: Its blocks are changed.
        trust_narrowing: Local variables have the type that the type checker says; not so in a
            module that calls `typing.cast`.
    """
    for block in function.blocks:
        for op in block.ops:
            if isinstance(op, Cast) and trust_narrowing and _only_rules_out_none(op):
                op.is_unchecked = True
    for block in function.blocks:
        terminator = block.ops[-1]
        if not isinstance(terminator, Branch) or not (target := certain_target(terminator)):
            continue
        # One that notes a line in the traceback is the next pass's to fold (`tracebacks`).
        if target is terminator.false or terminator.traceback_entry is None:
            block.ops[-1] = Goto(target, terminator.line)
    _merge_blocks(function)


def _only_rules_out_none(op: Cast) -> bool:
    """Whether a cast takes a local variable from `T | None` to `T`."""
    source = op.src.type
    if not isinstance(op.src, Register) or not isinstance(source, RUnion):
        return False
    rest = [item for item in source.items if not is_none_rprimitive(item)]
    return len(rest) == len(source.items) - 1 and (
        rest == [op.type] or (isinstance(op.type, RUnion) and rest == op.type.items)
    )


def certain_target(branch: Branch) -> BasicBlock | None:
    """Where a branch always goes; None when that depends."""
    value = branch.value
    if branch.op == Branch.BOOL and isinstance(value, Integer):
        return branch.true if bool(value.value) != branch.negated else branch.false
    if branch.op == Branch.BOOL and _is_big_int_test(value):
        return branch.true if branch.negated else branch.false
    if branch.op == Branch.IS_ERROR and _never_fails(value):
        return branch.true if branch.negated else branch.false
    return None


def _is_big_int_test(value: Value) -> bool:
    """Whether a value is `x & 1 != 0` for a tagged x: ints beyond a register do not exist here."""
    if not isinstance(value, ComparisonOp) or value.op != ComparisonOp.NEQ:
        return False
    test = value.lhs
    return (
        isinstance(test, IntOp)
        and test.op == IntOp.AND
        and (is_tagged(test.lhs.type) or isinstance(test.lhs, Integer))
        and isinstance(test.rhs, Integer)
        and test.rhs.value == 1
    )


def _never_fails(value: Value) -> bool:
    if isinstance(value, Cast):
        return value.is_unchecked
    return isinstance(value, LoadLiteral)


def _merge_blocks(function: FuncIR) -> None:
    """Drop unreachable blocks, and join a block to the only one that it goes to."""
    predecessors: dict[BasicBlock, int] = {}
    reachable = [function.blocks[0]]
    seen = set(reachable)
    for block in reachable:
        for target in _targets(block):
            predecessors[target] = predecessors.get(target, 0) + 1
            if target not in seen:
                seen.add(target)
                reachable.append(target)
    merged: set[BasicBlock] = set()
    for block in function.blocks:
        if block not in seen or block in merged:
            continue
        while isinstance(block.ops[-1], Goto):
            target = block.ops[-1].label
            if predecessors[target] != 1 or target is function.blocks[0] or target is block:
                break
            block.ops[-1:] = target.ops
            merged.add(target)
    function.blocks = [b for b in function.blocks if b in seen and b not in merged]


def _targets(block: BasicBlock) -> list[BasicBlock]:
    terminator: Op = block.ops[-1]
    return list(terminator.targets()) if isinstance(terminator, Goto | Branch) else []
