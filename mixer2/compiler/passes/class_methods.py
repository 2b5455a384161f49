"""`super().make()` in a class method: the base's method gets the same class.

mypyc takes the first parameter for an instance there, and passes its type.
"""

from mypyc.ir.func_ir import FUNC_CLASSMETHOD, FuncIR
from mypyc.ir.ops import Call, CallC

from mixer2.compiler.passes.values import all_ops

_TYPE_OF = "CPy_TYPE"
_ITSELF = "object_itself"


def pass_class_to_base(function: FuncIR) -> None:
    """Pass the class itself, in place."""
    if function.decl.kind != FUNC_CLASSMETHOD:
        return
    class_ = function.arg_regs[0]
    for op in all_ops(function):
        if isinstance(op, Call) and op.fn.kind == FUNC_CLASSMETHOD and op.args:
            given = op.args[0]
            if (
                isinstance(given, CallC)
                and given.function_name == _TYPE_OF
                and given.args == [class_]
            ):
                given.function_name = _ITSELF
