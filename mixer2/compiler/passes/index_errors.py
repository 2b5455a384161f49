"""What the IR itself raises for an index that is out of range, in CPython's words.

mypyc has one text for all its sequences; CPython's for str is "string index out of range".
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import Branch, CallC, Goto, RaiseStandardError

_STR_RANGE_CHECK = "CPyStr_RangeCheck"


def name_str_in_index_errors(function: FuncIR) -> None:
    """Correct the message behind each range check of a str."""
    for block in function.blocks:
        terminator = block.ops[-1]
        if not isinstance(terminator, Branch) or not isinstance(terminator.value, CallC):
            continue
        if terminator.value.function_name == _STR_RANGE_CHECK:
            target = terminator.false
            # The text may have to be dropped on the way.
            while isinstance(target.ops[-1], Goto):
                target = target.ops[-1].label
            for op in target.ops:
                if isinstance(op, RaiseStandardError):
                    op.value = "string index out of range"
