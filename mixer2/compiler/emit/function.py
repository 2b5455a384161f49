"""One function of the IR to one Wasm function.

Blocks are emitted in structured order (`flow`); within a block every op goes to its emitter in
`ops`. What needs memory of its own lies in a `frame`.
"""

from collections import Counter
from typing import TYPE_CHECKING

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    Assign,
    BasicBlock,
    Branch,
    DecRef,
    IncRef,
    Op,
    Register,
    Value,
)
from mypyc.ir.rtypes import RTuple

from mixer2.compiler.emit import representation
from mixer2.compiler.emit.ascii_sizes import AsciiSizes
from mixer2.compiler.emit.code import Code, Operands
from mixer2.compiler.emit.flow import Flow
from mixer2.compiler.emit.frame import Frame
from mixer2.compiler.emit.known_objects import KnownObjects
from mixer2.compiler.emit.names import display_name
from mixer2.compiler.emit.ops import EMITTERS
from mixer2.compiler.emit.ops.refcounts import is_counted, is_static
from mixer2.compiler.emit.signature import function_type
from mixer2.compiler.frontend.entry import ENTRY_MODULE
from mixer2.compiler.link.symbols import Function, Piece, Ref, RefKind
from mixer2.compiler.passes.error_paths import ErrorPaths
from mixer2.compiler.passes.values import remove_ops
from mixer2.compiler.wasm.types import I32

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter


