"""Which values the ints of a function can have where they are used.

    for byte in data:                           index      0 to the size of data - 1
        value = (value ^ byte) * 3 & 0xFF       value ^ 3  0 to 255

Each block is gone through with what is known about the variables at its beginning, until nothing
changes any more. A comparison narrows what it compares on both ways out. Bounds that grow with
every turn of a loop are set far out soon, and drawn in again in the end. What nobody will read any
more is forgotten: a function of thousands of statements has few values at a time.

Source: P. and R. Cousot, "Abstract interpretation", POPL 1977: widening and narrowing.
"""

from collections.abc import Iterator
from heapq import heappop, heappush

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    Assign,
    BasicBlock,
    Branch,
    CallC,
    ComparisonOp,
    ControlOp,
    Extend,
    GetElementPtr,
    Integer,
    IntOp,
    LoadAddress,
    LoadMem,
    Op,
    Register,
    Unborrow,
    Value,
)

from mixer2.compiler.emit import representation
from mixer2.compiler.passes import intervals, relations
from mixer2.compiler.passes.intervals import ANY, SIZE, Interval
from mixer2.compiler.passes.liveness import live_at_start
from mixer2.compiler.passes.values import all_ops, successors
from mixer2.compiler.wasm.types import I64

_Known = dict[Value, Interval]

_OPERATIONS = {
    IntOp.ADD: intervals.add,
    IntOp.SUB: intervals.subtract,
    IntOp.MUL: intervals.multiply,
    IntOp.AND: intervals.bit_and,
    IntOp.OR: intervals.bit_or,
    IntOp.XOR: intervals.bit_or,
    IntOp.LEFT_SHIFT: intervals.shift_left,
    IntOp.RIGHT_SHIFT: intervals.shift_right,
}

# Results of primitives, as machine values: tagged ints are shifted by one.
_RESULTS = {
    "CPyStr_Size_size_t": SIZE,
    "CPyBytes_GetItem": (0, 510),
    "CPyBytes_GetItemUnsafe": (0, 510),
    "CPyBytes_Ord": (0, 510),
    "CPyStr_GetItemUnsafeAsInt": (0, 2 * 0x10FFFF),
    "str_character": (0, 2 * 0x10FFFF),
    "CPyStr_Ord": (0, 2 * 0x10FFFF),
}
_RANGE_CHECKS = frozenset({"CPyBytes_RangeCheck", "CPyStr_RangeCheck"})

# How often a block is looked at before its bounds are set far out.
_PATIENCE = 2


