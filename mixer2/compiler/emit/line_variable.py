"""The variable that says which line a function is at, for tracebacks.

It is set before a test that may lead to a note of the line, unless it holds that line already. The
optimising compiler of the proxy makes nothing of it on the way that a request takes: the line
becomes a constant of the edge on which an error goes.
"""

from collections.abc import Mapping, Sequence

from mypyc.ir.ops import BasicBlock, Op

# What a block that has not been looked at yet may hold: whatever the others do.
_ANYTHING = -2
_UNKNOWN = -1


def ends_that_set(
    blocks: Sequence[BasicBlock], successors: Sequence[Sequence[int]], lines: Mapping[Op, int]
) -> set[Op]:
    """The ends of blocks before which the variable must be set.

    Args:
        blocks: Blocks of a function; the first is the entry.
        successors: For each block, where it may go.
        lines: Lines that ends of blocks need.
    """
    before = [_ANYTHING] * len(blocks)
    before[0] = _UNKNOWN
    waiting = [0]
    while waiting:
        number = waiting.pop()
        after = lines.get(blocks[number].ops[-1], before[number])
        for successor in successors[number]:
            held = before[successor]
            joined = after if held in (_ANYTHING, after) else _UNKNOWN
            if joined != held:
                before[successor] = joined
                waiting.append(successor)
    return {
        end
        for number, block in enumerate(blocks)
        if (end := block.ops[-1]) in lines and before[number] != lines[end]
    }
