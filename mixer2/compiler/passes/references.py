"""Pairs of increment and decrement that cancel.

inc_ref value                     The variable keeps the object alive while `r1` is used.
r1 = cast(bytes, value)    ->     r1 = borrowed cast(bytes, value)
... use of r1 ...
dec_ref r1
"""

from collections import Counter

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import Assign, BasicBlock, Cast, DecRef, IncRef, Op, Value


def cancel_references(function: FuncIR) -> None:
    """Remove pairs within each block."""
    uses = Counter(s for block in function.blocks for op in block.ops for s in op.sources())
    for block in function.blocks:
        _cancel_in_block(block, uses)


def _cancel_in_block(block: BasicBlock, uses: Counter[Value]) -> None:
    dropped: set[int] = set()
    for index in range(len(block.ops) - 1):
        increment, cast = block.ops[index], block.ops[index + 1]
        if not (isinstance(increment, IncRef) and isinstance(cast, Cast)):
            continue
        if cast.src is not increment.src or not cast.is_unchecked or cast.is_borrowed:
            continue
        decrement = _matching_decrement(block.ops, index + 2, cast, uses)
        if decrement is not None:
            cast.is_borrowed = True
            dropped |= {index, decrement}
    if dropped:
        block.ops = [op for i, op in enumerate(block.ops) if i not in dropped]


def _matching_decrement(ops: list[Op], start: int, value: Cast, uses: Counter[Value]) -> int | None:
    """Index of the `dec_ref` of `value`, when the variable that it came from lives until then."""
    seen = 0
    for index in range(start, len(ops)):
        op = ops[index]
        if isinstance(op, DecRef):
            if op.src is value:
                return index if seen + 1 == uses[value] else None
            if op.src is value.src:
                return None
        if isinstance(op, Assign) and op.dest is value.src:
            return None
        if value in op.stolen() or value.src in op.stolen():
            return None
        seen += sum(source is value for source in op.sources())
    return None
