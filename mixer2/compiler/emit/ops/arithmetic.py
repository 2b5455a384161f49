"""Machine arithmetic: fixed-width and tagged integers, floats, comparisons, widths."""

from typing import TYPE_CHECKING

from mypyc.ir.ops import (
    ComparisonOp,
    Extend,
    FloatComparisonOp,
    FloatNeg,
    FloatOp,
    IntOp,
    Truncate,
    Value,
)
from mypyc.ir.rtypes import RPrimitive, RType

from mixer2.compiler.emit import representation
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import F64, I32, I64

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter

# Opcodes for i32; i64 arithmetic lies 0x12 further, i64 comparisons 0x0b.
_INT_OPS = {
    IntOp.ADD: 0x6A,
    IntOp.SUB: 0x6B,
    IntOp.MUL: 0x6C,
    IntOp.AND: 0x71,
    IntOp.OR: 0x72,
    IntOp.XOR: 0x73,
    IntOp.LEFT_SHIFT: 0x74,
}
_DIVIDE = {IntOp.DIV: (0x6D, 0x6E), IntOp.MOD: (0x6F, 0x70), IntOp.RIGHT_SHIFT: (0x75, 0x76)}
_COMPARISONS = {
    ComparisonOp.EQ: 0x46,
    ComparisonOp.NEQ: 0x47,
    ComparisonOp.SLT: 0x48,
    ComparisonOp.ULT: 0x49,
    ComparisonOp.SGT: 0x4A,
    ComparisonOp.UGT: 0x4B,
    ComparisonOp.SLE: 0x4C,
    ComparisonOp.ULE: 0x4D,
    ComparisonOp.SGE: 0x4E,
    ComparisonOp.UGE: 0x4F,
}
_FLOAT_OPS = {FloatOp.ADD: 0xA0, FloatOp.SUB: 0xA1, FloatOp.MUL: 0xA2, FloatOp.DIV: 0xA3}
_FLOAT_COMPARISONS = {
    FloatComparisonOp.EQ: 0x61,
    FloatComparisonOp.NEQ: 0x62,
    FloatComparisonOp.LT: 0x63,
    FloatComparisonOp.GT: 0x64,
    FloatComparisonOp.LE: 0x65,
    FloatComparisonOp.GE: 0x66,
}


def _push_as(e: "FunctionEmitter", left: Value, right: Value, local: int) -> None:
    """Push two integers, widened or cut to one width where the IR mixes pointers and sizes."""
    kinds = [representation.scalar(value.type).local for value in (left, right)]
    if kinds == [local, local]:
        e.push(left, right)
        return
    e.operands.flush()
    for value, kind in zip((left, right), kinds, strict=True):
        e.push(value)
        if kind != local:
            e.code.emit(opcodes.I32_WRAP_I64 if local == I32 else opcodes.I64_EXTEND_I32_S)


def emit_int_op(e: "FunctionEmitter", op: IntOp) -> None:
    """Add, multiply, shift..: without overflow checks, which the IR makes itself."""
    kind = representation.scalar(op.type)
    wide = 0x12 if kind.local == I64 else 0
    _push_as(e, op.lhs, op.rhs, kind.local)
    if op.op in _DIVIDE:
        signed, unsigned = _DIVIDE[op.op]
        e.code.emit(bytes([(signed if _is_signed(op.type) else unsigned) + wide]))
    else:
        e.code.emit(bytes([_INT_OPS[op.op] + wide]))
    _cut(e, op.type)
    e.result(op)


def _is_signed(rtype: RType) -> bool:
    return not (isinstance(rtype, RPrimitive) and representation.c_type(rtype).startswith("uint"))


def _cut(e: "FunctionEmitter", rtype: RType) -> None:
    """Bring a result in an i32 back to its type's 8 or 16 bits."""
    size = representation.scalar(rtype).size
    if size == 2:
        if _is_signed(rtype):
            e.code.emit(opcodes.I32_EXTEND16_S)
        else:
            e.code.const(0xFFFF)
            e.code.emit(b"\x71")
    elif size == 1 and not _is_signed(rtype):
        e.code.const(0xFF)
        e.code.emit(b"\x71")


def emit_comparison(e: "FunctionEmitter", op: ComparisonOp) -> None:
    """Compare two integers or pointers."""
    local = representation.scalar(op.lhs.type).local
    if local == F64:
        # Whether a float may be the error value.
        e.push(op.lhs, op.rhs)
        e.code.emit(b"\x61" if op.op == ComparisonOp.EQ else b"\x62")
    elif op.op in (ComparisonOp.EQ, ComparisonOp.NEQ) and local == I32 and _is_zero(op.rhs):
        e.push(op.lhs)
        e.code.emit(opcodes.I32_EQZ)
        if op.op == ComparisonOp.NEQ:
            e.code.emit(opcodes.I32_EQZ)
    else:
        _push_as(e, op.lhs, op.rhs, local)
        e.code.emit(bytes([_COMPARISONS[op.op] + (0x0B if local == I64 else 0)]))
    e.result(op)


def _is_zero(value: Value) -> bool:
    return getattr(value, "value", None) == 0 and type(value).__name__ == "Integer"


def emit_truncate(e: "FunctionEmitter", op: Truncate) -> None:
    """Keep the low bits."""
    source, target = representation.scalar(op.src.type), representation.scalar(op.type)
    e.push(op.src)
    if source.local == I64 and target.local == I32:
        e.code.emit(opcodes.I32_WRAP_I64)
    _cut(e, op.type)
    e.result(op)


def emit_extend(e: "FunctionEmitter", op: Extend) -> None:
    """Widen, with or without sign."""
    source, target = representation.scalar(op.src.type), representation.scalar(op.type)
    e.push(op.src)
    if source.local == I32 and target.local == I64:
        signed = op.signed and source.size == 4
        e.code.emit(opcodes.I64_EXTEND_I32_S if signed else opcodes.I64_EXTEND_I32_U)
        if op.signed and source.size == 2:
            e.code.emit(b"\xc3")
    e.result(op)


def emit_float_op(e: "FunctionEmitter", op: FloatOp) -> None:
    """Float arithmetic; the IR tests for division by zero itself."""
    e.push(op.lhs, op.rhs)
    if op.op == FloatOp.MOD:
        e.call("fmod")
    else:
        e.code.emit(bytes([_FLOAT_OPS[op.op]]))
    e.result(op)


def emit_float_neg(e: "FunctionEmitter", op: FloatNeg) -> None:
    """Change the sign."""
    e.push(op.src)
    e.code.emit(opcodes.F64_NEG)
    e.result(op)


def emit_float_comparison(e: "FunctionEmitter", op: FloatComparisonOp) -> None:
    """Compare two floats; NaN as IEEE 754 says."""
    e.push(op.lhs, op.rhs)
    e.code.emit(bytes([_FLOAT_COMPARISONS[op.op]]))
    e.result(op)
