"""Where a function goes when an exception passes: what it gives back on the way, and the line.

mypyc has each test for an error lead to a block of its own, which notes the line in the traceback
and gives back the references that are held there. Most of these differ by little:

    L7: dec_ref a; dec_ref b; goto L1         L7: dec_ref b; goto L8
    L8: dec_ref a; goto L1             ->     L8: dec_ref a; goto N
    L9: dec_ref a; dec_ref c; goto L1         L9: dec_ref c; goto L8
                                              N:  note the line; goto L1

References are given back in the order of a tree: the paths that hold `a` end with the one that
holds nothing else. The line is noted once, where all of them have come together; which line it is,
the emitter keeps in a variable (`emit.line_variable`).
"""

from collections import Counter
from dataclasses import dataclass, field

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import BasicBlock, Branch, DecRef, Goto, Op, Value
from mypyc.ir.rtypes import RTuple, RType, is_tagged

from mixer2.compiler.passes.simplify import certain_target


@dataclass(frozen=True, slots=True)
class ErrorPaths:
    """The places where lines are noted.

    Attributes:
        notes: Blocks that begin with noting a line: that one, or None for the one last met.
        lines: Ends of blocks from which a path leads to a note of the line last met, and their
            lines.
        tests: The branches that test for an error.
    """

    notes: dict[BasicBlock, int | None] = field(default_factory=dict)
    lines: dict[Op, int] = field(default_factory=dict)
    tests: set[Op] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Path:
    """What one end of a block leads to: references to give back, and where that ends."""

    end: Branch
    block: BasicBlock
    line: int
    given_back: tuple[DecRef, ...]
    target: BasicBlock


def share_error_paths(function: FuncIR, *, is_noted: bool) -> ErrorPaths:
    """Let the error paths of a function share what they have in common.

    Args:
        function: Its blocks are changed.
        is_noted: It is a line of tracebacks.
    """
    paths = [
        _follow(block, terminator)
        for block in function.blocks
        if isinstance(terminator := block.ops[-1], Branch)
        if terminator.traceback_entry is not None
    ]
    found = ErrorPaths(tests={path.end for path in paths})
    by_target: dict[BasicBlock, list[_Path]] = {}
    for path in paths:
        by_target.setdefault(path.target, []).append(path)
    for target, leading_there in by_target.items():
        _share(function, target, leading_there, found, is_noted)
    return found


def _follow(block: BasicBlock, end: Branch) -> _Path:
    assert end.traceback_entry is not None
    given_back: list[DecRef] = []
    target = end.true
    while isinstance(last := target.ops[-1], Goto) and last.label is not target:
        before = target.ops[:-1]
        if not all(isinstance(op, DecRef) for op in before):
            break
        given_back += [op for op in before if isinstance(op, DecRef) and _is_counted(op.src.type)]
        target = last.label
    return _Path(end, block, end.traceback_entry[1], tuple(given_back), target)


def _is_counted(rtype: RType) -> bool:
    if isinstance(rtype, RTuple):
        return any(map(_is_counted, rtype.types))
    return rtype.is_refcounted and not is_tagged(rtype)


_Key = tuple[Value, bool]


def _share(
    function: FuncIR,
    target: BasicBlock,
    paths: list[_Path],
    found: ErrorPaths,
    is_noted: bool,
) -> None:
    """Lead all paths that end at `target` there through one tree."""
    root = target
    if is_noted:
        root = _block(function, [], target)
        lines = {path.line for path in paths}
        found.notes[root] = lines.pop() if len(lines) == 1 else None
    wanted = Counter(_key(op) for path in paths for op in path.given_back)
    # By a block of the tree and the reference that is given back before it.
    nodes: dict[tuple[BasicBlock, _Key], BasicBlock] = {}
    for path in paths:
        # The references that most paths give back come last, where they share them.
        ordered = sorted(path.given_back, key=lambda op: -wanted[_key(op)])
        start = root
        for op in ordered:
            step = start, _key(op)
            if step not in nodes:
                nodes[step] = _block(function, [op], start)
            start = nodes[step]
        _lead(path, start)
        if is_noted and found.notes[root] is None:
            found.lines[path.block.ops[-1]] = path.line


def _lead(path: _Path, start: BasicBlock) -> None:
    if certain_target(path.end) is path.end.true:
        path.block.ops[-1] = Goto(start, path.line)
    else:
        path.end.true = start
        path.end.traceback_entry = None


def _key(op: DecRef) -> _Key:
    return op.src, op.is_xdec


def _block(function: FuncIR, ops: list[DecRef], target: BasicBlock) -> BasicBlock:
    """A new block that goes to `target`."""
    block = BasicBlock()
    block.ops = [*(DecRef(op.src, is_xdec=op.is_xdec) for op in ops), Goto(target)]
    function.blocks.append(block)
    return block
