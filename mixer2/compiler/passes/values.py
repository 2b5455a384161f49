"""Editing the ops of a function: what several passes need beside the IR's own classes."""

from collections.abc import Callable

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    AssignMulti,
    BasicBlock,
    Box,
    Branch,
    CallC,
    Cast,
    ComparisonOp,
    ControlOp,
    DecRef,
    Goto,
    IncRef,
    Integer,
    LoadAddress,
    LoadLiteral,
    Op,
    Register,
    Value,
)
from mypyc.ir.rtypes import int_rprimitive, is_tagged, void_rtype


def all_ops(function: FuncIR) -> list[Op]:
    """The ops of a function."""
    return [op for block in function.blocks for op in block.ops]


def successors(block: BasicBlock) -> list[BasicBlock]:
    """The blocks that one may go to."""
    end = block.ops[-1]
    return list(end.targets()) if isinstance(end, ControlOp) else []


def replace_value(function: FuncIR, old: Value, new: Value) -> None:
    """Use `new` wherever `old` is used."""
    for op in all_ops(function):
        sources = op.sources()
        if old in sources:
            op.set_sources([new if source is old else source for source in sources])


def remove_ops(function: FuncIR, unneeded: Callable[[Op], bool]) -> None:
    """Drop ops. None may end a block, and nothing else may use them."""
    for block in function.blocks:
        kept = [op for op in block.ops if not unneeded(op)]
        if len(kept) != len(block.ops):
            block.ops = kept


def never_fails(function: FuncIR, value: Value) -> None:
    """Branch as for a value that is no error: neither the error value nor negative."""
    for block in function.blocks:
        branch = block.ops[-1]
        if not isinstance(branch, Branch):
            continue
        if branch.op == Branch.IS_ERROR and branch.value is value:
            block.ops[-1] = Goto(branch.true if branch.negated else branch.false, branch.line)
        elif branch.op == Branch.BOOL and _is_not_negative(branch.value, value):
            block.ops[-1] = Goto(branch.false if branch.negated else branch.true, branch.line)


def _is_not_negative(test: Value, value: Value) -> bool:
    return (
        isinstance(test, ComparisonOp)
        and test.op == ComparisonOp.SGE
        and test.lhs is value
        and isinstance(test.rhs, Integer)
        and test.rhs.value == 0
    )


def drop_values(function: FuncIR, unneeded: set[Value]) -> None:
    """Remove ops whose results only tests for errors and reference counts still use."""
    if not unneeded:
        return
    for value in unneeded:
        never_fails(function, value)
    remove_ops(
        function,
        lambda op: op in unneeded or (isinstance(op, DecRef | IncRef) and op.src in unneeded),
    )


def drop_result(function: FuncIR, call: CallC) -> None:
    """Make a call that always results in None one without a result."""
    never_fails(function, call)
    remove_ops(function, lambda op: isinstance(op, DecRef) and op.src is call)
    call.type = void_rtype


def unboxed_int(value: Value) -> Value | None:
    """The int that an object surely is, unboxed; None when it is something else."""
    if isinstance(value, Box) and is_tagged(value.src.type):
        return value.src
    if isinstance(value, LoadLiteral) and type(value.value) is int:
        return Integer(value.value, int_rprimitive)
    return None


def drop_unused_boxes(function: FuncIR) -> None:
    """Remove boxed ints that nothing uses any more."""
    boxes = {op for op in all_ops(function) if isinstance(op, Box)}
    if not boxes:
        return
    boxes -= {
        source
        for op in all_ops(function)
        if not isinstance(op, DecRef | IncRef)
        for source in op.sources()
    }
    drop_values(function, {box for box in boxes if is_tagged(box.src.type)})


def without_casts(value: Value) -> Value:
    """The value before its static type was changed."""
    while isinstance(value, Cast):
        value = value.src
    return value


class CallArguments:
    """Arguments that go through memory: `array = [a, b]; f(callee, &array, 2, names)`.

    Args:
        function: Whose arrays these are.
    """

    def __init__(self, function: FuncIR) -> None:
        self._function = function
        self._arrays = {op.dest: op for op in all_ops(function) if isinstance(op, AssignMulti)}

    def at(self, address: Value) -> list[Value] | None:
        """The values in the array at an address; None when that is not known."""
        array = self._array(address)
        return None if array is None else list(array.src)

    def replace(self, address: Value, values: list[Value]) -> None:
        """Put other values into the array at an address."""
        array = self._array(address)
        assert array is not None
        array.src = values

    def drop(self, address: Value) -> None:
        """Remove an array that nothing reads any more."""
        array = self._array(address)
        remove_ops(self._function, lambda op: op is address or op is array)

    def _array(self, address: Value) -> AssignMulti | None:
        if isinstance(address, LoadAddress) and isinstance(address.src, Register):
            return self._arrays.get(address.src)
        return None
