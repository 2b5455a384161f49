"""Attributes of built-in types that the run-time lacks: known when compiling, where types are."""

from collections.abc import Callable, Iterator

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import AssignMulti, Box, CallC, LoadAddress, LoadLiteral, Register, Value
from mypyc.ir.rtypes import RPrimitive

# Primitives that look a name up in their first argument.
_LOOKUPS = frozenset({"CPyObject_GetAttr", "CPyObject_CallMethodObjArgs"})
_METHOD_CALL = "PyObject_VectorcallMethod"

Exists = Callable[[str, str], bool]
"""Whether a built-in type, by its Python name, has an attribute."""


def missing_attributes(function: FuncIR, exists: Exists) -> Iterator[tuple[int, str, str]]:
    """Lines, names of attributes, and what is wrong there.

    Args:
        function: Its IR.
        exists: What the run-time has; true for types that it does not know.
    """
    ops = [op for block in function.blocks for op in block.ops]
    arrays: dict[Register, AssignMulti] = {op.dest: op for op in ops if isinstance(op, AssignMulti)}
    for op in ops:
        if not isinstance(op, CallC):
            continue
        receiver, name = _lookup(op, arrays)
        if isinstance(receiver, Box):
            receiver = receiver.src
        if receiver is None or not isinstance(receiver.type, RPrimitive):
            continue
        type_name = receiver.type.name.removeprefix("builtins.")
        attribute = name.value if isinstance(name, LoadLiteral) else None
        if isinstance(attribute, str) and not exists(type_name, attribute):
            message = (
                f"{type_name}.{attribute} is not in the dialect, which has what docs/dialect.md "
                f"lists: write it with other methods of {type_name}, or build with "
                "--profile cpython"
            )
            yield op.line, attribute, message


def _lookup(op: CallC, arrays: dict[Register, AssignMulti]) -> tuple[Value | None, Value | None]:
    """Whose attribute a primitive looks up, and its name."""
    if op.function_name in _LOOKUPS:
        return op.args[0], op.args[1]
    if op.function_name == _METHOD_CALL:
        place = op.args[1]
        if isinstance(place, LoadAddress) and isinstance(place.src, Register):
            array = arrays.get(place.src)
            if array is not None:
                return array.src[0], op.args[0]
    return None, None
