"""The exception that was handled before, as one object.

mypyc keeps what `sys.exc_info()` was before a handler as type, value and traceback. The value says
the other two, so it is enough:

    r1 = CPy_CatchError() :: tuple[object, object, object]   ->   r1 = exception_catch()
    CPy_RestoreExcInfo(r1); dec_ref r1                       ->   exception_restore_stolen(r1)
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import CallC, DecRef, Value
from mypyc.ir.rtypes import object_rprimitive

from mixer2.compiler.passes.values import all_ops


def keep_only_the_exception(function: FuncIR) -> None:
    """Keep one object where three are only kept and put back."""
    kept: dict[Value, list[CallC]] = {
        op: []
        for op in all_ops(function)
        if isinstance(op, CallC) and op.function_name == "CPy_CatchError"
    }
    for op in all_ops(function):
        for source in op.sources():
            if source not in kept or isinstance(op, DecRef):
                continue
            if isinstance(op, CallC) and op.function_name == "CPy_RestoreExcInfo":
                kept[source].append(op)
            else:
                del kept[source]
    for catch, restores in kept.items():
        assert isinstance(catch, CallC)
        catch.function_name = "exception_catch"
        catch.type = object_rprimitive
        for restore in restores:
            restore.function_name = "exception_restore"
    for block in function.blocks:
        for op, following in zip(block.ops[:-1], block.ops[1:], strict=True):
            if (
                isinstance(op, CallC)
                and op.function_name == "exception_restore"
                and isinstance(following, DecRef)
                and following.src is op.args[0]
            ):
                op.function_name = "exception_restore_stolen"
                block.ops.remove(following)
