"""Unboxed tuples: their items are locals."""

from typing import TYPE_CHECKING

from mypyc.ir.ops import TupleGet, TupleSet
from mypyc.ir.rtypes import RTuple

from mixer2.compiler.emit import representation
from mixer2.compiler.emit.ops import refcounts

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter


def emit_tuple_set(e: "FunctionEmitter", op: TupleSet) -> None:
    """Make a tuple of its items; their references go with them."""
    e.operands.flush()
    if op.items:
        e.push(*op.items)
    else:
        e.code.const(0)
    e.operands.results(op)


def emit_tuple_get(e: "FunctionEmitter", op: TupleGet) -> None:
    """Take an item out."""
    e.operands.flush()
    rtype = op.src.type
    assert isinstance(rtype, RTuple)
    start = sum(len(representation.scalars(item)) for item in rtype.types[: op.index])
    count = len(representation.scalars(op.type))
    for local in e.locals_of(op.src)[start : start + count]:
        e.code.get(local)
    e.operands.results(op)
    if not op.is_borrowed:
        for local in refcounts.counted_locals(e, op):
            refcounts.inc_ref(e, local)
