"""Ints that are boxed and unboxed again: the loops over bytes do that with every byte.

r10 = box(int, r9)
r11 = unbox(int, r10)             r11 is r9, and nothing is allocated
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import Register, Unbox, Value
from mypyc.ir.rtypes import is_tagged

from mixer2.compiler.passes.values import (
    all_ops,
    drop_unused_boxes,
    never_fail,
    remove_ops,
    replace_values,
    unboxed_int,
)


def unbox_what_was_boxed(function: FuncIR) -> None:
    """Use ints as they were before they were boxed."""
    unboxed: dict[Value, Value] = {}
    for op in all_ops(function):
        if not isinstance(op, Unbox) or not is_tagged(op.type):
            continue
        value = unboxed_int(op.src)
        # A variable may have changed since.
        if value is None or isinstance(value, Register):
            continue
        unboxed[op] = value
    if unboxed:
        never_fail(function, unboxed.keys())
        replace_values(function, unboxed)
        remove_ops(function, unboxed.__contains__)
        drop_unused_boxes(function)
