"""Primitives that are written out where they stand, instead of called.

Everywhere those that take about as many bytes as their call; in loops, where speed counts, also the
common case of others, with the call for the rest.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mypyc.ir.ops import CallC, Integer, Value

from mixer2.compiler import layout
from mixer2.compiler.emit import representation
from mixer2.compiler.emit.ascii_sizes import push_is_ascii
from mixer2.compiler.emit.ops.skipping import skip
from mixer2.compiler.passes.skipping import SKIP, SKIP_BYTES
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I64

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter

_BYTE_AS_I64 = representation.Scalar(I64, opcodes.I64_LOAD8_U, b"", 1)

_U32_AS_I64 = representation.Scalar(I64, opcodes.I64_LOAD32_U, b"", 4)


def write_out(e: "FunctionEmitter", op: CallC) -> bool:
    """Emit a primitive without a call of it, if that is better; whether it was."""
    writers = _IN_LOOPS if e.is_in_loop else _EVERYWHERE
    writer = writers.get(op.function_name)
    return writer is not None and writer(e, op)


def _range_check(e: "FunctionEmitter", op: CallC) -> bool:
    """0 <= index < size: a negative index is a large one without sign."""
    e.push(op.args[1], op.args[0])
    e.code.load(representation.TAGGED, layout.VAR_SIZE)
    e.code.emit(opcodes.I64_LT_U)
    e.result(op)
    return True


def _byte(e: "FunctionEmitter", op: CallC) -> bool:
    """The byte at an index that is in range, as a tagged int."""
    e.push(op.args[0], op.args[1])
    e.code.emit(opcodes.I32_WRAP_I64, opcodes.I32_ADD)
    _load_byte(e)
    e.result(op)
    return True


def _adjusted_index(e: "FunctionEmitter", op: CallC) -> bool:
    """An index from the end where it is negative: all bits of the size, or none, are added."""
    data, index = (e.operands.local(value) for value in op.args)
    e.operands.flush()
    e.code.get(index)
    e.code.get(index)
    e.code.const64(63)
    e.code.emit(opcodes.I64_SHR_S)
    e.code.get(data)
    e.code.load(representation.TAGGED, layout.VAR_SIZE)
    e.code.emit(opcodes.I64_AND, opcodes.I64_ADD)
    e.result(op)
    return True


def _load_byte(e: "FunctionEmitter") -> None:
    e.code.load(_BYTE_AS_I64, layout.STR_DATA)
    e.code.const64(1)
    e.code.emit(opcodes.I64_SHL)


def _checked_byte(e: "FunctionEmitter", op: CallC) -> bool:
    """The byte at a tagged index; the call is for what is negative or out of range."""
    data, index = (e.operands.local(value) for value in op.args)
    e.operands.flush()
    place = e.code.new_local(I64)
    e.code.get(index)
    e.code.const64(1)
    e.code.emit(opcodes.I64_SHR_S)
    e.code.tee(place)
    e.code.get(data)
    e.code.load(representation.TAGGED, layout.VAR_SIZE)
    e.code.emit(opcodes.I64_LT_U)
    _byte_or_call(e, op, data, place, index)
    return True


def _character(e: "FunctionEmitter", op: CallC) -> bool:
    """The code point at an index; the call is for text beyond ASCII, and what is out of range."""
    text, index = (e.operands.local(value) for value in op.args)
    size = e.ascii_sizes.of(op.args[0])
    e.operands.flush()
    e.code.get(index)
    if size is not None:
        e.code.get(size)
        e.code.emit(opcodes.I64_LT_U)
    else:
        e.code.get(text)
        e.code.load(representation.TAGGED, layout.VAR_SIZE)
        e.code.emit(opcodes.I64_LT_U)
        push_is_ascii(e, text)
        e.code.emit(opcodes.I32_AND)
    _byte_or_call(e, op, text, index, index)
    return True


def _code_point(e: "FunctionEmitter", op: CallC) -> bool:
    """The code point at an index that is in range; the call is for text beyond ASCII."""
    text, index = (e.operands.local(value) for value in op.args)
    size = e.ascii_sizes.of(op.args[0])
    e.operands.flush()
    if size is not None:
        e.code.get(index)
        e.code.get(size)
        e.code.emit(opcodes.I64_LT_U)
    else:
        push_is_ascii(e, text)
    _byte_or_call(e, op, text, index, index)
    return True


def _byte_or_call(e: "FunctionEmitter", op: CallC, data: int, place: int, index: int) -> None:
    """Where the stack says so, the byte at `place`; otherwise what the call says of `index`.

    Arguments are numbers of locals: an object with bytes, an i64, and what the call takes as index.
    """
    e.code.emit(opcodes.IF_I64)
    e.code.get(data)
    e.code.get(place)
    e.code.emit(opcodes.I32_WRAP_I64, opcodes.I32_ADD)
    _load_byte(e)
    e.code.emit(opcodes.ELSE)
    e.code.get(data)
    e.code.get(index)
    e.call(op.function_name)
    e.code.emit(opcodes.END)
    e.result(op)


def _text_range_check(e: "FunctionEmitter", op: CallC) -> bool:
    """0 <= index < length, as for bytes."""
    e.push(op.args[1], op.args[0])
    e.code.load(_U32_AS_I64, layout.STR_LENGTH)
    e.code.emit(opcodes.I64_LT_U)
    e.result(op)
    return True


def _text_length(e: "FunctionEmitter", op: CallC) -> bool:
    e.push(op.args[0])
    e.code.load(_U32_AS_I64, layout.STR_LENGTH)
    e.result(op)
    return True


def _text_truth(e: "FunctionEmitter", op: CallC) -> bool:
    e.push(op.args[0])
    e.code.load(representation.TAGGED, layout.VAR_SIZE)
    e.code.const64(0)
    e.code.emit(opcodes.I64_NE)
    e.result(op)
    return True


def _sum(
    operator: bytes, overflows: dict[bool, bytes]
) -> Callable[["FunctionEmitter", CallC], bool]:
    """Adding or subtracting a constant: the result is on the other side when it overflowed."""

    def emit(e: "FunctionEmitter", op: CallC) -> bool:
        left, right = op.args
        if not isinstance(right, Integer):
            return False
        local = e.operands.local(left)
        e.operands.flush()
        result = _target(e, op)
        e.code.get(local)
        e.code.const64(right.value)
        e.code.emit(operator)
        e.code.tee(result)
        e.code.get(local)
        e.code.emit(overflows[right.value >= 0], opcodes.IF)
        e.call("tagged_overflow")
        e.code.set(result)
        e.code.emit(opcodes.END)
        return True

    return emit


def _target(e: "FunctionEmitter", op: Value) -> int:
    """The local that an op's result is put into."""
    (local,) = e.operands.locals_of(op)
    return local


_EVERYWHERE: dict[str, Callable[["FunctionEmitter", CallC], bool]] = {
    "CPyBytes_RangeCheck": _range_check,
    "CPyBytes_GetItemUnsafe": _byte,
    "CPyStr_RangeCheck": _text_range_check,
    SKIP: skip,
    SKIP_BYTES: skip,
}
_IN_LOOPS = {
    **_EVERYWHERE,
    "CPyBytes_AdjustIndex": _adjusted_index,
    "CPyBytes_GetItem": _checked_byte,
    "CPyStr_GetItemUnsafeAsInt": _code_point,
    "CPyStr_Size_size_t": _text_length,
    "CPyStr_IsTrue": _text_truth,
    "str_character": _character,
    "CPyTagged_Add": _sum(opcodes.I64_ADD, {True: opcodes.I64_LT_S, False: opcodes.I64_GT_S}),
    "CPyTagged_Subtract": _sum(opcodes.I64_SUB, {True: opcodes.I64_GT_S, False: opcodes.I64_LT_S}),
}
