"""Memory that the IR addresses itself: arrays of arguments, list items, object headers."""

from typing import TYPE_CHECKING

from mypyc.ir.ops import AssignMulti, GetElementPtr, LoadAddress, LoadMem, Register, SetMem
from mypyc.ir.rtypes import RTuple

from mixer2.compiler import layout
from mixer2.compiler.emit import representation
from mixer2.compiler.emit.ops import refcounts
from mixer2.compiler.wasm import opcodes

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter

# Fields of CPython's structures that mypyc's IR reads directly, and where ours have them.
_FIELDS = {
    ("PyObject", "ob_refcnt"): layout.REFCOUNT,
    ("PyObject", "ob_type"): layout.TYPE,
    ("PyVarObject", "ob_size"): layout.VAR_SIZE,
    ("PyListObject", "ob_item"): layout.LIST_ITEMS,
    ("PyTupleObject", "ob_item"): layout.TUPLE_ITEMS,
    ("PySetObject", "used"): layout.VAR_SIZE,
    ("PyDictObject", "ma_used"): layout.VAR_SIZE,
}


def emit_assign_multi(e: "FunctionEmitter", op: AssignMulti) -> None:
    """Fill an array of pointers in the frame."""
    start = e.frame.arrays[op.dest]
    for index, value in enumerate(op.src):
        e.operands.flush()
        e.code.get(e.frame.pointer)
        e.push(value)
        e.code.store(representation.POINTER, start + 4 * index)


def emit_load_address(e: "FunctionEmitter", op: LoadAddress) -> None:
    """The address of an array, a variable, or an object of the run-time."""
    if isinstance(op.src, Register):
        e.frame.push_address(e.frame.arrays[op.src])
        e.result(op)
    elif isinstance(op.src, str):
        e.program.require(op.src, e)
        e.operands.alias(op, op.src)
    else:
        e.program.refuse(e, f"the address of module {op.src.identifier!r} is not known here")
        e.operands.alias(op, "_Py_NoneStruct")


def emit_get_element_ptr(e: "FunctionEmitter", op: GetElementPtr) -> None:
    """The address of a field of an object."""
    key = (op.src_type.name, op.field)
    if key not in _FIELDS:
        e.program.refuse(e, f"field {op.field!r} of {op.src_type.name} is not in this run-time")
        e.constant_result(op, 0)
        return
    e.push(op.src)
    if offset := _FIELDS[key]:
        e.code.const(offset)
        e.code.emit(opcodes.I32_ADD)
    e.result(op)


def emit_load_mem(e: "FunctionEmitter", op: LoadMem) -> None:
    """Read what lies at an address; the new value is owned unless it is borrowed."""
    e.push(op.src)
    e.code.load(representation.scalar(op.type), 0)
    if refcounts.is_counted(op.type) and not op.is_borrowed:
        refcounts.own_result(e, op)
    else:
        e.result(op)


def emit_set_mem(e: "FunctionEmitter", op: SetMem) -> None:
    """Write to an address; the value's reference goes with it."""
    if isinstance(op.src.type, RTuple):
        e.program.refuse(e, "a tuple cannot be written to memory directly")
        return
    e.push(op.dest, op.src)
    e.code.store(representation.scalar(op.dest_type), 0)
