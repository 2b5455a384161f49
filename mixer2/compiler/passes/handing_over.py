"""References that a dict takes over in a loop, where the program drops its own right behind.

r1 = dict_set_item_str(d, name, value)        r1 = dict_put_str(d, name, value)
dec_ref name                            ->
dec_ref value

Elsewhere the shorter code would not be worth a function of its own.
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import BasicBlock, CallC, DecRef

from mixer2.compiler.passes.values import successors


def hand_over_references(function: FuncIR) -> None:
    """Let dicts take over keys and values.

    Args:
        function: Its ops are changed.
    """
    for block in function.blocks:
        for op in [op for op in block.ops if isinstance(op, CallC)]:
            if op.function_name == "dict_set_item_str" and _is_in_loop(block):
                _hand_over(block, op)


def _hand_over(block: BasicBlock, call: CallC) -> None:
    behind = block.ops.index(call) + 1
    dropped = block.ops[behind : behind + 2]
    given = [op.src for op in dropped if isinstance(op, DecRef) and not op.is_xdec]
    if given in (call.args[1:], call.args[:0:-1]):
        call.function_name = "dict_put_str"
        call.steals = [False, True, True]
        del block.ops[behind : behind + 2]


def _is_in_loop(block: BasicBlock) -> bool:
    pending, seen = [block], set[BasicBlock]()
    while pending:
        targets = set(successors(pending.pop())) - seen
        if block in targets:
            return True
        seen |= targets
        pending += targets
    return False
