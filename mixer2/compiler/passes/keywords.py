"""Keywords of calls: whether there are any, and those that stand in several parts of a call.

f(c=1, **{"c": 2})
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import CallC, Integer, Value

from mixer2.compiler.emit.names import module_object

_CALL = "PyObject_Call"
_MERGE = "CPyDict_UpdateInDisplay"
_MERGE_KEYWORDS = "keywords_update"


def let_keywords_collide(function: FuncIR) -> None:
    """Make merging the keywords of a call fail, where mypyc lets the last value win."""
    calls = [op for block in function.blocks for op in block.ops if isinstance(op, CallC)]
    keywords = {op.args[2] for op in calls if op.function_name == _CALL}
    for op in calls:
        if op.function_name == _MERGE and op.args[0] in keywords:
            op.function_name = _MERGE_KEYWORDS


def calls_by_keyword(function: FuncIR) -> bool:
    """Whether a function calls values with keywords, or with arguments that it unpacks."""
    for block in function.blocks:
        for op in block.ops:
            if isinstance(op, CallC):
                if op.function_name in ("PyObject_Call", "PyObject_CallObject"):
                    return True
                keywords = op.args[-1] if op.args else None
                by_vector = op.function_name in ("PyObject_Vectorcall", "PyObject_VectorcallMethod")
                if by_vector and not isinstance(keywords, Integer) and not _is_builtin(op.args[0]):
                    return True
    return False


def _is_builtin(callee: Value) -> bool:
    return (
        isinstance(callee, CallC)
        and bool(callee.args)
        and (module_object(callee.args[0]) == "builtins")
    )