class Ranges:
    """The ranges of a function's ints.

    Args:
        function: Its IR, which is not changed.
    """

    def __init__(self, function: FuncIR) -> None:
        self._blocks = _reverse_postorder(function.blocks[0])
        # Variables whose address is taken may change anywhere.
        self._hidden = {
            op.src
            for op in all_ops(function)
            if isinstance(op, LoadAddress) and isinstance(op.src, Register)
        }
        self._live = live_at_start(self._blocks, self._is_followed)
        # A variable that is not in there has no value yet; a result that is not can be anything.
        start: _Known = {r: _range_of_type(r) for r in function.arg_regs if self._is_followed(r)}
        self._before: dict[BasicBlock, _Known] = {self._blocks[0]: start}
        # By the block that is entered, and the one from which.
        self._edges: dict[BasicBlock, dict[BasicBlock, _Known]] = {b: {} for b in self._blocks}
        self._iterate()
        self._draw_in()

    def walk(self) -> Iterator[tuple[BasicBlock, int, Op]]:
        """The ops that can be reached, each with its block and its place in it.

        `of` answers for the op that was given last: for its operands.
        """
        for block in self._blocks:
            if block not in self._before:
                continue
            self._known = dict(self._before[block])
            for index, op in enumerate(block.ops):
                yield block, index, op
                self._step(op)

    def of(self, value: Value) -> Interval:
        """What an operand can be."""
        if isinstance(value, Integer):
            number = value.value
            if number > intervals.LARGEST:
                number -= 1 << 64
            return number, number
        return self._known.get(value) or _range_of_type(value)

    def outcome(self, test: ComparisonOp) -> bool | None:
        """What a comparison gives; None when that depends."""
        if not _is_wide(test.lhs):
            return None
        left, right = self.of(test.lhs), self.of(test.rhs)
        operator = relations.signed(test.op, left, right)
        if operator is None:
            return None
        low, high = relations.bounded(left, operator, right)
        if low > high:
            return False
        low, high = relations.bounded(left, relations.OPPOSITE[operator], right)
        return True if low > high else None

    # The analysis.

    def _is_followed(self, value: Value) -> bool:
        return _is_wide(value) and not isinstance(value, Integer) and value not in self._hidden

    def _iterate(self) -> None:
        visits = dict.fromkeys(self._blocks, 0)
        position = {block: number for number, block in enumerate(self._blocks)}
        # Positions of blocks to look at, the first first.
        pending, is_pending = [0], {0}
        while pending:
            number = heappop(pending)
            is_pending.discard(number)
            block = self._blocks[number]
            visits[block] += 1
            for target, known in self._ways_out(block):
                is_news = self._enter(target, known, widen=visits[target] >= _PATIENCE)
                if is_news and position[target] not in is_pending:
                    is_pending.add(position[target])
                    heappush(pending, position[target])

    def _draw_in(self) -> None:
        """Go through all blocks once more: what is computed from safe bounds is safe."""
        for block in self._blocks:
            incoming = list(self._edges[block].values())
            if block is not self._blocks[0]:
                if not incoming:
                    self._before.pop(block, None)
                    continue
                before = incoming[0]
                for known in incoming[1:]:
                    before = self._join(before, known)
                self._before[block] = before
            reached = {target for target, _ in self._ways_out(block)}
            for target in successors(block):
                if target not in reached:
                    self._edges[target].pop(block, None)

    def _enter(self, block: BasicBlock, known: _Known, *, widen: bool) -> bool:
        """Take over what is known on a way into a block; whether that is news."""
        old = self._before.get(block)
        if old is None:
            self._before[block] = known
            return True
        new = self._join(old, known)
        if widen:
            new = {v: intervals.widened(old[v], i) if v in old else i for v, i in new.items()}
        self._before[block] = new
        return new != old

    def _join(self, left: _Known, right: _Known) -> _Known:
        joined: _Known = {}
        for value in left.keys() | right.keys():
            if value in left and value in right:
                joined[value] = intervals.hull(left[value], right[value])
            elif isinstance(value, Register):
                # Where a variable has no value yet, nothing reads it.
                joined[value] = left[value] if value in left else right[value]
        return joined

    def _ways_out(self, block: BasicBlock) -> list[tuple[BasicBlock, _Known]]:
        self._known = dict(self._before[block])
        for op in block.ops[:-1]:
            self._step(op)
        end = block.ops[-1]
        found: dict[BasicBlock, _Known] = {}
        for target, known in self._targets(block, end):
            found[target] = self._join(found[target], known) if target in found else known
        for target, known in found.items():
            self._edges[target][block] = known
        return list(found.items())

    def _targets(self, block: BasicBlock, end: Op) -> Iterator[tuple[BasicBlock, _Known]]:
        if isinstance(end, Branch) and end.op == Branch.BOOL:
            for target, outcome in ((end.true, not end.negated), (end.false, end.negated)):
                known = self._narrowed(block, end.value, outcome)
                if known is not None:
                    yield target, self._needed(target, known)
        elif isinstance(end, ControlOp):
            for target in end.targets():
                yield target, self._needed(target, self._known)

    def _needed(self, target: BasicBlock, known: _Known) -> _Known:
        """What a block may read of what is known."""
        return {value: known[value] for value in self._live[target] if value in known}

    def _narrowed(self, block: BasicBlock, test: Value, outcome: bool) -> _Known | None:
        """What is known where a test has this outcome; None when it cannot have it."""
        known = dict(self._known)
        if not self._stands(block, test):
            return known
        if isinstance(test, CallC) and test.function_name in _RANGE_CHECKS and outcome:
            self._narrow(known, test.args[1], SIZE)
        if not isinstance(test, ComparisonOp) or not _is_wide(test.lhs):
            return known
        left, right = self.of(test.lhs), self.of(test.rhs)
        operator = relations.signed(test.op, left, right)
        if operator is None:
            return known
        if not outcome:
            operator = relations.OPPOSITE[operator]
        for value, own, other, relation in (
            (test.lhs, left, right, operator),
            (test.rhs, right, left, relations.MIRRORED[operator]),
        ):
            low, high = relations.bounded(own, relation, other)
            if low > high:
                return None
            self._narrow(known, value, (low, high))
        return known

    def _narrow(self, known: _Known, value: Value, interval: Interval) -> None:
        if self._is_followed(value):
            known[value] = interval

    @staticmethod
    def _stands(block: BasicBlock, test: Value) -> bool:
        """Whether what a test of this block is about has not changed since."""
        for op in reversed(block.ops):
            if op is test:
                return True
            if isinstance(op, Assign) and isinstance(test, Op) and op.dest in test.sources():
                return False
        return False

    def _step(self, op: Op) -> None:
        if isinstance(op, Assign):
            if self._is_followed(op.dest):
                self._known[op.dest] = self.of(op.src)
        elif not op.is_void:
            found = self._result(op)
            if found is None:
                self._known.pop(op, None)
            else:
                self._known[op] = found

    def _result(self, op: Op) -> Interval | None:
        if isinstance(op, IntOp) and _is_wide(op):
            operate = _OPERATIONS.get(op.op)
            found = operate(self.of(op.lhs), self.of(op.rhs)) if operate else ANY
            return found if intervals.fits(found) else None
        if isinstance(op, CallC):
            return self._result_of_call(op)
        if isinstance(op, Extend):
            bits = 8 * representation.scalar(op.src.type).size
            return (-(1 << bits - 1), (1 << bits - 1) - 1) if op.signed else (0, (1 << bits) - 1)
        if isinstance(op, Unborrow):
            return self._known.get(op.src)
        if isinstance(op, LoadMem) and isinstance(op.src, GetElementPtr):
            return SIZE if op.src.field in ("ob_size", "used", "ma_used") else None
        return None

    def _result_of_call(self, op: CallC) -> Interval | None:
        name = op.function_name
        if name in _RESULTS:
            return _RESULTS[name]
        exact = exact_result(name, [self.of(argument) for argument in op.args])
        return None if exact is None else intervals.clipped(exact)


