"""Numbers that are read from a part of bytes, or appended to bytes, without an object for the part.

int.from_bytes(data[a:b], "little")   ->   int_from_little_endian_part(data, a, b)
data + n.to_bytes(8, "little")        ->   bytes_add_little_endian(data, n, 8, signed)
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import Branch, CallC, DecRef, Value

from mixer2.compiler.passes.values import all_ops, drop_values, remove_ops, replace_value

_OF_PART = {
    "int_from_little_endian": "int_from_little_endian_part",
    "int_from_big_endian": "int_from_big_endian_part",
}
_CONCATENATE = "CPyBytes_Concat"
_WITH_NUMBER = {"CPyTagged_ToLittleEndianBytes": "bytes_add_little_endian"}


def use_numbers_in_place(function: FuncIR) -> None:
    """Leave out the parts."""
    for op in [op for op in all_ops(function) if isinstance(op, CallC)]:
        if op.function_name in _OF_PART:
            _read_in_place(function, op)
        elif op.function_name == _CONCATENATE:
            _append_number(function, op)


def _read_in_place(function: FuncIR, number: CallC) -> None:
    part = number.args[0]
    if not isinstance(part, CallC) or part.function_name != "CPyBytes_GetSlice":
        return
    if not _is_used_once(function, part):
        return
    # Where the part was made: afterwards the whole may be gone.
    part.function_name = _OF_PART[number.function_name]
    part.type = number.type
    drop_values(function, {number})
    remove_ops(function, lambda op: isinstance(op, DecRef) and op.src is part)
    replace_value(function, number, part)


def _append_number(function: FuncIR, whole: CallC) -> None:
    left, number = whole.args
    if not isinstance(number, CallC) or number.function_name not in _WITH_NUMBER:
        return
    if left is number or not _is_used_once(function, number):
        return
    whole.function_name = _WITH_NUMBER[number.function_name]
    whole.args = [left, *number.args]
    drop_values(function, {number})


def _is_used_once(function: FuncIR, value: Value) -> bool:
    users = [op for op in all_ops(function) if value in op.sources()]
    return sum(not isinstance(op, Branch | DecRef) for op in users) == 1
