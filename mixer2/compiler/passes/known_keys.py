"""Dicts, sets and lists whose keys are known to be str or int.

mypyc's primitives take any object as a key: they need the hashes and comparisons of all types. The
run-time has functions for the two types that nearly all keys have (keys_str.c, keys_int.c); ints
need no box for them:

    r1 = box(int, x)
    r2 = CPyDict_GetWithNone(d, r1)    ->    r2 = dict_get_int(d, x, None)
    dec_ref r1
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import CallC, LoadLiteral, Value
from mypyc.ir.rtypes import (
    is_dict_rprimitive,
    is_list_rprimitive,
    is_set_rprimitive,
    is_str_rprimitive,
)

from mixer2.compiler.emit.names import module_globals
from mixer2.compiler.passes.values import all_ops, drop_unused_boxes, never_fail, unboxed_int

# Primitives whose second argument is a key: what does the same for a key of a known type, without
# the type's name at its end.
_BY_KEY = {
    "CPyDict_GetItem": "dict_get_item",
    "CPyDict_Get": "dict_get",
    "CPyDict_GetWithNone": "dict_get",
    "CPyDict_SetItem": "dict_set_item",
    "PyDict_SetItem": "dict_set_item",
    "PyDict_DelItem": "dict_delete_item",
    "PyDict_Contains": "set_contains",
    "PySet_Contains": "set_contains",
    "PySet_Add": "set_add",
}

# Primitives for any container, and the one for containers of a type.
_BY_CONTAINER = {
    "PyObject_DelItem": [(is_dict_rprimitive, "dict_delete_item")],
    "PyObject_SetItem": [(is_dict_rprimitive, "dict_set_item")],
    "PySequence_Contains": [
        (is_dict_rprimitive, "set_contains"),
        (is_set_rprimitive, "set_contains"),
        (is_list_rprimitive, "list_contains"),
    ],
}

# What the run-time's functions for known keys start with.
KEYED_OPERATIONS = ("dict_", "set_contains_", "set_add_", "list_contains_")

# They raise nothing of their own, only what comparing keys raises. Adding may find no memory.
_NEVER_FAIL = frozenset({"dict_get", "set_contains", "list_contains"})


def use_known_keys(function: FuncIR, *, objects_compare: bool) -> None:
    """Choose the functions for keys of known types.

    Args:
        function: Its ops are changed.
        objects_compare: There may be objects with an `__eq__` of the program among the keys.
    """
    unfailing: set[Value] = set()
    for op in all_ops(function):
        if not isinstance(op, CallC) or (base := _base_name(op)) is None:
            continue
        key = op.args[1]
        if is_str_rprimitive(key.type):
            kind = "str"
        elif base != "list_contains" and (number := unboxed_int(key)) is not None:
            kind, op.args[1] = "int", number
        else:
            continue
        if base == "list_contains" and objects_compare:
            continue
        if op.function_name == "CPyDict_GetWithNone":
            op.args = [*op.args, LoadLiteral(None, key.type)]
        op.function_name = f"{base}_{kind}"
        if base in _NEVER_FAIL and not objects_compare:
            unfailing.add(op)
    never_fail(function, unfailing)
    drop_unused_boxes(function)


def _base_name(op: CallC) -> str | None:
    if op.function_name in _BY_KEY:
        # Module variables are no dict here.
        return None if module_globals(op.args[0]) else _BY_KEY[op.function_name]
    for has_type, base in _BY_CONTAINER.get(op.function_name, ()):
        if has_type(op.args[0].type):
            return base
    return None
