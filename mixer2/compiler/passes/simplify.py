"""Branches whose outcome is certain, casts that cannot fail, and the blocks left after them.

r1 = cast(bytes, value)           value is a local variable of type `bytes | None`: the type
if is_error(r1) goto L9 else L2   checker has seen the test for None, so the cast is free

r2 = x & 1                        an int beyond a register: there is none
if r2 != 0 goto L3 else L4
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    BasicBlock,
    Branch,
    Call,
    CallC,
    Cast,
    ComparisonOp,
    Goto,
    Integer,
    IntOp,
    LoadAddress,
    LoadLiteral,
    LoadMem,
    RaiseStandardError,
    Register,
    TupleGet,
    Value,
)
from mypyc.ir.rtypes import RPrimitive, RType, RUnion, is_none_rprimitive, is_tagged

from mixer2.compiler.passes.values import all_ops, remove_ops, successors

# Primitives that give an item of a container start so.
_TAKES_ITEM = (
    *("CPyList_GetItem", "CPyList_Pop", "CPySequenceTuple_GetItem"),
    *("CPyDict_GetItem", "CPyDict_Get", "CPyDict_Next", "dict_get_", "dict_pop_"),
)

# Primitives that mypyc has return any object, and what they do return.
_RESULTS = {
    "CPyStr_GetSlice": "builtins.str",
    "builtin_chr": "builtins.str",
    "CPyBytes_GetSlice": "builtins.bytes",
    "CPyList_GetSlice": "builtins.list",
    "CPyBytes_Concat": "builtins.bytes",
    "CPyTagged_Str": "builtins.str",
    "bytearray_add_in_place": "builtins.bytearray",
    "list_add_in_place": "builtins.list",
    "bytes_of_bytearray": "builtins.bytes",
    "bytes_of_list": "builtins.bytes",
    "float_repr": "builtins.str",
    "str_repr": "builtins.str",
    "bytes_repr": "builtins.str",
    "native__pystd___bytes__hex": "builtins.str",
    "method__bytes__fromhex": "builtins.bytes",
}

# Functions of the language module (frontend/lowering.py) that raise nothing.
_NEVER_FAIL = frozenset({"pystd._language.find_text"})


def simplify(function: FuncIR, *, trust_narrowing: bool, trust_items: bool) -> None:
    """Fold what is certain.

    Args:
        function: Its blocks are changed.
        trust_narrowing: Local variables have the type that the type checker says; not so in a
            module that calls `typing.cast`.
        trust_items: What lies in containers has the type that the type checker says.
    """
    for op in all_ops(function):
        if isinstance(op, Cast) and _is_of_type(op.src, op.type):
            op.is_unchecked = True
    if trust_narrowing:
        variables = _tested_for_none(function)
        for op in all_ops(function):
            if isinstance(op, Cast) and _only_rules_out_none(op, variables):
                op.is_unchecked = True
    for op in all_ops(function):
        if isinstance(op, Cast) and trust_items and _is_item(op.src):
            op.is_unchecked = True
    for block in function.blocks:
        terminator = block.ops[-1]
        if not isinstance(terminator, Branch) or not (target := certain_target(terminator)):
            continue
        # One that notes a line in the traceback is the next pass's to fold (`tracebacks`).
        if target is terminator.false or terminator.traceback_entry is None:
            block.ops[-1] = Goto(target, terminator.line)
    merge_blocks(function)


def _is_of_type(value: Value, rtype: RType) -> bool:
    """Whether a primitive's result, whatever mypyc calls it, is of a type."""
    if not isinstance(value, CallC) or not isinstance(rtype, RPrimitive):
        return False
    return _RESULTS.get(value.function_name) == rtype.name


def _is_item(value: Value) -> bool:
    """Whether a value was taken from a container as it is."""
    if isinstance(value, TupleGet):
        return _is_item(value.src)
    if isinstance(value, LoadMem):
        return True
    return isinstance(value, CallC) and value.function_name.startswith(_TAKES_ITEM)


def _tested_for_none(function: FuncIR) -> set[Value]:
    """Values that are compared with None. Each was a local variable, which never changed."""
    return {
        value
        for op in all_ops(function)
        if isinstance(op, ComparisonOp)
        for value, other in ((op.lhs, op.rhs), (op.rhs, op.lhs))
        if isinstance(other, LoadAddress) and other.src == "_Py_NoneStruct"
    }


def _only_rules_out_none(op: Cast, tested: set[Value]) -> bool:
    """Whether a cast takes a local variable from `T | None` to `T`."""
    source = op.src.type
    if not isinstance(source, RUnion) or not (isinstance(op.src, Register) or op.src in tested):
        return False
    rest = [item for item in source.items if not is_none_rprimitive(item)]
    return len(rest) == len(source.items) - 1 and (
        rest == [op.type] or (isinstance(op.type, RUnion) and rest == op.type.items)
    )


def certain_target(branch: Branch) -> BasicBlock | None:
    """Where a branch always goes; None when that depends."""
    outcome: bool | None
    if branch.op == Branch.BOOL:
        outcome = _certain_truth(branch.value)
    else:
        outcome = False if _never_fails(branch.value) else None
    if outcome is None:
        return None
    return branch.true if outcome != branch.negated else branch.false


def _certain_truth(value: Value) -> bool | None:
    if isinstance(value, Integer):
        return bool(value.value)
    if isinstance(value, RaiseStandardError) or _is_end_of_handlers(value):
        return False
    if isinstance(value, ComparisonOp) and _is_tag(value.lhs, value.rhs):
        return {ComparisonOp.EQ: True, ComparisonOp.NEQ: False}.get(value.op)
    return None


def _is_end_of_handlers(value: Value) -> bool:
    """Whether a value is that of a primitive which only says that the exception goes on."""
    return isinstance(value, CallC) and value.function_name == "CPy_KeepPropagating"


def drop_decided_tests(function: FuncIR) -> None:
    """Remove what only decided branches asked for."""
    used = {source for op in all_ops(function) for source in op.sources()}
    remove_ops(function, lambda op: _is_end_of_handlers(op) and op not in used)


def _is_tag(value: Value, compared: Value) -> bool:
    """Whether a value is `x & 1` of a tagged x, compared with 0: all ints fit into a register."""
    return (
        isinstance(compared, Integer)
        and compared.value == 0
        and isinstance(value, IntOp)
        and value.op == IntOp.AND
        and (is_tagged(value.lhs.type) or isinstance(value.lhs, Integer))
        and isinstance(value.rhs, Integer)
        and value.rhs.value == 1
    )


def _never_fails(value: Value) -> bool:
    if isinstance(value, Cast):
        return value.is_unchecked
    if isinstance(value, Call):
        return value.fn.fullname in _NEVER_FAIL
    return isinstance(value, LoadLiteral)


def merge_blocks(function: FuncIR) -> None:
    """Drop unreachable blocks, and join a block to the only one that it goes to."""
    predecessors: dict[BasicBlock, int] = {}
    reachable = [function.blocks[0]]
    seen = set(reachable)
    for block in reachable:
        for target in successors(block):
            predecessors[target] = predecessors.get(target, 0) + 1
            if target not in seen:
                seen.add(target)
                reachable.append(target)
    merged: set[BasicBlock] = set()
    for block in function.blocks:
        if block not in seen or block in merged:
            continue
        while isinstance(block.ops[-1], Goto):
            target = block.ops[-1].label
            if predecessors[target] != 1 or target is function.blocks[0] or target is block:
                break
            block.ops[-1:] = target.ops
            merged.add(target)
    function.blocks = [b for b in function.blocks if b in seen and b not in merged]
