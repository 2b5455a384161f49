"""Attributes of instances: loads and stores at a fixed offset, properties by their methods."""

import re
from typing import TYPE_CHECKING

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncDecl
from mypyc.ir.ops import GetAttr, SetAttr, Value
from mypyc.ir.rtypes import RType

from mixer2.compiler.emit import representation
from mixer2.compiler.emit.ops import calls, refcounts
from mixer2.compiler.wasm import opcodes

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter

PROPERTY_SETTER = "__mypyc_setter__"


def emit_get_attr(e: "FunctionEmitter", op: GetAttr) -> None:
    """Read an attribute. An undefined one raises, unless the op allows the error value."""
    class_ = op.class_type.class_ir
    attribute_type, declared_in = class_.attr_details(op.attr)
    prefer_method = class_.is_trait and attribute_type.error_overlap
    if not op.allow_error_value and class_.get_method(op.attr, prefer_method=prefer_method):
        calls.call_method(e, op, op.obj, class_, op.attr, [])
        return
    where = e.program.classes.offset(declared_in, op.attr)
    object_ = e.operands.local(op.obj)
    found, _ = representation.offsets(attribute_type, where)
    scalars = representation.scalars(attribute_type)
    for item, offset in zip(scalars, found, strict=True):
        e.code.get(object_)
        e.code.load(representation.scalar(item), offset)
    is_sure = class_.is_always_defined(op.attr) and not op.allow_error_value
    owns_scalar = len(scalars) == 1 and refcounts.is_counted(scalars[0]) and not op.is_borrowed
    if is_sure and owns_scalar:
        refcounts.own_result(e, op)
        return
    if len(scalars) == 1:
        e.result(op)
    else:
        e.operands.results(op)
    if is_sure:
        _own(e, op)
        return
    if op.allow_error_value:
        if not op.is_borrowed and any(refcounts.is_counted(s) for s in scalars):
            _push_is_error(e, attribute_type, op)
            e.code.emit(opcodes.I32_EQZ, opcodes.IF)
            _own(e, op)
            e.code.emit(opcodes.END)
        return
    _check_defined(e, op, class_, attribute_type, object_)


def _own(e: "FunctionEmitter", op: GetAttr) -> None:
    if not op.is_borrowed:
        for local in refcounts.counted_locals(e, op):
            refcounts.inc_ref(e, local)


def _check_defined(
    e: "FunctionEmitter", op: GetAttr, class_: ClassIR, rtype: RType, object_: int
) -> None:
    _push_is_error(e, rtype, op)
    if rtype.error_overlap:
        _push_bit(e, class_, op.attr, object_)
        e.code.emit(opcodes.I32_EQZ, b"\x71")
    e.code.emit(opcodes.IF)
    e.code.address(e.program.literals.c_string(_source_name(op.attr).encode()))
    if not class_.is_generated:
        e.code.get(object_)
        e.call("attribute_undefined")
    elif _is_own_environment(e.function.decl, class_):
        e.call("local_variable_undefined")
    else:
        e.call("free_variable_undefined")
    if not op.is_borrowed and rtype.is_refcounted:
        e.code.emit(opcodes.ELSE)
        _own(e, op)
    e.code.emit(opcodes.END)


def _is_own_environment(function: FuncDecl, class_: ClassIR) -> bool:
    """Whether a class that keeps variables of a function keeps this function's own."""
    inner = function.class_name or ""
    own = inner if inner.endswith("_obj") or "_gen" in inner else function.name
    owner, name = (re.sub(r"_(env|obj|gen\w*)$", "", part) for part in (class_.name, own))
    return owner == name or owner.startswith(f"{name}_")


def _source_name(attribute: str) -> str:
    """The author's name of a variable that a generator or closure keeps as an attribute."""
    for prefix in ("__mypyc_generator_frame_attribute__", "__mypyc_generator_attribute__"):
        attribute = attribute.removeprefix(prefix)
    return attribute


def _push_is_error(e: "FunctionEmitter", rtype: RType, value: Value) -> None:
    e.operands.flush()
    index = representation.error_item(rtype)
    e.code.get(e.operands.locals_of(value)[index])
    e.code.emit(representation.error_test(representation.scalars(rtype)[index]))


def _push_bit(e: "FunctionEmitter", class_: ClassIR, attribute: str, object_: int) -> None:
    """Push whether the bit of an attribute whose error value is also a valid value is set."""
    offset, mask = e.program.classes.bit(class_, attribute)
    e.code.get(object_)
    e.code.load(representation.POINTER, offset)
    e.code.const(mask)
    e.code.emit(b"\x71\x45\x45")


def emit_set_attr(e: "FunctionEmitter", op: SetAttr) -> None:
    """Write an attribute; the value's reference goes with it, the old value's is dropped."""
    class_ = op.class_type.class_ir
    if op.propset is not None:
        _call_setter(e, op, class_)
        return
    rtype, declared_in = class_.attr_details(op.attr)
    where = e.program.classes.offset(declared_in, op.attr)
    found, _ = representation.offsets(rtype, where)
    scalars = representation.scalars(rtype)
    object_ = e.operands.local(op.obj)
    e.operands.flush()
    old = [] if op.is_init else _take_old(e, object_, scalars, found)
    values = e.locals_of(op.src) if len(scalars) > 1 else []
    for index, (item, offset) in enumerate(zip(scalars, found, strict=True)):
        e.code.get(object_)
        if values:
            e.code.get(values[index])
        else:
            e.push(op.src)
            # A generator's resume label is an i32 that the IR sets to ints of any width.
            (given,) = representation.local_types(op.src.type)
            calls.adapt(e, given, representation.scalar(item).local)
        e.code.store(representation.scalar(item), offset)
    if rtype.error_overlap and not class_.is_always_defined(op.attr):
        _set_bit(e, class_, op.attr, object_)
    for local in old:
        e.code.get(local)
        # Undefined attributes are NULL.
        e.call("CPy_XDecRef")
    if not op.is_void:
        e.constant_result(op, 1)


def _take_old(
    e: "FunctionEmitter", object_: int, scalars: list[RType], found: list[int]
) -> list[int]:
    """Locals with the references that the store overwrites.

    They are dropped after the store: a destructor must not see the old value.
    """
    old = []
    for item, offset in zip(scalars, found, strict=True):
        if refcounts.is_counted(item):
            local = e.code.new_local(representation.POINTER.local)
            e.code.get(object_)
            e.code.load(representation.POINTER, offset)
            e.code.set(local)
            old.append(local)
    return old


def _set_bit(e: "FunctionEmitter", class_: ClassIR, attribute: str, object_: int) -> None:
    offset, mask = e.program.classes.bit(class_, attribute)
    e.code.get(object_)
    e.code.get(object_)
    e.code.load(representation.POINTER, offset)
    e.code.const(mask)
    e.code.emit(b"\x72")
    e.code.store(representation.POINTER, offset)


def _call_setter(e: "FunctionEmitter", op: SetAttr, class_: ClassIR) -> None:
    """Call a property's setter; the op's result is whether it succeeded."""
    calls.push_method_call(e, op.obj, class_, PROPERTY_SETTER + op.attr, [op.src])
    assert op.propset is not None
    e.code.emit(representation.error_test(op.propset.sig.ret_type), opcodes.I32_EQZ)
    e.result(op)
