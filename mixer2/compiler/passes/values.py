"""Editing the ops of a function: what several passes need beside the IR's own classes."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

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
    replace_values(function, {old: new})


def replace_values(function: FuncIR, replaced: Mapping[Value, Value]) -> None:
    """Use other values wherever some are used; what takes their place may itself be replaced."""
    if not replaced:
        return
    for op in all_ops(function):
        sources = op.sources()
        if not replaced.keys().isdisjoint(sources):
            op.set_sources([_in_place_of(source, replaced) for source in sources])


def _in_place_of(value: Value, replaced: Mapping[Value, Value]) -> Value:
    while value in replaced:
        value = replaced[value]
    return value


def remove_ops(function: FuncIR, unneeded: Callable[[Op], bool]) -> None:
    """Drop ops. None may end a block, and nothing else may use them."""
    for block in function.blocks:
        kept = [op for op in block.ops if not unneeded(op)]
        if len(kept) != len(block.ops):
            block.ops = kept


def never_fails(function: FuncIR, value: Value) -> None:
    """Branch as for a value that is no error: neither the error value nor negative."""
    never_fail(function, {value})


def never_fail(function: FuncIR, values: AbstractSet[Value]) -> None:
    """Branch as for values that are no errors, as `never_fails` for each of them."""
    if not values:
        return
    for block in function.blocks:
        branch = block.ops[-1]
        if not isinstance(branch, Branch):
            continue
        if branch.op == Branch.IS_ERROR and branch.value in values:
            block.ops[-1] = Goto(branch.true if branch.negated else branch.false, branch.line)
        elif branch.op == Branch.BOOL and _is_not_negative(branch.value, values):
            block.ops[-1] = Goto(branch.false if branch.negated else branch.true, branch.line)


def _is_not_negative(test: Value, values: AbstractSet[Value]) -> bool:
    return (
        isinstance(test, ComparisonOp)
        and test.op == ComparisonOp.SGE
        and test.lhs in values
        and isinstance(test.rhs, Integer)
        and test.rhs.value == 0
    )


def drop_values(function: FuncIR, unneeded: set[Value]) -> None:
    """Remove ops whose results only tests for errors and reference counts still use."""
    if not unneeded:
        return
    never_fail(function, unneeded)
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
        self._dropped: set[Value] = set()
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
        """Say that nothing reads an array any more; it goes with `remove_dropped`."""
        array = self._array(address)
        assert array is not None
        self._dropped |= {address, array}

    def remove_dropped(self) -> None:
        """Remove the arrays that were dropped."""
        if self._dropped:
            remove_ops(self._function, self._dropped.__contains__)
            self._dropped = set()

    def _array(self, address: Value) -> AssignMulti | None:
        if isinstance(address, LoadAddress) and isinstance(address.src, Register):
            return self._arrays.get(address.src)
        return None
