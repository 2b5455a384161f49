"""f-strings without the run-time's template engine.

mypyc writes the field of an f-string as `"{:{}}".format(value, specification)`:

    f"{x}"      ->  str(x)             f"{x!r}"  ->  repr(x)
    f"{x:>8}"   ->  format(x, ">8")
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import AssignMulti, CallC, LoadAddress, Register, Value

from mixer2.compiler.emit.names import literal_text
from mixer2.compiler.passes.values import all_ops, drop_values

# The template of a field, and how its value becomes text when there is no specification.
_PLAIN = {"{:{}}": "PyObject_Str", "{!s:{}}": "PyObject_Str", "{!r:{}}": "PyObject_Repr"}
_FORMAT = "PyObject_Format"


def format_directly(function: FuncIR) -> None:
    """Rewrite the fields of f-strings."""
    ops = list(all_ops(function))
    arrays = {op.dest: op for op in ops if isinstance(op, AssignMulti)}
    unneeded: set[Value] = set()
    for op in ops if arrays else ():
        if isinstance(op, CallC) and op.function_name == "PyObject_VectorcallMethod":
            unneeded |= _rewrite(op, arrays)
    drop_values(function, unneeded)


def _rewrite(op: CallC, arrays: dict[Register, AssignMulti]) -> set[Value]:
    address = op.args[1]
    if literal_text(op.args[0]) != "format" or not isinstance(address, LoadAddress):
        return set()
    array = arrays.get(address.src) if isinstance(address.src, Register) else None
    if array is None or len(array.src) != 3:
        return set()
    template, value, specification = array.src
    plain = _PLAIN.get(literal_text(template) or "")
    if plain is None:
        return set()
    if literal_text(specification) == "":
        op.function_name, op.args = plain, [value]
    elif literal_text(template) == "{:{}}":
        op.function_name, op.args = _FORMAT, [value, specification]
    else:
        return set()
    return {address, array}
