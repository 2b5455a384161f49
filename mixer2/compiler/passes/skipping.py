"""Characters that a loop only passes over are passed over at once.

    for place in range(len(text)):          L4: r5 = skip_characters(text, r5, r4, 61, 61)
        character = text[place]                 r7 = str_character(text, r5 >> 1)
        if character == "=":                    r9 = r7 == '='
            ...                                 if r9 goto L6 else goto L17

A turn is gone through in thought with each character: from the block that reads it, until it comes
back there, or does something that can be seen. Where it comes back for most characters, the place
moves to the next of the others first, by a loop of its own that does nothing but compare. The last
turn is never left out, and what turns set besides the place is read by none before it sets that
itself: so variables have the values that they would have had.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    ERR_NEVER,
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
    LoadAddress,
    LoadLiteral,
    LoadMem,
    Op,
    Register,
    Truncate,
    Value,
)
from mypyc.ir.rtypes import int64_rprimitive, is_tagged

from mixer2.compiler.emit import representation
from mixer2.compiler.passes.values import all_ops, successors
from mixer2.compiler.wasm.types import I64

SKIP: Final = "skip_characters"
SKIP_BYTES: Final = "skip_bytes"

# What reads a character, or a byte: how many there are of which the loop may pass over some, and
# what passes over them. Of text beyond ASCII none are.
_READS: Final = {
    "str_character": (0x80, SKIP),
    "CPyStr_GetItemUnsafeAsInt": (0x80, SKIP),
    "CPyBytes_GetItem": (0x100, SKIP_BYTES),
    "CPyBytes_GetItemUnsafe": (0x100, SKIP_BYTES),
}
# What stands before that: none of the places that are passed over is negative or out of range.
_RANGE_CHECKS: Final = frozenset({"CPyStr_RangeCheck", "CPyBytes_RangeCheck"})
_ADJUSTMENTS: Final = frozenset({"CPyStr_AdjustIndex", "CPyBytes_AdjustIndex"})
# So many groups of characters that stop the loop are compared with, at most.
_GROUPS: Final = 3
# A character that loops pass over, if they pass over most: most loops are told by it.
_PROBE: Final = ord("a")
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
class _Place:
    """What the variable held when the turn began, and so many more; tagged as ints are, or not."""

    variable: Register
    more: int
    is_tagged: bool


_Known = int | _Place | None


class _Seen(Exception):
    """The turn does something that can be seen."""


@dataclass(slots=True)
class _Turn:
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
    place: _Place | None = None
    limit: Value | None = None
    header: BasicBlock | None = None
    set_here: set[Register] = field(default_factory=set)


class _Skip(NamedTuple):
    """What gives the next place, and the variable that is set to it."""

    call: CallC
    variable: Register


def skip_characters(function: FuncIR) -> None:
    """Let loops pass over characters at once.

    Args:
        function: Its ops are changed.
    """
    if not any(map(_is_read, all_ops(function))):
        return
    hidden = {op.src for op in all_ops(function) if isinstance(op, LoadAddress)}
    before: dict[BasicBlock, list[BasicBlock]] = {block: [] for block in function.blocks}
    for block in function.blocks:
        for target in successors(block):
            before[target].append(block)
    for block in function.blocks:
        reads = [op for op in block.ops if _is_read(op)]
        if len(reads) != 1:
            continue
        # Where the turn begins: here, or with a test of the place right before.
        starts = [block, *before[block]] if len(before[block]) == 1 else [block]
        for start in starts:
            skip = _skip(start, reads[0], before[start])
            if skip is not None and hidden.isdisjoint(skip.call.sources()):
                start.ops[:0] = [skip.call, Assign(skip.variable, skip.call, skip.call.line)]
                break


def _is_read(op: Op) -> bool:
    return isinstance(op, CallC) and op.function_name in _READS


def _skip(block: BasicBlock, read: Op, before: list[BasicBlock]) -> _Skip | None:
    """What moves the place on at the beginning of a block, if anything does."""
    assert isinstance(read, CallC)
    count, name = _READS[read.function_name]
    if _turn(block, _PROBE) is None:
        return None
    kept: dict[Register, bool] = {}
    taken = [_turn(block, character, kept) for character in range(count)]
    stops = [character for character, turn in enumerate(taken) if turn is None]
    turns = [turn for turn in taken if turn is not None]
    groups = list(_groups(stops))
    if len(groups) > _GROUPS or len(turns) < count // 2:
        return None
    first = turns[0]
    if first.read is not read:
        return None
    if any(turn.limit is not first.limit or turn.place != first.place for turn in turns):
        return None
    if first.header is not None and before != [first.header]:
        return None
    assert first.place is not None
    variable = first.place.variable
    text = read.args[0]
    if not isinstance(text, Register) or any(text in turn.set_here for turn in turns):
        return None
    limit = first.limit or Integer((1 << 62) - 1, variable.type)
    bounds = [Integer(bound, int64_rprimitive) for group in groups for bound in group]
    call = CallC(
        name, [text, variable, limit, *bounds], variable.type, False, False, ERR_NEVER, read.line
    )
    return _Skip(call, variable)


def _is_read_from(start: BasicBlock, register: Register) -> bool:
    """Whether anything from a block on may read what a variable holds there."""
    pending, seen = [start], {start}
    while pending:
        block = pending.pop()
        for op in block.ops:
            if register in op.sources() and not _counts_an_int(op):
                return True
            if isinstance(op, Assign) and op.dest is register:
                break
        else:
            targets = set(successors(block)) - seen
            seen |= targets
            pending += targets
    return False


def _counts_an_int(op: Op) -> bool:
    return isinstance(op, DecRef | IncRef) and is_tagged(op.src.type)


def _groups(characters: list[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of those that follow one another."""
    start = 0
    for index, character in enumerate(characters):
        if index + 1 == len(characters) or characters[index + 1] != character + 1:
            yield characters[start], character
            start = index + 1


