"""Between machine values and objects, and from one static type to another."""

from typing import TYPE_CHECKING

from mypyc.ir.ops import Box, Cast, Integer, Unbox
from mypyc.ir.rtypes import (
    RInstance,
    RPrimitive,
    RTuple,
    RType,
    RUnion,
    is_bool_or_bit_rprimitive,
    is_float_rprimitive,
    is_none_rprimitive,
    is_object_rprimitive,
    is_tagged,
)

from mixer2.compiler import layout
from mixer2.compiler.emit import representation
from mixer2.compiler.emit.emitting import Emitting
from mixer2.compiler.emit.ops import refcounts
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I32

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter

# Type objects of the run-time, by the IR's name of the type.
TYPE_OBJECTS = {
    "builtins.str": "PyUnicode_Type",
    "builtins.bytes": "PyBytes_Type",
    "builtins.bytearray": "PyByteArray_Type",
    "builtins.memoryview": "PyMemoryView_Type",
    "builtins.list": "PyList_Type",
    "builtins.dict": "PyDict_Type",
    "builtins.set": "PySet_Type",
    "builtins.frozenset": "PyFrozenSet_Type",
    "builtins.tuple": "PyTuple_Type",
    "builtins.range": "PyRange_Type",
    "builtins.int": "PyLong_Type",
    "builtins.bool": "PyBool_Type",
    "builtins.float": "PyFloat_Type",
    "builtins.None": "NoneType_Type",
}

_FIXED_WIDTH = {
    "i64": ("CPyLong_AsInt64", "PyLong_FromLongLong"),
    "i32": ("CPyLong_AsInt32", "PyLong_FromLong"),
    "i16": ("CPyLong_AsInt16", "PyLong_FromLong"),
    "u8": ("CPyLong_AsUInt8", "PyLong_FromLong"),
    "native_int": ("CPyLong_AsInt64", "PyLong_FromLongLong"),
}


def emit_box(e: "FunctionEmitter", op: Box) -> None:
    """A machine value as an object."""
    rtype = op.src.type
    if isinstance(rtype, RTuple):
        e.operands.flush()
        box_locals(e, rtype, e.locals_of(op.src))
    elif is_bool_or_bit_rprimitive(rtype) and isinstance(op.src, Integer):
        e.operands.alias(op, "_Py_TrueStruct" if op.src.value else "_Py_FalseStruct")
        return
    else:
        e.push(op.src)
        box_scalar(e, rtype)
    e.result(op)


def box_scalar(e: Emitting, rtype: RType) -> None:
    """Replace the scalar on the stack by an object that the caller owns."""
    if is_tagged(rtype):
        e.call("CPyTagged_StealAsObject")
    elif is_bool_or_bit_rprimitive(rtype):
        condition = e.code.new_local(I32)
        e.code.set(condition)
        e.code.address("_Py_TrueStruct")
        e.code.address("_Py_FalseStruct")
        e.code.get(condition)
        e.code.emit(opcodes.SELECT)
    elif is_none_rprimitive(rtype):
        e.code.emit(opcodes.DROP)
        e.code.address("_Py_NoneStruct")
    elif is_float_rprimitive(rtype):
        e.call("PyFloat_FromDouble")
    elif isinstance(rtype, RPrimitive) and rtype.name in _FIXED_WIDTH:
        e.call(_FIXED_WIDTH[rtype.name][1])
    elif rtype.is_unboxed:
        e.program.refuse(e, f"a value of type {rtype} cannot become an object")


def box_locals(e: Emitting, rtype: RTuple, locals_: list[int]) -> None:
    """Push a tuple object made of the items in `locals_`, whose references it takes."""
    result = e.code.new_local(I32)
    e.code.const64(len(rtype.types))
    e.call("PyTuple_New")
    e.code.set(result)
    position = 0
    for index, item in enumerate(rtype.types):
        count = len(representation.scalars(item))
        mine = locals_[position : position + count]
        position += count
        boxed = e.code.new_local(I32)
        if isinstance(item, RTuple):
            box_locals(e, item, mine)
        else:
            e.code.get(mine[0])
            box_scalar(e, item)
        e.code.set(boxed)
        e.code.get(result)
        e.code.get(boxed)
        offset = layout.TUPLE_ITEMS + index * layout.SLOT_STRIDE
        e.code.store(representation.POINTER, offset)
    e.code.get(result)


