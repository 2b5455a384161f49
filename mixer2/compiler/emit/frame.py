"""The memory that a function has on the shadow stack, and its watch over the host's stack.

Arrays of call arguments lie there, tuples that others return, and variables whose address is
taken.
"""

from typing import TYPE_CHECKING

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import AssignMulti, Call, CallC, LoadAddress, MethodCall, Op, Register, Value
from mypyc.ir.rtypes import RArray, RTuple

from mixer2.compiler.emit import representation, stack
from mixer2.compiler.emit.code import Code, Operands
from mixer2.compiler.link.symbols import RefKind
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import I32

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter

_POINTER_SIZE = 4
_ALIGNMENT = 16


def _addressed_variable(op: Op) -> Register | None:
    """The variable whose address an op takes: it must lie in memory."""
    if isinstance(op, LoadAddress) and isinstance(op.src, Register):
        return None if isinstance(op.src.type, RArray) else op.src
    return None


class Frame:
    """The frame of one function.

    Args:
        code: Where code goes.
        function: Its IR.
        skipped: Ops that are not emitted.
        stack_use: What a call takes of the host's stack, bytes; 0 for a function that does not
            watch it.

    Attributes:
        arrays: Offsets of what lies in the frame.
        pointer: The local that holds its address.
        scratch: Offset of the memory for what one call passes or returns.
    """

    def __init__(self, code: Code, function: FuncIR, skipped: set[Value], stack_use: int) -> None:
        self._code = code
        self._stack_use = stack_use
        self.arrays: dict[Value, int] = {}
        self.scratch = 0
        self._size = self._lay_out(function, skipped)
        self.pointer = code.new_local(I32) if self._size else -1

    @property
    def has_epilogue(self) -> bool:
        """Whether returns go to the end of the body, where something is given back."""
        return bool(self._size or self._stack_use)

    def push_address(self, offset: int) -> None:
        """Push an address in the frame."""
        self._code.get(self.pointer)
        if offset:
            self._code.const(offset)
            self._code.emit(opcodes.I32_ADD)

    def bind_variables(self, operands: Operands) -> None:
        """Say where the variables lie."""
        for value, offset in self.arrays.items():
            if not isinstance(value.type, RArray):
                operands.bind_memory(value, self.pointer, offset)

    def open(self, e: "FunctionEmitter") -> None:
        """Take memory, and what is watched of the stack."""
        code = self._code
        if self._size:
            code.emit(opcodes.GLOBAL_GET)
            code.ref(RefKind.STACK_POINTER, "__stack_pointer")
            code.const(self._size)
            code.emit(opcodes.I32_SUB)
            code.tee(self.pointer)
            self._set_stack_pointer()
            for value, offset in self.arrays.items():
                if not isinstance(value.type, RArray):
                    code.get(self.pointer)
                    code.emit(representation.error_constant(value.type))
                    code.store(representation.scalar(value.type), offset)
        if self.has_epilogue:
            result = e.type.results
            code.emit(opcodes.BLOCK_RESULT + result if result else opcodes.BLOCK)
        if self._stack_use:
            self._watch_stack(e)

    def close(self, e: "FunctionEmitter") -> None:
        """Give all of it back; the function's result is on the stack."""
        code = self._code
        if self.has_epilogue:
            if e.type.results:
                code.emit(opcodes.UNREACHABLE)
            code.emit(opcodes.END)
        if self._stack_use:
            stack.leave(e.program, code, self._stack_use)
        if self._size:
            code.get(self.pointer)
            code.const(self._size)
            code.emit(opcodes.I32_ADD)
            self._set_stack_pointer()

    def _watch_stack(self, e: "FunctionEmitter") -> None:
        """Take what a call costs of the stack; an error when nothing of it is left."""
        code = self._code
        stack.enter(e.program, code, self._stack_use)
        code.emit(opcodes.IF)
        e.note_in_traceback(e.function.line)
        e.push_error_result()
        code.emit(opcodes.BR, leb128.unsigned(1), opcodes.END)

    def _set_stack_pointer(self) -> None:
        self._code.emit(opcodes.GLOBAL_SET)
        self._code.ref(RefKind.STACK_POINTER, "__stack_pointer")

    def _lay_out(self, function: FuncIR, skipped: set[Value]) -> int:
        """Give everything its place; returns the size of it all."""
        size = 0
        for block in function.blocks:
            for op in block.ops:
                if op in skipped:
                    continue
                if isinstance(op, AssignMulti):
                    self.arrays[op.dest] = size
                    size += representation.align(_POINTER_SIZE * len(op.src), 8)
                elif (variable := _addressed_variable(op)) and variable not in self.arrays:
                    self.arrays[variable] = size
                    size += 8
        self.scratch = size
        ops = (op for block in function.blocks for op in block.ops if op not in skipped)
        return representation.align(size + max(map(_scratch_size, ops), default=0), _ALIGNMENT)


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