# One turn.


def _turn(
    start: BasicBlock, character: int, kept: dict[Register, bool] | None = None
) -> _Turn | None:
    """A turn with a character; None where it does not come back, or leaves something behind.

    Args:
        start: Where turns begin.
        character: The code point, or the byte.
        kept: Which variables are read from there on before they are set; it grows.
    """
    turn = _Turn(character)
    try:
        _take(turn, start)
    except _Seen:
        return None
    kept = {} if kept is None else kept
    for register in turn.set_here - {_variable(turn)}:
        if register not in kept:
            kept[register] = _is_read_from(start, register)
    return None if any(kept.get(register) for register in turn.set_here) else turn


def _take(turn: _Turn, start: BasicBlock) -> None:
    """Go through a turn.

    Raises:
        _Seen: it does not come back, or leaves something behind.
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
            raise _Seen
        block = target
    place = turn.place
    if place is None:
        raise _Seen
    moved = turn.values.get(place.variable)
    if moved != _Place(place.variable, 1, is_tagged(place.variable.type)):
        raise _Seen
    if turn.limit is not None and not _is_fixed(turn, turn.limit):
        raise _Seen


def _target(turn: _Turn, block: BasicBlock, end: Op, start: BasicBlock) -> BasicBlock | None:
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
        and isinstance(_known(turn, test.lhs), _Place)
        and _known(turn, test.lhs) == turn.values.get(_variable(turn))
    ):
        turn.limit = test.rhs
        turn.header = block
        return start
    return None


def _variable(turn: _Turn) -> Register:
    if turn.place is None:
        raise _Seen
    return turn.place.variable


def _step(turn: _Turn, op: Op) -> None:
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
    elif not _counts_an_int(op):
        raise _Seen


def _call(turn: _Turn, op: CallC) -> None:
    name = op.function_name
    if name in _READS or name in _RANGE_CHECKS:
        place = _known(turn, op.args[1])
        if turn.read is not None or not isinstance(place, _Place) or place.more:
            raise _Seen
        if turn.text not in (None, op.args[0]) or turn.place not in (None, place):
            raise _Seen
        turn.text, turn.place = op.args[0], place
        if name in _RANGE_CHECKS:
            turn.values[op] = 1
            return
        if place.is_tagged != (name == "CPyBytes_GetItem"):
            raise _Seen
        turn.read = op
        turn.values[op] = turn.character << 1
    elif name in _ADJUSTMENTS:
        turn.values[op] = _known(turn, op.args[1])
    elif name == "CPyTagged_Add":
        moved = _moved(_known(turn, op.args[0]), _known(turn, op.args[1]))
        # Of other ints the sum may be too large, which is an exception.
        if moved is None or moved.variable is not _variable(turn):
            raise _Seen
        turn.values[op] = moved
    elif name == "str_has_character":
        where, character = op.args
        known = _known(turn, character)
        if not isinstance(where, LoadLiteral) or not isinstance(known, int):
            raise _Seen
        assert isinstance(where.value, str)
        turn.values[op] = int(chr(known >> 1) in where.value)
    elif name == "CPyStr_Size_size_t":
        turn.values[op] = None
    else:
        raise _Seen


def _moved(left: _Known, right: _Known) -> _Place | None:
    """A place, one further."""
    if isinstance(left, _Place) and right == (2 if left.is_tagged else 1):
        return _Place(left.variable, left.more + 1, left.is_tagged)
    return None


def _computed(op: IntOp, left: _Known, right: _Known) -> _Known:
    if isinstance(left, _Place) and isinstance(right, int):
        if op.op == IntOp.RIGHT_SHIFT and right == 1 and left.is_tagged:
            return _Place(left.variable, left.more, is_tagged=False)
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


def _known(turn: _Turn, value: Value) -> _Known:
    if isinstance(value, Integer):
        return value.value - _WORD if value.value >> 63 > 0 else value.value
    if isinstance(value, Register) and value not in turn.values:
        is_wide = representation.scalar(value.type).local == I64
        turn.values[value] = _Place(value, 0, is_tagged(value.type)) if is_wide else None
    return turn.values.get(value)


def _is_fixed(turn: _Turn, value: Value) -> bool:
    """Whether a value is the same in all turns that are gone through so."""
    if isinstance(value, Register):
        return value not in turn.set_here
    if isinstance(value, IntOp | CallC | LoadMem | GetElementPtr) and value in turn.values:
        return all(_is_fixed(turn, source) for source in value.sources())
    return value not in turn.values
