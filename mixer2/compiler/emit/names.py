"""What the IR looks up by name at run time, and the compiler knows already.

mypyc reads module variables from a dictionary, built-in names from the module `builtins`, and
names of other modules from `sys.modules`. The program is closed: all of them are resolved here.
"""

from typing import TYPE_CHECKING

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    NAMESPACE_MODULE,
    NAMESPACE_TYPE,
    CallC,
    LoadAddress,
    LoadGlobal,
    LoadLiteral,
    LoadStatic,
    Op,
    Value,
)

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter


# Pointers of CPython's API, and the objects that they point to.
_POINTERS = {
    "Py_True": "_Py_TrueStruct",
    "Py_False": "_Py_FalseStruct",
    "Py_None": "_Py_NoneStruct",
}


def literal_text(value: Value) -> str | None:
    """The text of a string literal."""
    if isinstance(value, LoadLiteral) and isinstance(value.value, str):
        return value.value
    return None


def display_name(function: FuncIR) -> str:
    """What the host calls a function in a backtrace: `Config.get_int`, `dispatch.report`.

    Names are a part of the module's size; the file would double them.
    """
    declaration = function.decl
    if declaration.class_name is None:
        return f"{declaration.module_name.rpartition('.')[2]}.{declaration.name}"
    return declaration.shortname


def is_type(symbol: str) -> bool:
    """Whether a symbol is that of a type object."""
    return symbol.startswith("type:") or symbol.endswith("_Type")


def module_globals(value: Value) -> str | None:
    """The module whose globals dictionary a value is."""
    if isinstance(value, LoadStatic) and value.identifier == "globals":
        return value.module_name
    return None


def module_object(value: Value) -> str | None:
    """The module that a value is."""
    if isinstance(value, LoadStatic) and value.namespace == NAMESPACE_MODULE:
        return value.identifier
    return None


def known_symbol(program: "ProgramEmitter", op: Op, known: dict[Value, str]) -> str | None:
    """The data symbol whose address an op gives, when it is always the same."""
    if isinstance(op, LoadAddress):
        return op.src if isinstance(op.src, str) else None
    if isinstance(op, LoadGlobal):
        return _POINTERS.get(op.identifier) or _exception_class(op.identifier)
    if isinstance(op, LoadStatic):
        if op.namespace == NAMESPACE_TYPE:
            return program.type_symbol(op.module_name, op.identifier)
        return program.enum_members.named(op.module_name, op.identifier)
    if isinstance(op, CallC) and len(op.args) >= 2:
        return _known_lookup(program, op, known)
    return None


def _exception_class(name: str) -> str | None:
    return f"Exc_{name.removeprefix('PyExc_')}_Type" if name.startswith("PyExc_") else None


def _known_lookup(program: "ProgramEmitter", op: CallC, known: dict[Value, str]) -> str | None:
    name = literal_text(op.args[1])
    if name is None:
        return None
    if op.function_name == "CPyDict_GetItem":
        module = module_globals(op.args[0])
        return None if module is None else program.globals.resolve(module, name)
    if op.function_name == "CPyObject_GetAttr":
        module = module_object(op.args[0])
        if module == "builtins":
            return program.globals.builtin(name)
        if module is not None:
            return program.globals.resolve(module, name)
        owner = known.get(op.args[0])
        if owner is not None and owner.startswith("type:"):
            return program.enum_members.of_type(owner, name)
    return None