class FunctionEmitter:
    """Emits one function.

    Args:
        program: Gives symbols, and takes complaints.
        module_name: The module that the function was written in.
        function: Its IR, after all of mypyc's passes.
        symbol: The name of the resulting symbol.
        skipped: Ops that are done at compile time (top_level).
        error_paths: Where it notes lines in the traceback.
        stack_use: What it takes of the host's stack, bytes, when it watches that; else 0.
        runs_rarely: Whether no request runs through it.
    """

    def __init__(
        self,
        program: "ProgramEmitter",
        module_name: str,
        function: FuncIR,
        symbol: str,
        skipped: set[Value],
        error_paths: ErrorPaths,
        *,
        stack_use: int,
        runs_rarely: bool,
    ) -> None:
        self.program = program
        self.module_name = module_name
        self.function = function
        self._symbol = symbol
        self._runs_rarely = runs_rarely
        self._skipped = skipped
        self.error_paths = error_paths
        self.type = function_type(function.decl)
        self.returns_tuple = isinstance(function.ret_type, RTuple)
        self.code = Code(self.type.parameters)
        known = KnownObjects(program, function, skipped)
        self._known, self._called = known.symbols, known.called
        remove_ops(function, self._counts_static_object)
        remove_ops(function, _counts_nothing)
        uses = Counter(s for block in function.blocks for op in block.ops for s in op.sources())
        self.operands = Operands(self.code, uses, program.literals)
        self._bind_parameters()
        self.frame = Frame(self.code, function, skipped, stack_use)
        self.frame.bind_variables(self.operands)
        self.ascii_sizes = AsciiSizes(self, [])
        self._line_local = -1
        self.line = function.line
        self.is_in_loop = False

    def emit(self) -> Function:
        """The finished function."""
        flow = Flow(self)
        self.frame.open(self)
        self.ascii_sizes = AsciiSizes(self, flow.ops_in_loops())
        for register in self.function.arg_regs:
            self.ascii_sizes.note(register)
        flow.emit()
        self.frame.close(self)
        returns_here = bool(self.type.results) and not self.frame.has_epilogue
        pieces: list[Piece] = self.code.finish(result_unreachable=returns_here)
        file = self.program.places.file(self.module_name)
        # In a backtrace the author's method is of interest, not what it became a part of.
        name = "" if self.module_name == ENTRY_MODULE else display_name(self.function)
        return Function(self._symbol, self.type, pieces, name, file, self._runs_rarely)

    def _go_to_line(self, line: int) -> None:
        self.line = line
        self.code.line = max(self.program.places.line(self.module_name, line), 0)

    def _bind_parameters(self) -> None:
        local = 1 if self.returns_tuple else 0
        for register in self.function.arg_regs:
            count = len(representation.scalars(register.type))
            self.operands.bind(register, list(range(local, local + count)))
            local += count

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

    def locals_of(self, value: Value) -> list[int]:
        """Locals that hold the scalars of a value, also of a constant."""
        if not self.operands.is_constant(value):
            return self.operands.locals_of(value)
        locals_ = [self.code.new_local(t) for t in representation.local_types(value.type)]
        self.push(value)
        for local in reversed(locals_):
            self.code.set(local)
        return locals_

    def call(self, symbol: str) -> None:
        """Call a function of the run-time or the program; refused when there is none."""
        self.program.require(symbol, self)
        self.code.call(symbol)

    def note_in_traceback(self, line: int | None) -> None:
        """The pending exception passes `line` of this function; None: the line that is set."""
        name = self.function.traceback_name or self.function.name
        self.code.address(self.program.literals.scope(self.module_name, name))
        if line is None:
            self.code.get(self._line_variable())
        else:
            self.code.const(self.program.places.line(self.module_name, line))
        self.call("traceback_add")

    def set_line(self, line: int) -> None:
        """Say at which line the function is."""
        self.code.const(self.program.places.line(self.module_name, line))
        self.code.set(self._line_variable())

    def _line_variable(self) -> int:
        if self._line_local < 0:
            self._line_local = self.code.new_local(I32)
        return self._line_local

    # What the function returns.

    def push_result(self, value: Value) -> None:
        """Leave what the function returns where its caller takes it from."""
        if self.returns_tuple:
            self.operands.flush()
            found, _ = representation.offsets(value.type)
            items = representation.scalars(value.type)
            for offset, item, local in zip(found, items, self.locals_of(value), strict=True):
                self.code.get(0)
                self.code.get(local)
                self.code.store(representation.scalar(item), offset)
        elif self.type.results:
            self.push(value)

    def push_error_result(self) -> None:
        """The same for the value that tells of an exception."""
        rtype = self.function.ret_type
        if self.returns_tuple:
            found, _ = representation.offsets(rtype)
            for item, offset in zip(representation.scalars(rtype), found, strict=True):
                self.code.get(0)
                self.code.emit(representation.error_constant(item))
                self.code.store(representation.scalar(item), offset)
        elif self.type.results:
            self.code.emit(representation.error_constant(rtype))

    # Values that are known when compiling.

    def _counts_static_object(self, op: Op) -> bool:
        return isinstance(op, IncRef | DecRef) and is_static(op.src, self._known)

    def _emit_known(self, op: Op) -> None:
        """The op is an address."""
        symbol = self._known[op]
        self.program.require(symbol, self)
        self.operands.alias(op, symbol)
        if op in self._called:
            self.code.append(Ref(RefKind.NEED, self.program.creation_gate(symbol)))

    def decided(self, branch: Branch) -> BasicBlock | None:
        """Where a branch always goes, when that is known."""
        if branch.true is branch.false:
            return branch.true
        if branch.value in self._skipped and branch.op == Branch.BOOL:
            # Of a statement that is done already: not to where an error would go.
            return branch.false if branch in self.error_paths.tests else branch.true
        certain = branch.value in self._skipped or branch.value in self._known
        if certain and branch.op == Branch.IS_ERROR:
            return branch.true if branch.negated else branch.false
        return None

    # Blocks and ops.

    def emit_ops(self, block: BasicBlock, *, is_in_loop: bool) -> None:
        """Emit all of a block but its last op, which says where to go on."""
        self.is_in_loop = is_in_loop
        if block in self.error_paths.notes:
            self.note_in_traceback(self.error_paths.notes[block])
        for op in block.ops[:-1]:
            self._emit_op(op)
        terminator = block.ops[-1]
        if terminator.line > 0:
            self._go_to_line(terminator.line)

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
        offset = self.frame.arrays.get(register)
        if offset is not None:
            self.operands.flush()
            self.code.get(self.frame.pointer)
            self.push(value)
            self.code.store(representation.scalar(register.type), offset)
            return
        self.push(value)
        for local in reversed(self.operands.locals_of(register)):
            self.code.set(local)
        self.ascii_sizes.note(register)


def _counts_nothing(op: Op) -> bool:
    """Whether an op counts references of a value that has none: it is no use of the value."""
    if not isinstance(op, DecRef | IncRef):
        return False
    return not any(map(is_counted, representation.scalars(op.src.type)))