def emit_unbox(e: "FunctionEmitter", op: Unbox) -> None:
    """An object as a machine value; TypeError when it is of another type."""
    if isinstance(op.type, RTuple):
        source = e.operands.local(op.src)
        e.operands.flush()
        unbox_to_locals(e, op.type, source, e.operands.locals_of(op))
    else:
        e.push(op.src)
        unbox_scalar(e, op.type)
        e.result(op)


def unbox_scalar(e: Emitting, rtype: RType) -> None:
    """Replace the object on the stack, which stays the caller's, by its machine value."""
    if is_tagged(rtype):
        e.call("unbox_int")
    elif is_bool_or_bit_rprimitive(rtype):
        e.call("unbox_bool")
    elif is_none_rprimitive(rtype):
        e.call("unbox_none")
    elif is_float_rprimitive(rtype):
        e.call("PyFloat_AsDouble")
    elif isinstance(rtype, RPrimitive) and rtype.name in _FIXED_WIDTH:
        e.call(_FIXED_WIDTH[rtype.name][0])
    elif rtype.is_unboxed:
        e.program.refuse(e, f"an object cannot become a value of type {rtype}")


def unbox_to_locals(
    e: Emitting, rtype: RTuple, source: int, targets: list[int], *, owned: bool = True
) -> None:
    """Take a tuple object apart; the items are owned unless said otherwise.

    On error the item that tells is its error value.
    """
    for local, item in zip(targets, representation.scalars(rtype), strict=True):
        e.code.emit(representation.error_constant(item))
        e.code.set(local)
    items = e.code.new_local(I32)
    e.code.get(source)
    e.code.const64(len(rtype.types))
    e.call("unbox_tuple")
    e.code.tee(items)
    e.code.emit(opcodes.IF)
    position = 0
    for index, item in enumerate(rtype.types):
        count = len(representation.scalars(item))
        mine = targets[position : position + count]
        position += count
        e.code.get(items)
        e.code.load(representation.POINTER, index * layout.SLOT_STRIDE)
        if isinstance(item, RTuple):
            inner = e.code.new_local(I32)
            e.code.set(inner)
            unbox_to_locals(e, item, inner, mine, owned=owned)
            continue
        if item.is_unboxed:
            unbox_scalar(e, item)
            e.code.set(mine[0])
        else:
            object_ = e.code.new_local(I32)
            e.code.set(object_)
            if owned:
                refcounts.inc_ref(e, object_)
            e.code.get(object_)
            push_cast(e, item, owned=owned)
            e.code.set(mine[0])
    e.code.emit(opcodes.END)


def emit_cast(e: "FunctionEmitter", op: Cast) -> None:
    """The same object under another static type, checked."""
    e.push(op.src)
    if not op.is_unchecked:
        push_cast(e, op.type, owned=not op.is_borrowed)
    e.result(op)


def push_cast(e: Emitting, rtype: RType, *, owned: bool) -> None:
    """Check the object on the stack: leaves it, or NULL. An owned one is dropped on failure."""
    symbols = type_symbols(rtype)
    if symbols is None:
        return
    ownership = "" if owned else "_borrowed"
    for symbol in symbols:
        e.program.require(symbol, e)
    if len(symbols) == 1:
        e.code.address(symbols[0])
        e.call(f"cast{ownership}")
    elif len(symbols) == 2 and "NoneType_Type" in symbols:
        (symbol,) = (s for s in symbols if s != "NoneType_Type")
        e.code.address(symbol)
        e.call(f"cast_optional{ownership}")
    else:
        e.code.address(e.program.literals.type_list(symbols))
        e.code.address(e.program.literals.c_string(str(rtype).encode()))
        e.call(f"cast_any{ownership}")


def type_symbols(rtype: RType) -> list[str] | None:
    """Type objects that values of a type may have; None when any will do."""
    if isinstance(rtype, RUnion):
        symbols: list[str] = []
        for item in rtype.items:
            inner = type_symbols(item)
            if inner is None:
                return None
            symbols.extend(symbol for symbol in inner if symbol not in symbols)
        return symbols
    if isinstance(rtype, RInstance):
        return [f"type:{rtype.class_ir.fullname}"]
    if isinstance(rtype, RTuple):
        return ["PyTuple_Type"]
    if is_object_rprimitive(rtype):
        return None
    return [TYPE_OBJECTS[rtype.name]] if rtype.name in TYPE_OBJECTS else None
