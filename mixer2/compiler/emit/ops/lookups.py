"""What the IR looks up by name and the compiler knows a shorter way to.

Variables of modules and attributes of classes have slots of their own; names and values of enum
members lie in them; a method as a value is made from its function.
"""

from typing import TYPE_CHECKING

from mypyc.ir.func_ir import FUNC_NORMAL
from mypyc.ir.ops import CallC
from mypyc.ir.rtypes import RInstance, RTuple

from mixer2.compiler.emit import representation
from mixer2.compiler.emit.names import literal_text, module_globals, module_object
from mixer2.compiler.link.symbols import RefKind
from mixer2.compiler.wasm import opcodes

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter


def look_up(e: "FunctionEmitter", op: CallC) -> bool:
    """Emit a primitive that looks a name up, unless it has to be done at run time."""
    return (
        _access_global(e, op)
        or _access_class_attribute(e, op)
        or _read_enum_member(e, op)
        or _bind_method(e, op)
    )


def give_up(e: "FunctionEmitter", op: CallC) -> None:
    """Leave consistent code behind a refused op, so that other complaints are found too."""
    e.operands.flush()
    if op.is_void:
        return
    for item in representation.scalars(op.type):
        e.code.emit(representation.error_constant(item))
    if isinstance(op.type, RTuple):
        e.operands.results(op)
    else:
        e.result(op)


def _read_slot(e: "FunctionEmitter", op: CallC, slot: str, name: str) -> None:
    """The object in a slot; NameError when there is none yet."""
    e.operands.flush()
    e.code.address(slot)
    e.code.address(e.program.literals.c_string(name.encode()))
    e.call("global_get")
    e.result(op)


def _access_global(e: "FunctionEmitter", op: CallC) -> bool:
    """Module variables live in static slots, not in a dictionary."""
    if not op.args:
        return False
    if op.function_name == "CPyObject_GetAttr" and (owner := module_object(op.args[0])):
        return _access_module_attribute(e, op, owner)
    module = module_globals(op.args[0])
    if module is None:
        return False
    name = literal_text(op.args[1]) if len(op.args) > 1 else None
    if name is not None and op.function_name == "CPyDict_GetItem":
        _read_slot(e, op, e.program.globals.slot(module, name), name)
        return True
    if name is not None and op.function_name in ("CPyDict_SetItem", "PyDict_SetItem"):
        e.operands.flush()
        e.code.address(e.program.globals.slot(module, name))
        e.push(op.args[2])
        e.call("slot_set")
        e.constant_result(op, 0)
        return True
    e.program.refuse(e, "globals() as a dictionary: modules have fixed names in this dialect")
    give_up(e, op)
    return True


def _access_module_attribute(e: "FunctionEmitter", op: CallC, module: str) -> bool:
    """`module.name`, where the name is a variable: classes and functions are known before."""
    name = literal_text(op.args[1])
    assert name is not None
    if module == "builtins":
        e.program.refuse(e, f"{name!r} is not in this dialect (docs/dialect.md)")
        give_up(e, op)
        return True
    _read_slot(e, op, e.program.globals.slot(module, name), name)
    return True


def _access_class_attribute(e: "FunctionEmitter", op: CallC) -> bool:
    """Class attributes live in static slots when the class is known."""
    if op.function_name not in ("CPyObject_GetAttr", "PyObject_SetAttr"):
        return False
    owner = e.operands.alias_of(op.args[0])
    name = literal_text(op.args[1])
    if owner is None or name is None or not owner.startswith("type:"):
        return False
    if op.function_name == "PyObject_SetAttr":
        e.operands.flush()
        e.code.address(e.program.classes.attribute_slot(owner, name))
        e.push(op.args[2])
        e.call("slot_set")
        e.constant_result(op, 0)
        return True
    slot = e.program.classes.find_attribute_slot(owner, name)
    if slot is None:
        return False
    _read_slot(e, op, slot, name)
    return True


def _read_enum_member(e: "FunctionEmitter", op: CallC) -> bool:
    """`member.name` and `member.value`."""
    if op.function_name != "CPyObject_GetAttr" or not isinstance(op.args[0].type, RInstance):
        return False
    fullname, name = op.args[0].type.class_ir.fullname, literal_text(op.args[1])
    offset = e.program.enum_members.attribute(fullname, name or "")
    if offset is None:
        return False
    e.push(op.args[0])
    e.code.load(representation.POINTER, offset)
    e.call("new_reference")
    e.result(op)
    return True


def _bind_method(e: "FunctionEmitter", op: CallC) -> bool:
    """`instance.method` as a value, where no subclass has a method of that name."""
    if op.function_name != "CPyObject_GetAttr" or not isinstance(op.args[0].type, RInstance):
        return False
    class_, name = op.args[0].type.class_ir, literal_text(op.args[1])
    method = class_.get_method(name) if name and class_.is_ext_class else None
    if method is None or method.decl.kind != FUNC_NORMAL or name in class_.property_types:
        return False
    if not class_.is_method_final(method.name) or class_.is_trait:
        return False
    e.operands.flush()
    e.code.emit(opcodes.I32_CONST)
    e.code.ref(RefKind.TABLE_SLOT, e.program.boxed_method(method))
    e.push(op.args[0])
    e.call("bound_method_new")
    e.result(op)
    return True