def exact_result(name: str, of: list[Interval]) -> Interval | None:
    """The results of a primitive of int, were there no bounds; None when it is none of them.

    Args:
        name: The primitive.
        of: Its arguments.
    """
    match name:
        case "CPyTagged_Add":
            return intervals.add(of[0], of[1])
        case "CPyTagged_Subtract":
            return intervals.subtract(of[0], of[1])
        case "CPyTagged_Multiply":
            return intervals.multiply(of[0], intervals.shift_right(of[1], (1, 1)))
        case "CPyTagged_Negate":
            return -of[0][1], -of[0][0]
        case "CPyTagged_Lshift":
            count = intervals.shift_right(of[1], (1, 1))
            return intervals.shift_left(of[0], count) if count[0] >= 0 else None
        case "CPyTagged_FromInt64" | "CPyTagged_FromSsize_t":
            return intervals.shift_left(of[0], (1, 1))
        case _:
            return None


def _is_wide(value: Value) -> bool:
    """Whether a value is a machine integer of 64 bits: what the analysis is about."""
    return representation.scalar(value.type).local == I64


def _range_of_type(value: Value) -> Interval:
    return ANY if _is_wide(value) else (-(1 << 31), (1 << 32) - 1)


def _reverse_postorder(entry: BasicBlock) -> list[BasicBlock]:
    order: list[BasicBlock] = []
    seen = {entry}
    stack = [(entry, iter(successors(entry)))]
    while stack:
        block, targets = stack[-1]
        for target in targets:
            if target not in seen:
                seen.add(target)
                stack.append((target, iter(successors(target))))
                break
        else:
            order.append(block)
            stack.pop()
    order.reverse()
    return order
