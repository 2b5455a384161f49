"""Module bodies: what runs at start, and what is done at compile time.

mypyc's `__top_level__` imports modules, builds classes and runs the author's statements. The
first two are static here, so the ops of those statements are skipped; a branch on a skipped
value goes the way of success.
"""

import ast
from collections.abc import Callable

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    NAMESPACE_STATIC,
    NAMESPACE_TYPE,
    Assign,
    AssignMulti,
    Box,
    Branch,
    CallC,
    DecRef,
    IncRef,
    InitStatic,
    LoadAddress,
    LoadGlobal,
    LoadStatic,
    Op,
    Register,
    TupleSet,
    Value,
)

from mixer2.compiler.emit.names import literal_text, module_globals
from mixer2.compiler.frontend.walk import nodes_of

TOP_LEVEL = "__top_level__"

# Names of mypyc's import machinery start so.
_IMPORTS = ("PyImport_", "CPyImport_", "CPyImportState_", "CPyModuleLockAPI_")


# Primitives that only make an object: not needed when nothing uses the object.
_PURE = frozenset(
    {"PyDict_New", "PyList_New", "PySet_New", "CPyDict_Build", "CPyList_Build", "PyTuple_Pack"}
)

IsRead = Callable[[str, str], bool]
"""Whether anything reads a variable, given its module and name."""


def skipped_ops(function: FuncIR, tree: ast.Module, is_read: IsRead) -> set[Value]:
    """The ops of a module body that are done at compile time, or that nobody needs.

    Args:
        function: The module's `__top_level__`.
        tree: The source that mypyc compiled.
        is_read: A variable that nobody reads (a final name, whose value stands where it is used)
            is not stored.
    """
    ops = [op for block in function.blocks for op in block.ops]
    declared = _declarative_lines(tree)
    kept = _closure({op for op in ops if _is_class_attribute(op, declared)}, ops)
    skipped: set[Value] = {
        op
        for op in ops
        if op not in kept and (op.line in declared or _is_import(op) or _is_dead_store(op, is_read))
    }
    while True:
        more = _dependants(ops, skipped) | _unused(ops, skipped)
        more -= kept | skipped
        if not more:
            return skipped
        skipped |= more


def _dependants(ops: list[Op], skipped: set[Value]) -> set[Value]:
    """Ops that work on skipped values, and variables that only have skipped values."""
    found: set[Value] = {op for op in ops if any(s in skipped for s in op.sources())}
    assigns: dict[Register, list[Op]] = {}
    for op in ops:
        if isinstance(op, Assign | AssignMulti):
            assigns.setdefault(op.dest, []).append(op)
    found.update(r for r, made_by in assigns.items() if all(op in skipped for op in made_by))
    return found


def _unused(ops: list[Op], skipped: set[Value]) -> set[Value]:
    """Ops that only make an object which only skipped ops use."""
    used = {
        source
        for op in ops
        if op not in skipped and not isinstance(op, DecRef | IncRef | Branch)
        for source in op.sources()
    }
    return {
        op
        for op in ops
        if op not in used
        and (
            (isinstance(op, CallC) and op.function_name in _PURE) or isinstance(op, Box | TupleSet)
        )
    }


def _is_dead_store(op: Op, is_read: IsRead) -> bool:
    if not isinstance(op, CallC) or op.function_name not in ("CPyDict_SetItem", "PyDict_SetItem"):
        return False
    module, name = module_globals(op.args[0]), literal_text(op.args[1])
    return module is not None and name is not None and not is_read(module, name)


def _declarative_lines(tree: ast.Module) -> set[int]:
    """Lines of imports and class definitions, decorators included."""
    lines: set[int] = set()
    for node in nodes_of(tree):
        if isinstance(node, ast.Import | ast.ImportFrom | ast.ClassDef):
            first = node.lineno
            if isinstance(node, ast.ClassDef):
                first = min([first, *(d.lineno for d in node.decorator_list)])
            lines.update(range(first, (node.end_lineno or node.lineno) + 1))
    return lines


def _is_import(op: Op) -> bool:
    if isinstance(op, CallC):
        return op.function_name.startswith(_IMPORTS)
    if isinstance(op, LoadGlobal):
        return op.identifier.startswith(_IMPORTS)
    if isinstance(op, LoadAddress):
        return isinstance(op.src, LoadStatic) or str(op.src).startswith(_IMPORTS)
    return False


def _is_class_attribute(op: Op, declared: set[int]) -> bool:
    """Whether an op of a class body sets a class attribute, a final, or a parameter's default."""
    if isinstance(op, InitStatic):
        # The op of a default has no line.
        return op.namespace == NAMESPACE_STATIC and not _is_member_lookup(op.value)
    if op.line not in declared:
        return False
    if isinstance(op, CallC) and op.function_name == "PyObject_SetAttr":
        owner, name = op.args[0], literal_text(op.args[1])
        is_type = isinstance(owner, LoadStatic) and owner.namespace == NAMESPACE_TYPE
        return is_type and name is not None and not name.startswith("__")
    return False


def _is_member_lookup(value: Value) -> bool:
    """Whether a final is taken from a class that was just made (an enum member)."""
    return isinstance(value, CallC) and value.function_name == "CPyObject_GetAttr"


def _closure(roots: set[Op], ops: list[Op]) -> set[Value]:
    """`roots` and all ops that they need."""
    assigned: dict[Register, list[Op]] = {}
    for op in ops:
        if isinstance(op, Assign):
            assigned.setdefault(op.dest, []).append(op)
    needed: set[Value] = set()
    pending: list[Value] = list(roots)
    while pending:
        value = pending.pop()
        if value in needed:
            continue
        needed.add(value)
        if isinstance(value, Register):
            pending.extend(assigned.get(value, []))
        elif isinstance(value, Op):
            pending.extend(value.sources())
    return needed
