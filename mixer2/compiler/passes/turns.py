"""One turn of a loop over characters, gone through in thought with a certain one of them.

What a turn does with other things than the character and its place can be seen from outside; such
a turn is not gone through to its end.
"""

from dataclasses import dataclass, field
from typing import Final

from mypyc.ir.ops import (
    Assign,
    BasicBlock,
    Branch,
    CallC,
    ComparisonOp,
    DecRef,
    GetElementPtr,
    Goto,
    IncRef,
    Integer,
    IntOp,
    LoadLiteral,
    LoadMem,
    Op,
    Register,
    Truncate,
    Value,
)
from mypyc.ir.rtypes import is_tagged

from mixer2.compiler.emit import representation
from mixer2.compiler.wasm.types import I64

READS: Final = {
    "str_character": 0x80,
    "CPyStr_GetItemUnsafeAsInt": 0x80,
    "CPyBytes_GetItem": 0x100,
    "CPyBytes_GetItemUnsafe": 0x100,
}
"""What reads a character, or a byte: how many there are of which a loop may pass over some. Of text
beyond ASCII none are."""

# What stands before that: none of the places that are passed over is negative or out of range.
_RANGE_CHECKS: Final = frozenset({"CPyStr_RangeCheck", "CPyBytes_RangeCheck"})
_ADJUSTMENTS: Final = frozenset({"CPyStr_AdjustIndex", "CPyBytes_AdjustIndex"})
# So many ops of a turn are looked at.
_PATIENCE: Final = 60

_WORD: Final = 1 << 64
_COMPARISONS: Final = {
    ComparisonOp.EQ: lambda a, b: a == b,
    ComparisonOp.NEQ: lambda a, b: a != b,
    ComparisonOp.SLT: lambda a, b: a < b,
    ComparisonOp.SLE: lambda a, b: a <= b,
    ComparisonOp.SGT: lambda a, b: a > b,
    ComparisonOp.SGE: lambda a, b: a >= b,
    ComparisonOp.ULT: lambda a, b: a % _WORD < b % _WORD,
    ComparisonOp.ULE: lambda a, b: a % _WORD <= b % _WORD,
    ComparisonOp.UGT: lambda a, b: a % _WORD > b % _WORD,
    ComparisonOp.UGE: lambda a, b: a % _WORD >= b % _WORD,
}


@dataclass(frozen=True, slots=True)
class Place:
    """What the variable held when the turn began, and so many more; tagged as ints are, or not."""

    variable: Register
    more: int
    is_tagged: bool


_Known = int | Place | None


class Seen(Exception):
    """The turn does something that can be seen."""


@dataclass(slots=True)
class Turn:
    """One turn of a loop with a certain character.

    Attributes:
        values: What is known of variables and results.
        read: What reads the character.
        text: What it is read from.
        place: Where it is read.
        limit: What the place is compared with before the next turn.
        header: The block that compares.
        set_here: Variables that were set.
    """

    character: int
    values: dict[Value, _Known] = field(default_factory=dict)
    read: CallC | None = None
    text: Value | None = None
    place: Place | None = None
    limit: Value | None = None
    header: BasicBlock | None = None
    set_here: set[Register] = field(default_factory=set)


def take(turn: Turn, start: BasicBlock) -> None:
    """Go through a turn.

    Raises:
        Seen: it does not come back, or leaves something behind.
    """
    block = start
    patience = _PATIENCE
    while True:
        for op in block.ops[:-1]:
            _step(turn, op)
        patience -= len(block.ops)
        end = block.ops[-1]
        target = _target(turn, block, end, start)
        if target is start:
            break
        if patience < 0 or target is None:
            raise Seen
        block = target
    place = turn.place
    if place is None:
        raise Seen
    moved = turn.values.get(place.variable)
    if moved != Place(place.variable, 1, is_tagged(place.variable.type)):
        raise Seen
    if turn.limit is not None and not _is_fixed(turn, turn.limit):
        raise Seen


def _target(turn: Turn, block: BasicBlock, end: Op, start: BasicBlock) -> BasicBlock | None:
    if isinstance(end, Goto):
        return end.label
    if not isinstance(end, Branch):
        return None
    if end.op == Branch.IS_ERROR:
        known = turn.values.get(end.value)
        is_sure = end.value is turn.read or (isinstance(end.value, Op) and known is not None)
        return (end.true if end.negated else end.false) if is_sure else None
    known = _known(turn, end.value)
    if isinstance(known, int):
        return end.true if bool(known) != end.negated else end.false
    test = end.value
    inside = end.false if end.negated else end.true
    if (
        inside is start
        and isinstance(test, ComparisonOp)
        and test.op == ComparisonOp.SLT
        and isinstance(_known(turn, test.lhs), Place)
        and _known(turn, test.lhs) == turn.values.get(variable_of(turn))
    ):
        turn.limit = test.rhs
        turn.header = block
        return start
    return None


