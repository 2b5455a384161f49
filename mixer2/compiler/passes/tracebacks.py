"""Noting lines in tracebacks, once per line and target.

mypyc has each error branch note its own place. Here the branches of one line that go to the same
place share a block, which notes the line: a test that may fail then costs three bytes.
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import BasicBlock, Branch, Goto

from mixer2.compiler.passes.simplify import certain_target


def share_traceback_blocks(function: FuncIR) -> dict[BasicBlock, int]:
    """Give error branches blocks of their own, shared by line and target.

    Returns:
        The new blocks, each with the line that passing it notes.
    """
    shared: dict[tuple[int, BasicBlock], BasicBlock] = {}
    lines: dict[BasicBlock, int] = {}
    for block in list(function.blocks):
        terminator = block.ops[-1]
        if not isinstance(terminator, Branch) or terminator.traceback_entry is None:
            continue
        line = terminator.traceback_entry[1]
        key = (line, terminator.true)
        if key not in shared:
            note = BasicBlock()
            note.ops = [Goto(terminator.true, line)]
            shared[key] = note
            lines[note] = line
            function.blocks.append(note)
        if certain_target(terminator) is terminator.true:
            block.ops[-1] = Goto(shared[key], line)
        else:
            terminator.true = shared[key]
            terminator.traceback_entry = None
    return lines
