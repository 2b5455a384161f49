"""How control goes from one block of a function to the next."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mypyc.ir.ops import BasicBlock, Branch, Goto, Op, Return, Unreachable
from mypyc.ir.rtypes import RTuple

from mixer2.compiler.emit import control_flow, line_variable, representation
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import I32

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter


class Flow:
    """The control flow of one function.

    Args:
        e: Emits what the blocks do.
    """

    def __init__(self, e: "FunctionEmitter") -> None:
        self._e = e
        self._code = e.code
        blocks = e.function.blocks
        self._numbers = {block: number for number, block in enumerate(blocks)}
        self._graph = control_flow.Graph([self._successors(block) for block in blocks])
        control_flow.make_reducible(self._graph)
        self._looping = control_flow.looping_blocks(self._graph)
        self._labels: dict[int, int] = {}
        lines = e.error_paths.lines
        self._lines = {end: line for end, line in lines.items() if self._may_fail(end)}
        successors = [self._graph.successors[number] for number in range(len(blocks))]
        self._setting = line_variable.ends_that_set(blocks, successors, self._lines)

    def _may_fail(self, end: Op) -> bool:
        return not isinstance(end, Branch) or self._e.decided(end) is not end.false

    def ops_in_loops(self) -> Iterator[Op]:
        """The ops that loops repeat."""
        for number in self._looping:
            if number not in self._graph.dispatchers:
                yield from self._e.function.blocks[number].ops

    def emit(self) -> None:
        """Emit all blocks."""
        structure = control_flow.Structure(
            self._graph, self._emit_block, self._open_scope, self._close_scope, self._emit_jump
        )
        structure.walk()

    def _successors(self, block: BasicBlock) -> list[int]:
        terminator = block.ops[-1]
        if isinstance(terminator, Goto):
            return [self._numbers[terminator.label]]
        if isinstance(terminator, Branch):
            taken = self._e.decided(terminator)
            if taken is not None:
                return [self._numbers[taken]]
            return [self._numbers[terminator.true], self._numbers[terminator.false]]
        return []

    def _emit_block(self, number: int, structure: control_flow.Structure) -> None:
        if number in self._graph.dispatchers:
            self._emit_dispatch(number, structure)
            return
        block = self._e.function.blocks[number]
        self._e.emit_ops(block, is_in_loop=number in self._looping)
        self._emit_terminator(number, block.ops[-1], structure)

    def _emit_terminator(self, number: int, op: Op, structure: control_flow.Structure) -> None:
        if op in self._setting:
            self._e.set_line(self._lines[op])
        if isinstance(op, Goto):
            self._e.operands.flush()
            self._go(number, self._numbers[op.label], structure)
        elif isinstance(op, Branch):
            self._emit_branch(number, op, structure)
        elif isinstance(op, Return):
            self._emit_return(op, structure)
        else:
            assert isinstance(op, Unreachable)
            self._e.operands.flush()
            self._code.emit(opcodes.UNREACHABLE)

    def _emit_return(self, op: Return, structure: control_flow.Structure) -> None:
        self._e.push_result(op.value)
        if self._e.frame.has_epilogue:
            # To the end of the block around the body, behind which the frame is given back.
            self._code.emit(opcodes.BR)
            self._emit_depth(structure.scopes.depth)
        else:
            self._code.emit(opcodes.RETURN)

    def _emit_branch(self, number: int, op: Branch, structure: control_flow.Structure) -> None:
        taken = self._e.decided(op)
        if taken is not None:
            self._e.operands.flush()
            self._go(number, self._numbers[taken], structure)
            return
        negate = self._push_condition(op)
        true, false = self._numbers[op.true], self._numbers[op.false]
        if negate:
            true, false = false, true
        self._emit_two_ways(number, true, false, structure)

    def _emit_two_ways(
        self, number: int, true: int, false: int, structure: control_flow.Structure
    ) -> None:
        """The condition is on the stack: non-zero goes to `true`."""
        depth = self._plain_jump(number, true, structure)
        if depth is not None:
            self._code.emit(opcodes.BR_IF)
            self._emit_depth(depth)
            self._go(number, false, structure)
            return
        depth = self._plain_jump(number, false, structure)
        if depth is not None:
            self._code.emit(opcodes.I32_EQZ, opcodes.BR_IF)
            self._emit_depth(depth)
            self._go(number, true, structure)
            return
        self._code.emit(opcodes.IF)
        structure.scopes.enter("if")
        self._go(number, true, structure)
        structure.scopes.leave()
        self._code.emit(opcodes.END)
        self._go(number, false, structure)

    def _plain_jump(
        self, number: int, target: int, structure: control_flow.Structure
    ) -> int | None:
        """The depth of a jump that needs no label set; None when it is not just a jump."""
        if (number, target) in self._graph.relabelled:
            return None
        return structure.jump_depth(number, target)

    def _push_condition(self, op: Branch) -> bool:
        """Push what the branch tests; returns whether the test is the other way round."""
        value, e = op.value, self._e
        negate = op.negated
        if op.op == Branch.IS_ERROR:
            if isinstance(value.type, RTuple):
                e.operands.flush()
                item = representation.error_item(value.type)
                self._code.get(e.locals_of(value)[item])
                scalar = representation.scalars(value.type)[item]
            else:
                e.operands.settle(value)
                e.push(value)
                scalar = value.type
            test = representation.error_test(scalar)
            if test == opcodes.I32_EQZ:
                negate = not negate
            else:
                self._code.emit(test)
        else:
            e.operands.settle(value)
            e.push(value)
        return negate

    def _go(self, source: int, target: int, structure: control_flow.Structure) -> None:
        """Go from one block to another; sets the labels of dispatchers on the way."""
        for dispatcher, label in self._graph.relabelled.get((source, target), ()):
            self._code.const(label)
            self._code.set(self._label_of(dispatcher))
        structure.branch(source, self._graph.target(source, target))

    def _label_of(self, dispatcher: int) -> int:
        if dispatcher not in self._labels:
            self._labels[dispatcher] = self._code.new_local(I32)
        return self._labels[dispatcher]

    def _emit_dispatch(self, number: int, structure: control_flow.Structure) -> None:
        """Jump to the target whose label is set."""
        targets = self._graph.dispatchers[number]
        for label, target in enumerate(targets[:-1]):
            self._code.get(self._label_of(number))
            self._code.const(label)
            self._code.emit(opcodes.I32_EQ, opcodes.IF)
            structure.scopes.enter("if")
            self._go(number, target, structure)
            structure.scopes.leave()
            self._code.emit(opcodes.END)
        self._go(number, targets[-1], structure)

    def _open_scope(self, kind: str) -> None:
        self._code.emit(opcodes.LOOP if kind == "loop" else opcodes.BLOCK)

    def _close_scope(self, _kind: str) -> None:
        self._code.emit(opcodes.END)

    def _emit_jump(self, depth: int) -> None:
        self._code.emit(opcodes.BR)
        self._emit_depth(depth)

    def _emit_depth(self, depth: int) -> None:
        self._code.emit(leb128.unsigned(depth))
