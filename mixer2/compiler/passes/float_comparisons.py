"""Comparing ints with floats exactly.

mypyc turns the int into a float first, which rounds beyond 53 bits: 2**53 + 1 == 2.0**53.
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import ERR_NEVER, CallC, Float, FloatComparisonOp, Integer, Value
from mypyc.ir.rtypes import bit_rprimitive, c_int_rprimitive

from mixer2.compiler.passes.values import replace_values

_CONVERSION = "CPyFloat_FromTagged"
_FUNCTION = "int_compares_with_float"
_EXACT = 2.0**53
_SWAPPED = {
    FloatComparisonOp.EQ: FloatComparisonOp.EQ,
    FloatComparisonOp.NEQ: FloatComparisonOp.NEQ,
    FloatComparisonOp.LT: FloatComparisonOp.GT,
    FloatComparisonOp.GT: FloatComparisonOp.LT,
    FloatComparisonOp.LE: FloatComparisonOp.GE,
    FloatComparisonOp.GE: FloatComparisonOp.LE,
}


def compare_exactly(function: FuncIR) -> None:
    """Compare ints with floats by a function of the run-time, in place."""
    exactly: dict[Value, Value] = {}
    for block in function.blocks:
        for index, op in enumerate(block.ops):
            if not isinstance(op, FloatComparisonOp):
                continue
            number, value, operator = op.lhs, op.rhs, op.op
            if not _is_converted(number):
                number, value, operator = value, number, _SWAPPED[operator]
            if not isinstance(number, CallC) or not _is_converted(number) or _is_converted(value):
                continue
            # Below, rounding makes no int of another side, nor equal, that was not. The float that
            # shows an error is such a constant.
            if isinstance(value, Float) and abs(value.value) < _EXACT:
                continue
            arguments = [number.args[0], value, Integer(operator, c_int_rprimitive)]
            exact = CallC(_FUNCTION, arguments, bit_rprimitive, False, False, ERR_NEVER, op.line)
            block.ops[index] = exact
            exactly[op] = exact
    replace_values(function, exactly)


def _is_converted(value: Value) -> bool:
    return isinstance(value, CallC) and value.function_name == _CONVERSION
