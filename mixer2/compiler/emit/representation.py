"""How values of the IR's types lie in Wasm locals and in linear memory.

A tuple of the IR (`RTuple`, a C struct) becomes one local per item, recursively. In memory it
lies as the C compiler lays out the struct, since the run-time returns such structs.
"""

import struct
from dataclasses import dataclass

from mypyc.ir.rtypes import (
    RPrimitive,
    RTuple,
    RType,
    is_bool_or_bit_rprimitive,
    is_float_rprimitive,
    is_none_rprimitive,
    is_tagged,
)

from mixer2.compiler import layout
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import F64, I32, I64


@dataclass(frozen=True, slots=True)
class Scalar:
    """One machine value: its local's type, and its load, store and size in memory."""

    local: int
    load: bytes
    store: bytes
    size: int


TAGGED = Scalar(I64, opcodes.I64_LOAD, opcodes.I64_STORE, 8)
POINTER = Scalar(I32, opcodes.I32_LOAD, opcodes.I32_STORE, 4)
BYTE = Scalar(I32, opcodes.I32_LOAD8_U, opcodes.I32_STORE8, 1)

_BY_C_TYPE = {
    "CPyTagged": TAGGED,
    "int64_t": TAGGED,
    "uint64_t": TAGGED,
    "int32_t": POINTER,
    "uint32_t": POINTER,
    "int16_t": Scalar(I32, opcodes.I32_LOAD16_S, opcodes.I32_STORE16, 2),
    "uint16_t": Scalar(I32, opcodes.I32_LOAD16_U, opcodes.I32_STORE16, 2),
    "uint8_t": BYTE,
    "char": BYTE,
    "double": Scalar(F64, opcodes.F64_LOAD, opcodes.F64_STORE, 8),
}


def c_type(rtype: RPrimitive) -> str:
    """The C type that mypyc gives a primitive; the only place that says its width and sign."""
    return rtype._ctype  # noqa: SLF001


def scalar(rtype: RType) -> Scalar:
    """The machine value of a type that is not a tuple."""
    if isinstance(rtype, RPrimitive):
        return _BY_C_TYPE.get(c_type(rtype), POINTER)
    return POINTER


def scalars(rtype: RType) -> list[RType]:
    """The scalar types that a type consists of, in order."""
    if isinstance(rtype, RTuple):
        # An empty tuple still needs one value, to say that it is an error.
        return [s for item in rtype.types for s in scalars(item)] or [_EMPTY_TUPLE_FLAG]
    return [rtype]


_EMPTY_TUPLE_FLAG = RPrimitive("i32", is_unboxed=True, is_refcounted=False, ctype="int32_t", size=4)


def local_types(rtype: RType) -> list[int]:
    """Types of the locals that hold a value of this type."""
    return [scalar(item).local for item in scalars(rtype)]


def offsets(rtype: RType, start: int = 0) -> tuple[list[int], int]:
    """Where the scalars of a type lie by C's rules, from `start`; and the offset behind them."""
    if not isinstance(rtype, RTuple):
        size = scalar(rtype).size
        offset = align(start, size)
        return [offset], offset + size
    found: list[int] = []
    position = align(start, alignment(rtype))
    for item in rtype.types:
        inner, position = offsets(item, position)
        found.extend(inner)
    if not rtype.types:
        return [position], position + 4
    return found, align(position, alignment(rtype))


def alignment(rtype: RType) -> int:
    """Alignment in bytes."""
    return max(scalar(item).size for item in scalars(rtype))


def align(offset: int, to: int) -> int:
    """The next multiple of `to`."""
    return -(-offset // to) * to


# Ints whose error value is mypyc's -113, also where it says that nothing overlaps: a generator
# keeps the index of a loop so.
_MAGIC = frozenset({"int16_t", "int32_t", "int64_t"})


def error_constant(rtype: RType) -> bytes:
    """Code that pushes the error value of a scalar type."""
    if isinstance(rtype, RPrimitive):
        if is_tagged(rtype):
            return opcodes.I64_CONST + leb128.signed(layout.TAGGED_ERROR)
        if is_float_rprimitive(rtype):
            return opcodes.F64_CONST + struct.pack("<d", layout.FLOAT_ERROR)
        if is_bool_or_bit_rprimitive(rtype) or is_none_rprimitive(rtype):
            return opcodes.I32_CONST + leb128.signed(layout.BOOL_ERROR)
        if rtype.error_overlap or c_type(rtype) in _MAGIC:
            # Fixed-width integers: mypyc's -113, cut to the width of unsigned ones.
            value = -113
            kind = scalar(rtype)
            if c_type(rtype).startswith("uint"):
                value &= (1 << 8 * kind.size) - 1
                if kind.size in (4, 8) and value >= 1 << (8 * kind.size - 1):
                    value -= 1 << 8 * kind.size
            const = opcodes.I64_CONST if kind.local == I64 else opcodes.I32_CONST
            return const + leb128.signed(value)
    return opcodes.I32_CONST + b"\x00"


_EQUAL = {I32: opcodes.I32_EQ, I64: opcodes.I64_EQ, F64: opcodes.F64_EQ}


def error_bytes(rtype: RType) -> bytes:
    """The error value of a scalar type as it lies in memory."""
    size = scalar(rtype).size
    if isinstance(rtype, RPrimitive):
        if is_tagged(rtype):
            return layout.TAGGED_ERROR.to_bytes(size, "little")
        if is_float_rprimitive(rtype):
            return struct.pack("<d", layout.FLOAT_ERROR)
        if is_bool_or_bit_rprimitive(rtype) or is_none_rprimitive(rtype):
            return bytes([layout.BOOL_ERROR])
        if rtype.error_overlap or c_type(rtype) in _MAGIC:
            return (-113 & (1 << 8 * size) - 1).to_bytes(size, "little")
    return bytes(size)


def error_test(rtype: RType) -> bytes:
    """Code that turns a scalar on the stack into 1 if it is the error value, else 0."""
    constant = error_constant(rtype)
    if constant == opcodes.I32_CONST + b"\x00":
        return opcodes.I32_EQZ
    return constant + _EQUAL[scalar(rtype).local]


def error_item(rtype: RType) -> int:
    """Index of the scalar that tells whether a value is an error: mypyc's choice."""
    if not isinstance(rtype, RTuple) or not rtype.types:
        return 0
    position = 0
    for item in rtype.types:
        if rtype.error_overlap or not item.error_overlap:
            return position + error_item(item)
        position += len(scalars(item))
    raise AssertionError("a tuple of overlapping items that does not overlap")
