"""Variables that nobody reads: mypyc takes `_` for an object, and boxes an int for it each time.

for _ in range(3):
    r4 = box(short_int, r1)
    _ = r4                        nothing of this is left
    dec_ref _
"""

from collections import Counter

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import Assign, Box, DecRef, IncRef, Register
from mypyc.ir.rtypes import is_tagged

from mixer2.compiler.passes.values import all_ops, drop_unused_boxes, remove_ops


def drop_unread_ints(function: FuncIR) -> None:
    """Do not box ints for variables that nobody reads."""
    ops = all_ops(function)
    uses = Counter(
        source for op in ops if not isinstance(op, DecRef | IncRef) for source in op.sources()
    )
    values: dict[Register, list[Assign]] = {}
    for op in ops:
        if isinstance(op, Assign) and isinstance(op.dest, Register):
            values.setdefault(op.dest, []).append(op)
    unread = {
        register
        for register, assigned in values.items()
        if not uses[register]
        and register not in function.arg_regs
        and all(_is_boxed_int(op) and uses[op.src] == 1 for op in assigned)
    }
    if unread:
        remove_ops(
            function,
            lambda op: (
                (isinstance(op, Assign) and op.dest in unread)
                or (isinstance(op, DecRef | IncRef) and op.src in unread)
            ),
        )
        drop_unused_boxes(function)


def _is_boxed_int(op: Assign) -> bool:
    return isinstance(op.src, Box) and is_tagged(op.src.src.type)
