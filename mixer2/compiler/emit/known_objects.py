"""Results of a function's ops that are known when compiling: static objects."""

from typing import TYPE_CHECKING

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import Branch, CallC, ComparisonOp, DecRef, IncRef, Op, Value

from mixer2.compiler.emit.names import is_type, known_symbol, literal_text

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

# Primitives that ask what a type is, or make an exception of it, and do not call it.
_TYPE_TESTS = frozenset(
    {
        *("CPy_TypeCheck", "CPy_ExceptionMatches", "PyObject_IsInstance", "PyObject_IsSubclass"),
        *("exception_with_text", "exception_new", "raise_standard_error"),
        "method__bytes__fromhex",
    }
)


class KnownObjects:
    """The ops of a function whose result is always the same static object.

    Args:
        program: Gives symbols.
        function: Its IR.
        skipped: Ops that are done at compile time.

    Attributes:
        symbols: The objects' symbols.
        called: Types among them that the function does more with than look at.
    """

    def __init__(self, program: "ProgramEmitter", function: FuncIR, skipped: set[Value]) -> None:
        self._program = program
        self.symbols: dict[Value, str] = {}
        ops = [op for block in function.blocks for op in block.ops if op not in skipped]
        for op in ops:
            symbol = known_symbol(program, op, self.symbols)
            if symbol is not None:
                self.symbols[op] = symbol
        self.called = {
            source
            for op in ops
            if not _only_looks_at_type(op)
            for source in op.sources()
            if is_type(self.symbols.get(source, "")) and not self._has_its_attribute(op, source)
        }

    def _has_its_attribute(self, op: Op, type_: Value) -> bool:
        """Whether an op sets or reads a class attribute of a type, which has a slot of its own."""
        if not isinstance(op, CallC) or op.args[:1] != [type_] or type_ in op.args[1:]:
            return False
        name = literal_text(op.args[1]) if len(op.args) > 1 else None
        return (
            op.function_name in ("PyObject_SetAttr", "CPyObject_GetAttr")
            and name is not None
            and self._program.classes.find_attribute_slot(self.symbols[type_], name) is not None
        )


def _only_looks_at_type(op: Op) -> bool:
    if isinstance(op, CallC):
        return op.function_name in _TYPE_TESTS
    return isinstance(op, Branch | ComparisonOp | IncRef | DecRef)
