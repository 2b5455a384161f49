"""Functions made of code rather than of IR: what those between calling conventions share."""

from typing import TYPE_CHECKING

from mypyc.ir.rtypes import RType

from mixer2.compiler.emit import representation
from mixer2.compiler.emit.code import Code
from mixer2.compiler.link.symbols import Function
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import FunctionType

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter


class Wrapper:
    """A function made of code rather than of IR; op emitters' helpers accept it."""

    def __init__(self, program: "ProgramEmitter", type_: FunctionType) -> None:
        self.program = program
        self.type = type_
        self.code = Code(type_.parameters)

    @property
    def is_in_loop(self) -> bool:
        """Never: these functions have none."""
        return False

    def call(self, symbol: str) -> None:
        """Call a function of the run-time or the program."""
        self.code.call(symbol)

    def return_null_if_zero(self) -> None:
        """Pop an i32; zero ends the function with NULL."""
        self.code.emit(opcodes.I32_EQZ, opcodes.IF)
        self.code.const(0)
        self.code.emit(opcodes.RETURN, opcodes.END)

    def finish(self, symbol: str, name: str) -> Function:
        """The finished function."""
        return Function(symbol, self.type, self.code.finish(), name)


def push_is_error(wrapper: Wrapper, rtype: RType, local: int) -> None:
    """Push whether a scalar is an error. The error value of floats is also a float."""
    code = wrapper.code
    code.get(local)
    code.emit(representation.error_test(rtype))
    if rtype.error_overlap:
        code.emit(opcodes.IF_I32)
        wrapper.call("PyErr_Occurred")
        code.emit(opcodes.I32_EQZ, opcodes.I32_EQZ, opcodes.ELSE)
        code.const(0)
        code.emit(opcodes.END)