def variable_of(turn: Turn) -> Register:
    """The variable that has the place.

    Raises:
        Seen: nothing was read.
    """
    if turn.place is None:
        raise Seen
    return turn.place.variable


def _step(turn: Turn, op: Op) -> None:
    if isinstance(op, Assign):
        turn.values[op.dest] = _known(turn, op.src)
        turn.set_here.add(op.dest)
    elif isinstance(op, IntOp):
        turn.values[op] = _computed(op, _known(turn, op.lhs), _known(turn, op.rhs))
    elif isinstance(op, ComparisonOp):
        left, right = _known(turn, op.lhs), _known(turn, op.rhs)
        both = isinstance(left, int) and isinstance(right, int)
        turn.values[op] = int(_COMPARISONS[op.op](left, right)) if both else None
    elif isinstance(op, CallC):
        _call(turn, op)
    elif isinstance(op, Truncate):
        known = _known(turn, op.src)
        turn.values[op] = known & 1 if isinstance(known, int) else None
    elif isinstance(op, LoadLiteral | GetElementPtr | LoadMem):
        turn.values[op] = None
    elif not counts_an_int(op):
        raise Seen


def _call(turn: Turn, op: CallC) -> None:
    name = op.function_name
    if name in READS or name in _RANGE_CHECKS:
        place = _known(turn, op.args[1])
        if turn.read is not None or not isinstance(place, Place) or place.more:
            raise Seen
        if turn.text not in (None, op.args[0]) or turn.place not in (None, place):
            raise Seen
        turn.text, turn.place = op.args[0], place
        if name in _RANGE_CHECKS:
            turn.values[op] = 1
            return
        if place.is_tagged != (name == "CPyBytes_GetItem"):
            raise Seen
        turn.read = op
        turn.values[op] = turn.character << 1
    elif name in _ADJUSTMENTS:
        turn.values[op] = _known(turn, op.args[1])
    elif name == "CPyTagged_Add":
        moved = _moved(_known(turn, op.args[0]), _known(turn, op.args[1]))
        # Of other ints the sum may be too large, which is an exception.
        if moved is None or moved.variable is not variable_of(turn):
            raise Seen
        turn.values[op] = moved
    elif name == "str_has_character":
        where, character = op.args
        known = _known(turn, character)
        if not isinstance(where, LoadLiteral) or not isinstance(known, int):
            raise Seen
        assert isinstance(where.value, str)
        turn.values[op] = int(chr(known >> 1) in where.value)
    elif name == "CPyStr_Size_size_t":
        turn.values[op] = None
    else:
        raise Seen


def _moved(left: _Known, right: _Known) -> Place | None:
    """A place, one further."""
    if isinstance(left, Place) and right == (2 if left.is_tagged else 1):
        return Place(left.variable, left.more + 1, left.is_tagged)
    return None


def _computed(op: IntOp, left: _Known, right: _Known) -> _Known:
    if isinstance(left, Place) and isinstance(right, int):
        if op.op == IntOp.RIGHT_SHIFT and right == 1 and left.is_tagged:
            return Place(left.variable, left.more, is_tagged=False)
        if op.op == IntOp.ADD:
            return _moved(left, right)
    if not isinstance(left, int) or not isinstance(right, int):
        return None
    match op.op:
        case IntOp.ADD:
            return left + right
        case IntOp.SUB:
            return left - right
        case IntOp.AND:
            return left & right
        case IntOp.OR:
            return left | right
        case IntOp.XOR:
            return left ^ right
        case _:
            return None


def _known(turn: Turn, value: Value) -> _Known:
    if isinstance(value, Integer):
        return value.value - _WORD if value.value >> 63 > 0 else value.value
    if isinstance(value, Register) and value not in turn.values:
        is_wide = representation.scalar(value.type).local == I64
        turn.values[value] = Place(value, 0, is_tagged(value.type)) if is_wide else None
    return turn.values.get(value)


def _is_fixed(turn: Turn, value: Value) -> bool:
    """Whether a value is the same in all turns that are gone through so."""
    if isinstance(value, Register):
        return value not in turn.set_here
    if isinstance(value, IntOp | CallC | LoadMem | GetElementPtr) and value in turn.values:
        return all(_is_fixed(turn, source) for source in value.sources())
    return value not in turn.values


def counts_an_int(op: Op) -> bool:
    """Whether an op counts the references of an int, which has none."""
    return isinstance(op, DecRef | IncRef) and is_tagged(op.src.type)
