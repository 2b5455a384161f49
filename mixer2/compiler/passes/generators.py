"""What generators refuse in CPython, and mypyc lets pass.

A value is sent to a generator that has not started: TypeError. A StopIteration that escapes the
body becomes a RuntimeError (PEP 479): else a `next()` too many would end the loop around it.
"""

from mypyc.common import GENERATOR_HELPER_NAME, NEXT_LABEL_ATTR_NAME
from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    ERR_FALSE,
    ERR_NEVER,
    BasicBlock,
    Branch,
    CallC,
    GetAttr,
    Integer,
    LoadErrorValue,
    Return,
    SetAttr,
)
from mypyc.ir.rtypes import RInstance, bool_rprimitive, object_rprimitive, void_rtype

_FINISHED = -1


def complete_generator(function: FuncIR) -> None:
    """Add the checks, when a function is the body or the `send` of a generator."""
    if function.name == GENERATOR_HELPER_NAME:
        _convert_stop_iteration(function)
    elif function.name == "send" and _is_generator_method(function):
        _check_sent_value(function)


def _is_generator_method(function: FuncIR) -> bool:
    generator = function.arg_regs[0].type
    return isinstance(generator, RInstance) and generator.class_ir.has_method(GENERATOR_HELPER_NAME)


def _convert_stop_iteration(function: FuncIR) -> None:
    for block in function.blocks:
        is_end = isinstance(block.ops[-1], Return)
        for index, op in enumerate(block.ops):
            if (
                is_end
                and isinstance(op, SetAttr)
                and op.attr == NEXT_LABEL_ATTR_NAME
                and isinstance(op.src, Integer)
                and op.src.value == _FINISHED
            ):
                convert = CallC(
                    "generator_failed", [], void_rtype, False, False, ERR_NEVER, op.line
                )
                block.ops.insert(index, convert)
                break


def _check_sent_value(function: FuncIR) -> None:
    generator, value = function.arg_regs[:2]
    line = function.line
    first = function.blocks[0]
    rest, refused = BasicBlock(), BasicBlock()
    rest.ops = first.ops
    error = LoadErrorValue(object_rprimitive)
    refused.ops = [error, Return(error)]
    label = GetAttr(generator, NEXT_LABEL_ATTR_NAME, line)
    check = CallC("generator_takes", [label, value], bool_rprimitive, False, False, ERR_FALSE, line)
    first.ops = [label, check, Branch(check, rest, refused, Branch.BOOL)]
    function.blocks += [rest, refused]
