"""The watch over the stack in functions that may call themselves.

The host's stack has no pointer that code could look at. So a function says what its call may take
of it, and gives that back at its end; when nothing is left, it raises RecursionError.
"""

from typing import TYPE_CHECKING

from mixer2.compiler.emit import representation
from mixer2.compiler.emit.code import Code
from mixer2.compiler.link.symbols import Data, Function, RefKind, SymbolTable
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I32, FunctionType

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

# Bytes of the host's stack that recursion may use: wasmtime gives 512 KiB, V8 about 1 MiB.
_BUDGET = 256 * 1024

# Bytes of the shadow stack that functions which do not watch it can rely on.
_SHADOW_STACK_RESERVE = 8 * 1024

_LEFT = "stack_left"


def add_budget(symbols: SymbolTable) -> None:
    """Define the variable that says what is left."""
    symbols.add(Data(_LEFT, _BUDGET.to_bytes(4, "little"), 4))


def enter(program: "ProgramEmitter", code: Code, use: int) -> None:
    """Take `use` bytes; pushes whether a stack is exhausted, which is an exception then."""
    code.const(use)
    code.call(program.lazy("stack:enter", _enter))


def leave(program: "ProgramEmitter", code: Code, use: int) -> None:
    """Give them back."""
    code.const(use)
    code.call(program.lazy("stack:leave", _leave))


def _enter(_program: "ProgramEmitter", symbol: str) -> Function:
    type_ = FunctionType(bytes([I32]), bytes([I32]))
    code = Code(type_.parameters)
    _add_to_left(code, opcodes.I32_SUB)
    code.address(_LEFT)
    code.load(representation.POINTER, 0)
    code.const(0)
    code.emit(opcodes.I32_LT_S, opcodes.GLOBAL_GET)
    code.ref(RefKind.STACK_POINTER, "__stack_pointer")
    code.const(_SHADOW_STACK_RESERVE)
    code.emit(opcodes.I32_LT_S, opcodes.I32_OR, opcodes.IF)
    code.call("recursion_error")
    code.const(1)
    code.emit(opcodes.RETURN, opcodes.END)
    code.const(0)
    return Function(symbol, type_, code.finish())


def _leave(_program: "ProgramEmitter", symbol: str) -> Function:
    type_ = FunctionType(bytes([I32]), b"")
    code = Code(type_.parameters)
    _add_to_left(code, opcodes.I32_ADD)
    return Function(symbol, type_, code.finish())


def _add_to_left(code: Code, operation: bytes) -> None:
    code.address(_LEFT)
    code.address(_LEFT)
    code.load(representation.POINTER, 0)
    code.get(0)
    code.emit(operation)
    code.store(representation.POINTER, 0)
