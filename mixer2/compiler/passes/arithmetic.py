"""Primitives of int that are machine operations, where nothing can overflow.

r1 = CPyTagged_Multiply(r0, 33555238)     ->   r1 = r0 * 16777619     r0 is known to be below 2**32
if is_error(r1) goto L9 else goto L2           goto L2

Ints are tagged (build/runtime/tagged.h), shifted left by one: most operations stay as they are.
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import Branch, CallC, ComparisonOp, Goto, Integer, IntOp, Op, Value
from mypyc.ir.rtypes import int64_rprimitive

from mixer2.compiler.passes import intervals
from mixer2.compiler.passes.ranges import Ranges, exact_result
from mixer2.compiler.passes.values import all_ops, never_fail, replace_values

_TAG_BITS = 1
_LARGEST_SHIFT = 62

# What cannot overflow, whatever the operands are.
_BITWISE = {
    "CPyTagged_And": IntOp.AND,
    "CPyTagged_Or": IntOp.OR,
    "CPyTagged_Xor": IntOp.XOR,
}
_CHECKED = {
    "CPyTagged_Add": IntOp.ADD,
    "CPyTagged_Subtract": IntOp.SUB,
}
# What `use_machine_arithmetic` asks ranges for.
_NEEDS_RANGES = frozenset(
    {
        *_CHECKED,
        *("CPyTagged_Multiply", "CPyTagged_Negate", "CPyTagged_Lshift", "CPyTagged_FromInt64"),
        *("CPyTagged_FromSsize_t", "CPyTagged_FloorDivide", "CPyTagged_Remainder"),
        *("CPyBytes_AdjustIndex", "CPyStr_AdjustIndex"),
    }
)
_ADJUSTMENTS = frozenset({"CPyBytes_AdjustIndex", "CPyStr_AdjustIndex"})


def use_machine_arithmetic(function: FuncIR) -> bool:
    """Replace primitives by machine operations; whether branches were decided by that.

    Args:
        function: Its ops are changed.
    """
    names = {op.function_name for op in all_ops(function) if isinstance(op, CallC)}
    replaced: dict[Op, list[Op]] = {}
    if not names.isdisjoint(_BITWISE) or "CPyTagged_Rshift" in names:
        for op in all_ops(function):
            if isinstance(op, CallC) and (ops := _bitwise(op)):
                replaced[op] = ops
        _replace(function, replaced)
    if names.isdisjoint(_NEEDS_RANGES):
        return False
    ranges = Ranges(function)
    replaced = {}
    same: dict[Value, Value] = {}
    decided: dict[Op, Value] = {}
    for _, _, op in ranges.walk():
        if isinstance(op, ComparisonOp):
            outcome = ranges.outcome(op)
            if outcome is not None:
                decided[op] = Integer(outcome, op.type)
        elif isinstance(op, CallC):
            if op.function_name in _ADJUSTMENTS and ranges.of(op.args[1])[0] >= 0:
                same[op] = op.args[1]
            elif op.function_name in _NEEDS_RANGES and (ops := _exact(op, ranges)):
                replaced[op] = ops
    _replace(function, replaced)
    replace_values(function, same)
    for block in function.blocks:
        block.ops = [op for op in block.ops if op not in same]
        end = block.ops[-1]
        if isinstance(end, Branch) and end.op == Branch.BOOL and end.value in decided:
            value = decided[end.value]
            assert isinstance(value, Integer)
            block.ops[-1] = Goto(end.true if bool(value.value) != end.negated else end.false)
    return bool(replaced or same or decided)


def _bitwise(op: CallC) -> list[Op]:
    if op.function_name in _BITWISE:
        return [IntOp(op.type, op.args[0], op.args[1], _BITWISE[op.function_name], op.line)]
    count = _constant(op.args[1]) if op.function_name == "CPyTagged_Rshift" else None
    if count is None or count < 0:
        return []
    return _shift_right(op, op.args[0], min(count, _LARGEST_SHIFT))


def _shift_right(op: CallC, value: Value, count: int) -> list[Op]:
    shifted = _operation(op, value, count, IntOp.RIGHT_SHIFT)
    return [shifted, _operation(op, shifted, -(1 << _TAG_BITS), IntOp.AND)]


def _exact(op: CallC, ranges: Ranges) -> list[Op]:
    """Machine operations for a primitive that cannot fail here; nothing where it can."""
    left, right = op.args[0], op.args[-1]
    if op.function_name in ("CPyTagged_FloorDivide", "CPyTagged_Remainder"):
        return _division(op, ranges)
    exact = exact_result(op.function_name, [ranges.of(argument) for argument in op.args])
    if exact is None or not intervals.fits(exact):
        return []
    count = _constant(right)
    match op.function_name:
        case "CPyTagged_Add" | "CPyTagged_Subtract":
            return [IntOp(op.type, left, right, _CHECKED[op.function_name], op.line)]
        case "CPyTagged_Multiply":
            if count is not None:
                return [_operation(op, left, count, IntOp.MUL)]
            untagged = _operation(op, right, _TAG_BITS, IntOp.RIGHT_SHIFT)
            return [untagged, IntOp(op.type, left, untagged, IntOp.MUL, op.line)]
        case "CPyTagged_Negate":
            zero = Integer(0, op.type)
            return [IntOp(op.type, zero, left, IntOp.SUB, op.line)]
        case "CPyTagged_Lshift":
            return [] if count is None else [_operation(op, left, count, IntOp.LEFT_SHIFT)]
        case _:
            return [_operation(op, left, _TAG_BITS, IntOp.LEFT_SHIFT)]


def _division(op: CallC, ranges: Ranges) -> list[Op]:
    """Division by a constant: by a power of two, or of what is not negative."""
    divisor = _constant(op.args[1])
    if divisor is None or divisor <= 0:
        return []
    value = op.args[0]
    divides = op.function_name == "CPyTagged_FloorDivide"
    if divisor & (divisor - 1) == 0:
        if divides:
            return _shift_right(op, value, divisor.bit_length() - 1)
        return [_operation(op, value, divisor - 1 << _TAG_BITS, IntOp.AND)]
    if ranges.of(value)[0] < 0:
        return []
    if not divides:
        return [_operation(op, value, divisor << _TAG_BITS, IntOp.MOD)]
    quotient = _operation(op, value, divisor << _TAG_BITS, IntOp.DIV)
    return [quotient, _operation(op, quotient, _TAG_BITS, IntOp.LEFT_SHIFT)]


def _operation(op: CallC, left: Value, right: int, operator: int) -> IntOp:
    """An operation on a machine integer and a number that is not tagged."""
    return IntOp(op.type, left, Integer(right, int64_rprimitive), operator, op.line)


def _constant(value: Value) -> int | None:
    return value.numeric_value() if isinstance(value, Integer) else None


def _replace(function: FuncIR, replaced: dict[Op, list[Op]]) -> None:
    """Put other ops in the place of some, the last of which has the result."""
    if not replaced:
        return
    for block in function.blocks:
        block.ops = [new for op in block.ops for new in replaced.get(op, [op])]
    never_fail(function, replaced.keys())
    replace_values(function, {op: new[-1] for op, new in replaced.items()})
