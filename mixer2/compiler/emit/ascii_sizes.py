"""How many characters of a text can be read in place, kept beside a variable that loops read from.

That is the text's size where it is ASCII, and 0 where it is not: one comparison then says whether
an index is in range and the character is a byte. Texts never change, so the number is found out
where the variable is set, and not for each character.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from mypyc.ir.ops import CallC, Op, Register, Value

from mixer2.compiler import layout
from mixer2.compiler.emit import representation
from mixer2.compiler.passes.skipping import SKIP
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I64

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter

_READS: Final = frozenset({"str_character", "CPyStr_GetItemUnsafeAsInt", SKIP})


class AsciiSizes:
    """The variables of a function that have such a number.

    Args:
        e: Emits the function.
        in_loops: The ops that loops repeat.
    """

    def __init__(self, e: "FunctionEmitter", in_loops: Iterable[Op]) -> None:
        self._e = e
        texts = {
            op.args[0]
            for op in in_loops
            if isinstance(op, CallC) and op.function_name in _READS
            if isinstance(op.args[0], Register) and op.args[0] not in e.frame.arrays
        }
        self._locals: dict[Value, int] = {}
        for text in sorted(texts, key=e.operands.local):
            self._locals[text] = e.code.new_local(I64)

    def of(self, text: Value) -> int | None:
        """The local with the number of a variable, if it has one."""
        return self._locals.get(text)

    def note(self, variable: Register) -> None:
        """A variable has been set."""
        size = self._locals.get(variable)
        if size is None:
            return
        code, text = self._e.code, self._e.operands.local(variable)
        code.get(text)
        code.load(representation.TAGGED, layout.VAR_SIZE)
        code.const64(0)
        push_is_ascii(self._e, text)
        code.emit(opcodes.SELECT)
        code.set(size)


def push_is_ascii(e: "FunctionEmitter", text: int) -> None:
    """Push whether the text in a local has as many bytes as characters."""
    e.code.get(text)
    e.code.load(representation.POINTER, layout.STR_LENGTH)
    e.code.get(text)
    e.code.load(representation.POINTER, layout.VAR_SIZE)
    e.code.emit(opcodes.I32_EQ)
