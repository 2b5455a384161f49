"""Which values are still needed where a block begins.

A value is live in a block when something from there on may read it before it is set anew. Each is
followed from where it is read back to where it is set, so the time is that of the answer's length.

Source: F. Brandner and others, "Computing Liveness Sets for SSA-Form Programs", INRIA 2011,
section 5: one variable at a time.
"""

from collections.abc import Callable, Iterable

from mypyc.ir.ops import Assign, BasicBlock, Value

from mixer2.compiler.passes.values import successors


def live_at_start(
    blocks: Iterable[BasicBlock], concerns: Callable[[Value], bool]
) -> dict[BasicBlock, set[Value]]:
    """The values that are live where each block begins.

    Args:
        blocks: All that can be reached.
        concerns: Whether a value is asked about.
    """
    blocks = list(blocks)
    before: dict[BasicBlock, list[BasicBlock]] = {block: [] for block in blocks}
    set_in: dict[BasicBlock, set[Value]] = {}
    live: dict[BasicBlock, set[Value]] = {block: set() for block in blocks}
    pending: list[tuple[BasicBlock, Value]] = []
    for block in blocks:
        for target in successors(block):
            before[target].append(block)
        known: set[Value] = set()
        for op in block.ops:
            for source in op.sources():
                if source not in known and concerns(source) and source not in live[block]:
                    live[block].add(source)
                    pending.append((block, source))
            known.add(op.dest if isinstance(op, Assign) else op)
        set_in[block] = known
    while pending:
        block, value = pending.pop()
        for earlier in before[block]:
            if value not in set_in[earlier] and value not in live[earlier]:
                live[earlier].add(value)
                pending.append((earlier, value))
    return live
