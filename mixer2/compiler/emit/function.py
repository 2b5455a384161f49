"""One function of the IR to one Wasm function.

Blocks are emitted in structured order (`control_flow`); within a block every op goes to its
emitter in `ops`. A function that needs memory of its own (arrays of call arguments, tuples
returned by others, variables whose address is taken) has a frame on the shadow stack.
"""

from collections import Counter
from typing import TYPE_CHECKING

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    Assign,
    AssignMulti,
    BasicBlock,
    Branch,
    Call,
    CallC,
    ComparisonOp,
    DecRef,
    Goto,
    IncRef,
    LoadAddress,
    MethodCall,
    Op,
    Register,
    Return,
    Unreachable,
    Value,
)
from mypyc.ir.rtypes import RArray, RTuple

from mixer2.compiler.emit import control_flow, representation, stack
from mixer2.compiler.emit.code import Code, Operands
from mixer2.compiler.emit.names import display_name, is_type, known_symbol
from mixer2.compiler.emit.ops import EMITTERS
from mixer2.compiler.emit.ops.refcounts import is_static
from mixer2.compiler.emit.signature import function_type
from mixer2.compiler.link.symbols import Function, Piece, Ref, RefKind
from mixer2.compiler.passes.values import remove_ops
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import I32

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

_POINTER_SIZE = 4
_FRAME_ALIGNMENT = 16

# Primitives that ask what a type is, or make an exception of it, and do not call it.
_TYPE_TESTS = frozenset(
    {
        *("CPy_TypeCheck", "CPy_ExceptionMatches", "PyObject_IsInstance", "PyObject_IsSubclass"),
        *("exception_with_text", "exception_new", "raise_standard_error"),
    }
)


def _only_looks_at_type(op: Op) -> bool:
    if isinstance(op, CallC):
        return op.function_name in _TYPE_TESTS
    return isinstance(op, Branch | ComparisonOp | IncRef | DecRef)


def _addressed_variable(op: Op) -> Register | None:
    """The variable whose address an op takes: it must lie in memory."""
    if isinstance(op, LoadAddress) and isinstance(op.src, Register):
        return None if isinstance(op.src.type, RArray) else op.src
    return None


