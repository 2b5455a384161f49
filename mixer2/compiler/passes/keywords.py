"""Keywords of a call that stand in several of its parts: `f(c=1, **{"c": 2})`."""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import CallC

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
