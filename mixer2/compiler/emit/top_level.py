"""Module bodies: what runs at start, and what is done at compile time.

mypyc's `__top_level__` imports modules, builds classes and runs the author's statements. The
first two are static here, so the ops of those statements are skipped; a branch on a skipped
value goes the way of success.
"""

import ast

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    NAMESPACE_STATIC,
    NAMESPACE_TYPE,
    Assign,
    CallC,
    InitStatic,
    LoadAddress,
    LoadGlobal,
    LoadStatic,
    Op,
    Register,
    Value,
)

from mixer2.compiler.emit.names import literal_text

TOP_LEVEL = "__top_level__"

# Names of mypyc's import machinery start so.
_IMPORTS = ("PyImport_", "CPyImport_", "CPyImportState_", "CPyModuleLockAPI_")


def skipped_ops(function: FuncIR, tree: ast.Module) -> set[Value]:
    """The ops of a module body that are done at compile time.

    Args:
        function: The module's `__top_level__`.
        tree: The source that mypyc compiled.
    """
    ops = [op for block in function.blocks for op in block.ops]
    declared = _declarative_lines(tree)
    kept = _closure({op for op in ops if _is_class_attribute(op, declared)}, ops)
    skipped: set[Value] = {
        op for op in ops if op not in kept and (op.line in declared or _is_import(op))
    }
    changed = True
    while changed:
        changed = False
        for op in ops:
            if op not in skipped and op not in kept and _depends_on(op, skipped):
                skipped.add(op)
                changed = True
    return skipped


def _depends_on(op: Op, skipped: set[Value]) -> bool:
    return any(source in skipped for source in op.sources())


def _declarative_lines(tree: ast.Module) -> set[int]:
    """Lines of imports and class definitions, decorators included."""
    lines: set[int] = set()
    for node in ast.walk(tree):
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
    """Whether an op of a class body sets a class attribute or a class-level final."""
    if op.line not in declared:
        return False
    if isinstance(op, InitStatic):
        return op.namespace == NAMESPACE_STATIC and not _is_member_lookup(op.value)
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
