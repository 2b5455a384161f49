"""Comparisons of texts that the compiler knows to be texts.

r1 = PyObject_RichCompare(a, b, 0)         r1 = PyUnicode_Compare(a, b)
r2 = PyObject_IsTrue(r1)              ->   r2 = r1 < 0
dec_ref r1

mypyc compares any two objects by a primitive that makes an object of the answer.
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    ERR_NEVER,
    Box,
    CallC,
    ComparisonOp,
    DecRef,
    IncRef,
    Integer,
    Op,
    Unbox,
    Value,
)
from mypyc.ir.rtypes import c_int_rprimitive, is_bool_rprimitive, is_str_rprimitive

from mixer2.compiler.passes.values import all_ops, never_fail, remove_ops, replace_values

# Py_LT, Py_LE, Py_EQ, Py_NE, Py_GT, Py_GE
_OPERATORS = (
    ComparisonOp.SLT,
    ComparisonOp.SLE,
    ComparisonOp.EQ,
    ComparisonOp.NEQ,
    ComparisonOp.SGT,
    ComparisonOp.SGE,
)


def compare_known_texts(function: FuncIR) -> None:
    """Compare texts directly.

    Args:
        function: Its ops are changed.
    """
    replaced: dict[Value, list[Op]] = {}
    answers: dict[Value, Value] = {}
    for op in all_ops(function):
        if (
            isinstance(op, CallC)
            and op.function_name == "PyObject_RichCompare"
            and all(is_str_rprimitive(value.type) for value in op.args[:2])
            and isinstance(op.args[2], Integer)
        ):
            order = CallC(
                "PyUnicode_Compare", op.args[:2], c_int_rprimitive, False, False, ERR_NEVER, op.line
            )
            zero = Integer(0, c_int_rprimitive)
            test = ComparisonOp(order, zero, _OPERATORS[op.args[2].value], op.line)
            replaced[op] = [order, test, Box(test, op.line)]
            answers[op] = test
    if not replaced:
        return
    never_fail(function, answers.keys())
    truths: dict[Value, Value] = {
        op: answer
        for op in all_ops(function)
        if _asks_for_truth(op) and (answer := answers.get(op.sources()[0])) is not None
    }
    never_fail(function, truths.keys())
    replace_values(function, truths)
    replaced |= {op: [] for op in truths}
    remove_ops(function, lambda op: isinstance(op, IncRef | DecRef) and op.src in answers)
    used = {source for op in all_ops(function) if op not in replaced for source in op.sources()}
    for block in function.blocks:
        block.ops = [new for op in block.ops for new in replaced.get(op, [op])]
    replace_values(function, {op: new[-1] for op, new in replaced.items() if new and op in used})
    unused = {new[-1] for op, new in replaced.items() if new and op not in used}
    remove_ops(function, unused.__contains__)


def _asks_for_truth(op: Op) -> bool:
    if isinstance(op, Unbox):
        return is_bool_rprimitive(op.type)
    return isinstance(op, CallC) and op.function_name == "PyObject_IsTrue"
