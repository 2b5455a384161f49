"""Numbers that are read from a part of bytes, or appended to bytes, without an object for the part.

int.from_bytes(data[a:b], "little")   ->   int_from_little_endian_part(data, a, b)
data + n.to_bytes(8, "little")        ->   bytes_add_little_endian(data, n, 8, signed)
m.to_bytes(8, "little") + n.to_bytes(8, "little")
                                      ->   bytes_of_little_endian_pair(m, 8, signed, n, 8, signed)
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import Branch, CallC, DecRef, IncRef, Op, Value

from mixer2.compiler.passes.values import all_ops, drop_values, remove_ops, replace_value

_OF_PART = {
    "int_from_little_endian": "int_from_little_endian_part",
    "int_from_big_endian": "int_from_big_endian_part",
}
_CONCATENATE = "CPyBytes_Concat"
_NUMBER = "CPyTagged_ToLittleEndianBytes"
_WITH_NUMBER = "bytes_add_little_endian"
_PAIR = "bytes_of_little_endian_pair"


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
    if left is number or not _is_only_appended(function, number):
        return
    assert isinstance(number, CallC)
    if _is_only_appended(function, left) and _is_next(function, left, number):
        assert isinstance(left, CallC)
        whole.function_name = _PAIR
        whole.args = [*left.args, *number.args]
        drop_values(function, {left, number})
        return
    whole.function_name = _WITH_NUMBER
    whole.args = [left, *number.args]
    drop_values(function, {number})


def _is_next(function: FuncIR, first: Value, second: Value) -> bool:
    """Whether nothing happens between two ops but a test for an error of the first."""
    for block in function.blocks:
        if first not in block.ops:
            continue
        match _uncounted(block.ops[block.ops.index(first) + 1 :]):
            case [Branch(op=Branch.IS_ERROR, negated=False) as branch] if branch.value is first:
                return _uncounted(branch.false.ops)[0] is second
    return False


def _uncounted(ops: list[Op]) -> list[Op]:
    return [op for op in ops if not isinstance(op, DecRef | IncRef)]


def _is_only_appended(function: FuncIR, value: Value) -> bool:
    is_number = isinstance(value, CallC) and value.function_name == _NUMBER
    return is_number and _is_used_once(function, value)


def _is_used_once(function: FuncIR, value: Value) -> bool:
    users = [op for op in all_ops(function) if value in op.sources()]
    return sum(not isinstance(op, Branch | DecRef) for op in users) == 1