class FunctionEmitter:
    """Emits one function.

    Args:
        program: Gives symbols, and takes complaints.
        module_name: The module that the function was written in.
        function: Its IR, after all of mypyc's passes.
        symbol: The name of the resulting symbol.
        skipped: Ops that are done at compile time (top_level).
        noted_lines: Blocks that note a line in the traceback (passes.tracebacks); 0 notes none.
        can_recurse: It raises RecursionError rather than exhaust the stack (passes.call_graph).
    """

    def __init__(
        self,
        program: "ProgramEmitter",
        module_name: str,
        function: FuncIR,
        symbol: str,
        skipped: set[Value],
        noted_lines: dict[BasicBlock, int],
        *,
        can_recurse: bool,
    ) -> None:
        self.program = program
        self.module_name = module_name
        self.function = function
        self._symbol = symbol
        self._skipped = skipped
        self._noted_lines = noted_lines
        self.type = function_type(function.decl)
        self.returns_tuple = isinstance(function.ret_type, RTuple)
        self.code = Code(self.type.parameters)
        self._known: dict[Value, str] = {}
        self._called: set[Value] = set()
        self._find_known()
        self._leave_static_objects_uncounted()
        uses = Counter(s for block in function.blocks for op in block.ops for s in op.sources())
        self.operands = Operands(self.code, uses, program.literals)
        self._bind_parameters()
        self._frame_size = 0
        self._stack_use = stack.stack_use(function) if can_recurse else 0
        self.frame_pointer = -1
        self.arrays: dict[Value, int] = {}
        self.scratch = 0
        self._lay_out_frame()
        self._labels: dict[int, int] = {}
        self.line = function.line
        self.is_in_loop = False

    def emit(self) -> Function:
        """The finished function."""
        blocks = self.function.blocks
        numbers = {block: number for number, block in enumerate(blocks)}
        self._numbers = numbers
        graph = control_flow.Graph([self._successors(block) for block in blocks])
        control_flow.make_reducible(graph)
        self._graph = graph
        self._looping = control_flow.looping_blocks(graph)
        self._open_frame()
        structure = control_flow.Structure(
            graph, self._emit_block, self._open_scope, self._close_scope, self._emit_jump
        )
        structure.walk()
        self._close_frame()
        returns_here = bool(self.type.results) and not self._has_epilogue
        pieces: list[Piece] = self.code.finish(result_unreachable=returns_here)
        file = self.program.places.file(self.module_name)
        return Function(self._symbol, self.type, pieces, display_name(self.function), file)

    def _go_to_line(self, line: int) -> None:
        self.line = line
        self.code.line = max(self.program.places.line(self.module_name, line), 0)

    # Operands and results, for the op emitters.

    def push(self, *values: Value) -> None:
        """Push the scalars of `values` in order."""
        self.operands.push(*values)

    def result(self, op: Value) -> None:
        """A scalar result of `op` lies on the stack."""
        self.operands.result(op)

    def constant_result(self, op: Value, value: int) -> None:
        """The result of `op` is a constant."""
        if representation.scalar(op.type).local == I32:
            self.code.const(value)
        else:
            self.code.const64(value)
        self.operands.result(op)

    def call(self, symbol: str) -> None:
        """Call a function of the run-time or the program; refused when there is none."""
        self.program.require(symbol, self)
        self.code.call(symbol)

    def frame_address(self, offset: int) -> None:
        """Push an address in the frame."""
        self.code.get(self.frame_pointer)
        if offset:
            self.code.const(offset)
            self.code.emit(opcodes.I32_ADD)

    def _note_in_traceback(self, line: int) -> None:
        """The pending exception passes `line` of this function."""
        name = self.function.traceback_name or self.function.name
        self.code.address(self.program.literals.scope(self.module_name, name))
        self.code.const(self.program.places.line(self.module_name, line))
        self.call("traceback_add")

    # The frame.

    def _bind_parameters(self) -> None:
        local = 1 if self.returns_tuple else 0
        for register in self.function.arg_regs:
            count = len(representation.scalars(register.type))
            self.operands.bind(register, list(range(local, local + count)))
            local += count

    def _lay_out_frame(self) -> None:
        size = scratch = 0
        for block in self.function.blocks:
            for op in block.ops:
                if op in self._skipped:
                    continue
                if isinstance(op, AssignMulti):
                    self.arrays[op.dest] = size
                    size += representation.align(_POINTER_SIZE * len(op.src), 8)
                elif (variable := _addressed_variable(op)) and variable not in self.arrays:
                    self.arrays[variable] = size
                    size += 8
                scratch = max(scratch, self._scratch_size(op))
        self.scratch = size
        size += scratch
        self._frame_size = representation.align(size, _FRAME_ALIGNMENT)
        if self._frame_size:
            self.frame_pointer = self.code.new_local(I32)
        for value, offset in self.arrays.items():
            if not isinstance(value.type, RArray):
                self.operands.bind_memory(value, self.frame_pointer, offset)

    @staticmethod
    def _scratch_size(op: Op) -> int:
        """Bytes for what one call passes or returns through memory."""
        size = 0
        if isinstance(op, Call | MethodCall | CallC) and isinstance(op.type, RTuple):
            size = representation.offsets(op.type)[1]
        if isinstance(op, CallC):
            if op.var_arg_idx >= 0:
                size = max(size, _POINTER_SIZE * (len(op.args) - op.var_arg_idx))
            for argument in op.args:
                if isinstance(argument.type, RTuple):
                    size += representation.offsets(argument.type)[1] + 8
        return representation.align(size, 8)

    def _open_frame(self) -> None:
        if self._frame_size:
            self.code.emit(opcodes.GLOBAL_GET)
            self.code.ref(RefKind.STACK_POINTER, "__stack_pointer")
            self.code.const(self._frame_size)
            self.code.emit(opcodes.I32_SUB)
            self.code.tee(self.frame_pointer)
            self._set_stack_pointer()
            for value, offset in self.arrays.items():
                if not isinstance(value.type, RArray):
                    self.code.get(self.frame_pointer)
                    self.code.emit(representation.error_constant(value.type))
                    self.code.store(representation.scalar(value.type), offset)
        if self._has_epilogue:
            result = self.type.results
            self.code.emit(opcodes.BLOCK_RESULT + result if result else opcodes.BLOCK)
        if self._stack_use:
            self._watch_stack()

    def _close_frame(self) -> None:
        """Give the frame back; the result is on the stack."""
        if self._has_epilogue:
            if self.type.results:
                self.code.emit(opcodes.UNREACHABLE)
            self.code.emit(opcodes.END)
        if self._stack_use:
            stack.leave(self.program, self.code, self._stack_use)
        if self._frame_size:
            self.code.get(self.frame_pointer)
            self.code.const(self._frame_size)
            self.code.emit(opcodes.I32_ADD)
            self._set_stack_pointer()

    @property
    def _has_epilogue(self) -> bool:
        """Whether returns go to the end of the body, where something is given back."""
        return bool(self._frame_size or self._stack_use)

    def _watch_stack(self) -> None:
        """Take what a call costs from what is left of the stack; RecursionError when it is gone."""
        code = self.code
        stack.enter(self.program, code, self._stack_use)
        code.emit(opcodes.IF)
        self.call("recursion_error")
        self._note_in_traceback(self.function.line)
        rtype = self.function.ret_type
        if self.returns_tuple:
            found, _ = representation.offsets(rtype)
            for item, offset in zip(representation.scalars(rtype), found, strict=True):
                code.get(0)
                code.emit(representation.error_constant(item))
                code.store(representation.scalar(item), offset)
        elif self.type.results:
            code.emit(representation.error_constant(rtype))
        code.emit(opcodes.BR, leb128.unsigned(1), opcodes.END)

    def _set_stack_pointer(self) -> None:
        self.code.emit(opcodes.GLOBAL_SET)
        self.code.ref(RefKind.STACK_POINTER, "__stack_pointer")

    # Control flow.

    def _successors(self, block: BasicBlock) -> list[int]:
        terminator = block.ops[-1]
        if isinstance(terminator, Goto):
            return [self._numbers[terminator.label]]
        if isinstance(terminator, Branch):
            taken = self._decided(terminator)
            if taken is not None:
                return [self._numbers[taken]]
            return [self._numbers[terminator.true], self._numbers[terminator.false]]
        return []

    def _decided(self, branch: Branch) -> BasicBlock | None:
        """Where a branch always goes, when that is known."""
        if branch.true is branch.false:
            return branch.true
        if branch.value in self._skipped and branch.op == Branch.BOOL:
            # Of a statement that is done already: not to where an error would go.
            return branch.false if branch.true in self._noted_lines else branch.true
        certain = branch.value in self._skipped or branch.value in self._known
        if certain and branch.op == Branch.IS_ERROR:
            return branch.true if branch.negated else branch.false
        return None

    # Values that are known when compiling.

    def _find_known(self) -> None:
        """Ops whose result is always the same static object."""
        for block in self.function.blocks:
            for op in block.ops:
                if op in self._skipped:
                    continue
                symbol = known_symbol(self.program, op, self._known)
                if symbol is not None:
                    self._known[op] = symbol
        self._called = {
            source
            for block in self.function.blocks
            for op in block.ops
            if op not in self._skipped and not _only_looks_at_type(op)
            for source in op.sources()
            if is_type(self._known.get(source, ""))
        }

    def _leave_static_objects_uncounted(self) -> None:
        remove_ops(
            self.function,
            lambda op: isinstance(op, IncRef | DecRef) and is_static(op.src, self._known),
        )

    def _emit_known(self, op: Op) -> None:
        """The op is an address."""
        symbol = self._known[op]
        self.program.require(symbol, self)
        self.operands.alias(op, symbol)
        if op in self._called:
            self.code.append(Ref(RefKind.NEED, self.program.creation_gate(symbol)))

    def _emit_block(self, number: int, structure: control_flow.Structure) -> None:
        if number in self._graph.dispatchers:
            self._emit_dispatch(number, structure)
            return
        block = self.function.blocks[number]
        self.is_in_loop = number in self._looping
        if self._noted_lines.get(block):
            self._note_in_traceback(self._noted_lines[block])
        for op in block.ops[:-1]:
            self._emit_op(op)
        terminator = block.ops[-1]
        if terminator.line > 0:
            self._go_to_line(terminator.line)
        if isinstance(terminator, Goto):
            self.operands.flush()
            self._go(number, self._numbers[terminator.label], structure)
        elif isinstance(terminator, Branch):
            self._emit_branch(number, terminator, structure)
        elif isinstance(terminator, Return):
            self._emit_return(terminator, structure)
        else:
            assert isinstance(terminator, Unreachable)
            self.operands.flush()
            self.code.emit(opcodes.UNREACHABLE)

    def _emit_op(self, op: Op) -> None:
        if op in self._skipped:
            return
        if op.line > 0:
            self._go_to_line(op.line)
        if op in self._known:
            self._emit_known(op)
            return
        if isinstance(op, Assign):
            self._assign(op.dest, op.src)
        else:
            EMITTERS[type(op)](self, op)

    def _assign(self, register: Register, value: Value) -> None:
        if register in self.arrays:
            self.operands.flush()
            self.code.get(self.frame_pointer)
            self.push(value)
            self.code.store(representation.scalar(register.type), self.arrays[register])
            return
        self.push(value)
        for local in reversed(self.operands.locals_of(register)):
            self.code.set(local)

    def _emit_return(self, op: Return, structure: control_flow.Structure) -> None:
        if self.returns_tuple:
            self.operands.flush()
            found, _ = representation.offsets(op.value.type)
            items = representation.scalars(op.value.type)
            locals_ = self.locals_of(op.value)
            for offset, item, local in zip(found, items, locals_, strict=True):
                self.code.get(0)
                self.code.get(local)
                self.code.store(representation.scalar(item), offset)
        elif self.type.results:
            self.push(op.value)
        if self._has_epilogue:
            # To the end of the block around the body, behind which the frame is given back.
            self.code.emit(opcodes.BR)
            self._emit_depth(len(structure.scopes))
        else:
            self.code.emit(opcodes.RETURN)

    def locals_of(self, value: Value) -> list[int]:
        """Locals that hold the scalars of a value, also of a constant."""
        if not self.operands.is_constant(value):
            return self.operands.locals_of(value)
        locals_ = [self.code.new_local(t) for t in representation.local_types(value.type)]
        self.push(value)
        for local in reversed(locals_):
            self.code.set(local)
        return locals_

    def _emit_branch(self, number: int, op: Branch, structure: control_flow.Structure) -> None:
        taken = self._decided(op)
        if taken is not None:
            self.operands.flush()
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
            self.code.emit(opcodes.BR_IF)
            self._emit_depth(depth)
            self._go(number, false, structure)
            return
        depth = self._plain_jump(number, false, structure)
        if depth is not None:
            self.code.emit(opcodes.I32_EQZ, opcodes.BR_IF)
            self._emit_depth(depth)
            self._go(number, true, structure)
            return
        self.code.emit(opcodes.IF)
        structure.scopes.append(control_flow.Scope("if"))
        self._go(number, true, structure)
        structure.scopes.pop()
        self.code.emit(opcodes.END)
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
        value = op.value
        negate = op.negated
        if op.op == Branch.IS_ERROR:
            if isinstance(value.type, RTuple):
                self.operands.flush()
                item = representation.error_item(value.type)
                self.code.get(self.locals_of(value)[item])
                scalar = representation.scalars(value.type)[item]
            else:
                self.operands.settle(value)
                self.push(value)
                scalar = value.type
            test = representation.error_test(scalar)
            if test == opcodes.I32_EQZ:
                negate = not negate
            else:
                self.code.emit(test)
        else:
            self.operands.settle(value)
            self.push(value)
        return negate

    def _go(self, source: int, target: int, structure: control_flow.Structure) -> None:
        """Go from one block to another; sets the labels of dispatchers on the way."""
        for dispatcher, label in self._graph.relabelled.get((source, target), ()):
            self.code.const(label)
            self.code.set(self._label_of(dispatcher))
        structure.branch(source, self._graph.target(source, target))

    def _label_of(self, dispatcher: int) -> int:
        if dispatcher not in self._labels:
            self._labels[dispatcher] = self.code.new_local(I32)
        return self._labels[dispatcher]

    def _emit_dispatch(self, number: int, structure: control_flow.Structure) -> None:
        """Jump to the target whose label is set."""
        targets = self._graph.dispatchers[number]
        for label, target in enumerate(targets[:-1]):
            self.code.get(self._label_of(number))
            self.code.const(label)
            self.code.emit(opcodes.I32_EQ, opcodes.IF)
            structure.scopes.append(control_flow.Scope("if"))
            self._go(number, target, structure)
            structure.scopes.pop()
            self.code.emit(opcodes.END)
        self._go(number, targets[-1], structure)

    def _open_scope(self, kind: str) -> None:
        self.code.emit(opcodes.LOOP if kind == "loop" else opcodes.BLOCK)

    def _close_scope(self, _kind: str) -> None:
        self.code.emit(opcodes.END)

    def _emit_jump(self, depth: int) -> None:
        self.code.emit(opcodes.BR)
        self._emit_depth(depth)

    def _emit_depth(self, depth: int) -> None:
        self.code.emit(leb128.unsigned(depth))
