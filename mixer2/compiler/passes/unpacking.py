"""Unpacking an iterator: what it raises, in CPython's words, and what it must not hide.

mypyc takes an iterator that raises for one that has ended, and its messages have no numbers.
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    ERR_FALSE,
    BasicBlock,
    Branch,
    CallC,
    ComparisonOp,
    Goto,
    Integer,
    RaiseStandardError,
    Value,
)
from mypyc.ir.rtypes import bool_rprimitive, c_int_rprimitive, short_int_rprimitive

_NEXT = "PyIter_Next"
_TO_LIST = "PySequence_List"
_TOO_FEW = "not enough values to unpack"
_TOO_MANY = "too many values to unpack"


def complete_unpacking(function: FuncIR) -> None:
    """Correct each unpacking of an iterator in a function."""
    taken: dict[Value, list[tuple[CallC, BasicBlock]]] = {}
    lists: dict[Value, CallC] = {}
    for block in function.blocks:
        for op in block.ops:
            if isinstance(op, CallC) and op.function_name == _TO_LIST:
                lists[op.args[0]] = op
        branch = block.ops[-1]
        if not isinstance(branch, Branch) or branch.op != Branch.IS_ERROR:
            continue
        item = branch.value
        if isinstance(item, CallC) and item.function_name == _NEXT:
            ended, going = branch.true, branch.false
            if branch.negated:
                ended, going = going, ended
            if (raises := _raises(ended, _TOO_FEW)) is not None:
                taken.setdefault(item.args[0], []).append((item, raises))
            elif (raises := _raises(going, _TOO_MANY)) is not None:
                item.function_name = "unpacking_end"
                count = len(taken.get(item.args[0], ()))
                _replace(raises, "raise_too_many_values", [Integer(count, c_int_rprimitive)])
    rests = _lengths_after_star(function)
    for iterator in {**taken, **lists}:
        items = taken.get(iterator, [])
        rest = rests.get(lists[iterator].line) if iterator in lists else None
        expected = len(items) + (rest[0] if rest else 0)
        for got, (_, raises) in enumerate(items):
            _replace_too_few(raises, expected, Integer(got, short_int_rprimitive), 0, rest)
        if rest:
            _replace_too_few(rest[2], expected, rest[1], len(items), rest)


_Rest = tuple[int, Value, BasicBlock]
"""How many targets stand behind the star, how many values there are for them, what raises."""


def _lengths_after_star(function: FuncIR) -> dict[int, _Rest]:
    """By line, the test that enough values are left for the targets behind a star."""
    found: dict[int, _Rest] = {}
    for block in function.blocks:
        branch = block.ops[-1]
        if not isinstance(branch, Branch) or not isinstance(branch.value, ComparisonOp):
            continue
        test = branch.value
        raises = _raises(branch.true if branch.negated else branch.false, _TOO_FEW)
        if raises is not None and isinstance(test.lhs, Integer):
            found[test.line] = (test.lhs.value >> 1, test.rhs, raises)
    return found


def _raises(block: BasicBlock, message: str) -> BasicBlock | None:
    """The block that raises this and is entered by `block`, which may have to drop values first."""
    while isinstance(block.ops[-1], Goto):
        block = block.ops[-1].label
    for op in block.ops:
        if isinstance(op, RaiseStandardError) and op.value == message:
            return block
    return None


def _replace_too_few(
    block: BasicBlock, expected: int, got: Value, taken: int, rest: _Rest | None
) -> None:
    arguments = [
        Integer(expected, c_int_rprimitive),
        got,
        Integer(taken, c_int_rprimitive),
        Integer(int(rest is not None), c_int_rprimitive),
    ]
    _replace(block, "raise_too_few_values", arguments)


def _replace(block: BasicBlock, function_name: str, arguments: list[Value]) -> None:
    """Call a function that raises in place of the op that does."""
    for index, op in enumerate(block.ops):
        if isinstance(op, RaiseStandardError):
            call = CallC(
                function_name, arguments, bool_rprimitive, False, False, ERR_FALSE, op.line
            )
            block.ops[index] = call
            branch = block.ops[-1]
            assert isinstance(branch, Branch)
            branch.value = call
            return
