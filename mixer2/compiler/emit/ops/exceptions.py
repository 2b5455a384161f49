"""Raising the built-in exceptions that the IR raises itself."""

import re
from typing import TYPE_CHECKING

from mypyc.ir.ops import RaiseStandardError, Value

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter


# mypyc has the words of an older CPython.
_UNBOUND = re.compile(r'^local variable "(\w+)" referenced before assignment$')
_UNBOUND_IN_CPYTHON = r"cannot access local variable '\1' where it is not associated with a value"


def emit_raise_standard_error(e: "FunctionEmitter", op: RaiseStandardError) -> None:
    """Raise with a constant message, a value, or nothing; the result is always false."""
    e.operands.flush()
    e.code.address(exception_type(op.class_name))
    if isinstance(op.value, Value):
        e.push(op.value)
        e.call("raise_with_argument")
    else:
        if op.value is None:
            e.code.const(0)
        else:
            text = _UNBOUND.sub(_UNBOUND_IN_CPYTHON, op.value)
            e.code.address(e.program.literals.c_string(text.encode()))
        e.call("raise_standard_error")
    e.constant_result(op, 0)


def exception_type(name: str) -> str:
    """Data symbol of a built-in exception class."""
    return f"Exc_{name}_Type"
