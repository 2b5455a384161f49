"""Ints that are boxed and unboxed again: the loops over bytes do that with every byte.

r10 = box(int, r9)
r11 = unbox(int, r10)             r11 is r9, and nothing is allocated
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import Register, Unbox
from mypyc.ir.rtypes import is_tagged

from mixer2.compiler.passes.values import (
    all_ops,
    drop_unused_boxes,
    never_fails,
    remove_ops,
    replace_value,
    unboxed_int,
)


def unbox_what_was_boxed(function: FuncIR) -> None:
    """Use ints as they were before they were boxed."""
    unneeded = set()
    for op in all_ops(function):
        if not isinstance(op, Unbox) or not is_tagged(op.type):
            continue
        value = unboxed_int(op.src)
        # A variable may have changed since.
        if value is None or isinstance(value, Register):
            continue
        never_fails(function, op)
        replace_value(function, op, value)
        unneeded.add(op)
    if unneeded:
        remove_ops(function, lambda op: op in unneeded)
        drop_unused_boxes(function)
