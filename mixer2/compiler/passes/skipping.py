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
from typing import Final, NamedTuple

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    ERR_NEVER,
    Assign,
    BasicBlock,
    CallC,
    Integer,
    LoadAddress,
    Op,
    Register,
)
from mypyc.ir.rtypes import int64_rprimitive

from mixer2.compiler.passes.turns import READS, Seen, Turn, counts_an_int, take, variable_of
from mixer2.compiler.passes.values import all_ops, successors

SKIP: Final = "skip_characters"
SKIP_BYTES: Final = "skip_bytes"

# What passes over characters, by how many different ones there are.
_SKIPS: Final = {0x80: SKIP, 0x100: SKIP_BYTES}
# So many groups of characters that stop the loop are compared with, at most.
_GROUPS: Final = 3
# A character that loops pass over, if they pass over most: most loops are told by it.
_PROBE: Final = ord("a")


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
    return isinstance(op, CallC) and op.function_name in READS


def _skip(block: BasicBlock, read: Op, before: list[BasicBlock]) -> _Skip | None:
    """What moves the place on at the beginning of a block, if anything does."""
    assert isinstance(read, CallC)
    count = READS[read.function_name]
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
        _SKIPS[count],
        [text, variable, limit, *bounds],
        variable.type,
        False,
        False,
        ERR_NEVER,
        read.line,
    )
    return _Skip(call, variable)


def _is_read_from(start: BasicBlock, register: Register) -> bool:
    """Whether anything from a block on may read what a variable holds there."""
    pending, seen = [start], {start}
    while pending:
        block = pending.pop()
        for op in block.ops:
            if register in op.sources() and not counts_an_int(op):
                return True
            if isinstance(op, Assign) and op.dest is register:
                break
        else:
            targets = set(successors(block)) - seen
            seen |= targets
            pending += targets
    return False


def _groups(characters: list[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of those that follow one another."""
    start = 0
    for index, character in enumerate(characters):
        if index + 1 == len(characters) or characters[index + 1] != character + 1:
            yield characters[start], character
            start = index + 1


def _turn(
    start: BasicBlock, character: int, kept: dict[Register, bool] | None = None
) -> Turn | None:
    """A turn with a character; None where it does not come back, or leaves something behind.

    Args:
        start: Where turns begin.
        character: The code point, or the byte.
        kept: Which variables are read from there on before they are set; it grows.
    """
    turn = Turn(character)
    try:
        take(turn, start)
    except Seen:
        return None
    kept = {} if kept is None else kept
    for register in turn.set_here - {variable_of(turn)}:
        if register not in kept:
            kept[register] = _is_read_from(start, register)
    return None if any(kept.get(register) for register in turn.set_here) else turn
