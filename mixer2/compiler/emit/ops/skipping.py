"""Passing over characters of a text, or over bytes (passes/skipping.py)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mypyc.ir.ops import CallC, Integer, Value
from mypyc.ir.rtypes import is_tagged

from mixer2.compiler import layout
from mixer2.compiler.emit import representation
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import I32, I64

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter

_BYTE = representation.Scalar(I32, opcodes.I32_LOAD8_U, b"", 1)
_WORD = representation.Scalar(I64, opcodes.I64_LOAD_UNALIGNED, b"", 8)
_WORD_SIZE = 8
_BYTES = 0x0101010101010101
_HIGH = 0x80


def skip(e: "FunctionEmitter", op: CallC) -> bool:
    """The place of the next character that stops the loop, but not behind the last.

    Arguments are the text, a place, what lies behind the last place, and the first and the last of
    each group of characters that stop the loop.
    """
    text, start, limit, *bounds = op.args
    numbers = [bound.value for bound in bounds if isinstance(bound, Integer)]
    object_, place = e.operands.local(text), e.operands.local(start)
    (result,) = e.operands.locals_of(op)
    e.operands.flush()
    size = _size(e, text, object_)
    code, last = e.code, e.code.new_local(I64)
    at, end = code.new_local(I32), code.new_local(I32)
    code.get(place)
    code.tee(result)
    _untag(e, op)
    code.get(size)
    # A negative place is a large one without sign.
    code.emit(opcodes.I64_LT_U, opcodes.IF)
    e.push(limit)
    _untag(e, op)
    code.const64(1)
    code.emit(opcodes.I64_SUB)
    code.tee(last)
    code.get(size)
    code.get(last)
    code.get(size)
    code.emit(opcodes.I64_LT_S, opcodes.SELECT)
    _push_address(e, object_)
    code.set(end)
    code.get(result)
    _untag(e, op)
    _push_address(e, object_)
    code.set(at)
    _emit_loops(e, at, end, list(zip(numbers[::2], numbers[1::2], strict=True)))
    code.get(at)
    code.get(object_)
    code.emit(opcodes.I32_SUB, opcodes.I64_EXTEND_I32_U)
    if is_tagged(op.type):
        code.const64(1)
        code.emit(opcodes.I64_SHL)
    code.set(result)
    code.emit(opcodes.END)
    return True


def _size(e: "FunctionEmitter", text: Value, object_: int) -> int:
    """A local with how many characters can be passed over in place."""
    size = e.ascii_sizes.of(text)
    if size is None:
        size = e.code.new_local(I64)
        e.code.get(object_)
        e.code.load(representation.TAGGED, layout.VAR_SIZE)
        e.code.set(size)
    return size


def _untag(e: "FunctionEmitter", op: CallC) -> None:
    if is_tagged(op.type):
        e.code.const64(1)
        e.code.emit(opcodes.I64_SHR_S)


def _push_address(e: "FunctionEmitter", object_: int) -> None:
    """Replace a place by its address, less the offset of the first."""
    e.code.emit(opcodes.I32_WRAP_I64)
    e.code.get(object_)
    e.code.emit(opcodes.I32_ADD)


def _emit_loops(e: "FunctionEmitter", at: int, end: int, groups: Sequence[tuple[int, int]]) -> None:
    """Move `at` on to a byte of one of the groups, or to `end`; eight bytes at a time first."""
    code = e.code
    code.emit(opcodes.BLOCK)
    if all(first in (0, last) and last < _HIGH for first, last in groups):
        _emit_word_loop(e, at, end, groups)
    _emit_byte_loop(e, at, end, groups)
    code.emit(opcodes.END)


def _emit_word_loop(
    e: "FunctionEmitter", at: int, end: int, groups: Sequence[tuple[int, int]]
) -> None:
    code = e.code
    word, found, ones = (code.new_local(I64) for _ in range(3))
    code.const64(_BYTES)
    code.set(ones)
    code.emit(opcodes.BLOCK, opcodes.LOOP)
    code.get(end)
    code.get(at)
    code.emit(opcodes.I32_SUB)
    code.const(_WORD_SIZE)
    code.emit(opcodes.I32_LT_U, _leave(1))
    code.get(at)
    code.load(_WORD, layout.STR_DATA)
    code.set(word)
    for number, (first, last) in enumerate(groups):
        _push_matches(e, word, ones, first, last)
        if number:
            code.emit(opcodes.I64_OR)
    code.const64(_signed(_BYTES * _HIGH))
    code.emit(opcodes.I64_AND)
    code.tee(found)
    code.emit(opcodes.I64_EQZ, opcodes.IF)
    code.get(at)
    code.const(_WORD_SIZE)
    code.emit(opcodes.I32_ADD)
    code.set(at)
    code.emit(opcodes.BR, leb128.unsigned(1), opcodes.END)
    code.get(at)
    code.get(found)
    code.emit(opcodes.I64_CTZ, opcodes.I32_WRAP_I64)
    code.const(3)
    code.emit(opcodes.I32_SHR_U, opcodes.I32_ADD)
    code.set(at)
    code.emit(opcodes.BR, leb128.unsigned(2), opcodes.END, opcodes.END)


def _push_matches(e: "FunctionEmitter", word: int, ones: int, first: int, last: int) -> None:
    """Push a word with the high bits of the bytes of a group; above the lowest others may be, too.

    Source: S. E. Anderson, "Bit Twiddling Hacks": a zero byte, a byte less than n.
    """
    code = e.code
    code.get(word)
    if first == last:
        compared = code.new_local(I64)
        code.const64(_signed(_BYTES * first))
        code.emit(opcodes.I64_XOR)
        code.tee(compared)
        code.get(ones)
    else:
        compared = word
        code.const64(_signed(_BYTES * (last + 1)))
    code.emit(opcodes.I64_SUB)
    code.get(compared)
    code.const64(-1)
    code.emit(opcodes.I64_XOR, opcodes.I64_AND)


def _emit_byte_loop(
    e: "FunctionEmitter", at: int, end: int, groups: Sequence[tuple[int, int]]
) -> None:
    code, byte = e.code, e.code.new_local(I32)
    code.emit(opcodes.LOOP)
    code.get(at)
    code.get(end)
    code.emit(opcodes.I32_GE_U, _leave(1))
    code.get(at)
    code.load(_BYTE, layout.STR_DATA)
    code.set(byte)
    for first, last in groups:
        code.get(byte)
        if first == last:
            code.const(first)
            code.emit(opcodes.I32_EQ, _leave(1))
            continue
        if first:
            code.const(first)
            code.emit(opcodes.I32_SUB)
        code.const(last - first + 1)
        code.emit(opcodes.I32_LT_U, _leave(1))
    code.get(at)
    code.const(1)
    code.emit(opcodes.I32_ADD)
    code.set(at)
    code.emit(opcodes.BR, leb128.unsigned(0), opcodes.END)


def _leave(depth: int) -> bytes:
    return opcodes.BR_IF + leb128.unsigned(depth)


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word
