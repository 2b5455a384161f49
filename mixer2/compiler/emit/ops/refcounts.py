"""Reference counts.

Ints are never on the heap here, so counting an int does nothing. References to static objects are
not counted where they are taken, but where they are dropped: the counts of static objects sink
(memory.h). An increment is a call, except in loops: there speed counts, elsewhere size.
"""

from collections.abc import Container
from typing import TYPE_CHECKING

from mypyc.ir.ops import Box, DecRef, IncRef, KeepAlive, LoadLiteral, Unborrow, Value
from mypyc.ir.rtypes import RType, is_bool_or_bit_rprimitive, is_none_rprimitive, is_tagged

from mixer2.compiler import layout
from mixer2.compiler.emit import representation
from mixer2.compiler.emit.emitting import Emitting
from mixer2.compiler.wasm import opcodes

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter


def is_counted(rtype: RType) -> bool:
    """Whether a scalar type is a counted reference."""
    return rtype.is_refcounted and not is_tagged(rtype)


def emit_inc_ref(e: "FunctionEmitter", op: IncRef) -> None:
    """Add a reference to each counted scalar."""
    for local in counted_locals(e, op.src):
        inc_ref(e, local)


def emit_dec_ref(e: "FunctionEmitter", op: DecRef) -> None:
    """Drop a reference; `is_xdec` when it may be NULL."""
    counted = [s for s in representation.scalars(op.src.type) if is_counted(s)]
    if counted == [op.src.type]:
        e.push(op.src)
        e.call("CPy_XDecRef" if op.is_xdec else "CPy_DecRef")
        return
    for local in counted_locals(e, op.src):
        e.code.get(local)
        e.call("CPy_XDecRef" if op.is_xdec else "CPy_DecRef")


def emit_keep_alive(e: "FunctionEmitter", op: KeepAlive) -> None:
    """Nothing: the order of ops is kept."""


def emit_unborrow(e: "FunctionEmitter", op: Unborrow) -> None:
    """The same value, owned from here."""
    e.push(op.src)
    if len(representation.scalars(op.type)) == 1:
        e.result(op)
    else:
        e.operands.results(op)


def counted_locals(e: "FunctionEmitter", value: Value) -> list[int]:
    """Locals of the counted scalars of a value."""
    scalars = representation.scalars(value.type)
    if not any(is_counted(s) for s in scalars):
        return []
    if len(scalars) == 1:
        return [e.operands.local(value)]
    e.operands.flush()
    locals_ = e.locals_of(value)
    return [local for local, s in zip(locals_, scalars, strict=True) if is_counted(s)]


def inc_ref(e: Emitting, local: int) -> None:
    """Add one to the count of the object in a local. It is not NULL."""
    e.code.get(local)
    if not e.is_in_loop:
        e.call("CPy_IncRef")
        return
    e.code.get(local)
    e.code.load(representation.POINTER, layout.REFCOUNT)
    e.code.const(1)
    e.code.emit(opcodes.I32_ADD)
    e.code.store(representation.POINTER, layout.REFCOUNT)


def own_result(e: "FunctionEmitter", op: Value) -> None:
    """A scalar result of `op` lies on the stack: take it, with a reference of its own."""
    if e.is_in_loop:
        e.result(op)
        inc_ref(e, e.operands.local(op))
    else:
        e.call("new_reference")
        e.result(op)


def is_static(value: Value, known: Container[Value]) -> bool:
    """Whether a value is an object in static data: those are not counted.

    Args:
        value: Any value.
        known: The values that are always the same static object.
    """
    if isinstance(value, Box):
        return is_bool_or_bit_rprimitive(value.src.type) or is_none_rprimitive(value.src.type)
    if isinstance(value, LoadLiteral):
        # A frozenset is made when it is first used.
        return not isinstance(value.value, frozenset)
    return value in known
