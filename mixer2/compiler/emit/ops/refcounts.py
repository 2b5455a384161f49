"""Reference counts. Ints are never on the heap here, so counting an int does nothing."""

from typing import TYPE_CHECKING

from mypyc.ir.ops import DecRef, IncRef, KeepAlive, Unborrow, Value
from mypyc.ir.rtypes import RType, is_tagged

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
    e.code.get(local)
    e.code.load(representation.POINTER, layout.REFCOUNT)
    e.code.const(1)
    e.code.emit(opcodes.I32_ADD)
    e.code.store(representation.POINTER, layout.REFCOUNT)
