"""Constants, literals, and what lives as long as the module: final names, types, modules."""

from typing import TYPE_CHECKING

from mypyc.ir.ops import (
    NAMESPACE_MODULE,
    NAMESPACE_TYPE,
    InitStatic,
    LoadErrorValue,
    LoadGlobal,
    LoadLiteral,
    LoadStatic,
)

from mixer2.compiler.emit import representation
from mixer2.compiler.emit.ops import refcounts

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter

# Characters of a constant in a complaint.
_LONGEST_SHOWN = 40


def emit_constant(e: "FunctionEmitter", op: LoadLiteral | LoadErrorValue) -> None:
    """Nothing here: constants are written out where they are used."""
    if isinstance(op, LoadLiteral) and not e.program.literals.is_supported(op.value):
        e.program.refuse(e, f"the constant {_shown(op.value)} is beyond 63 bits or of another kind")
    if isinstance(op, LoadLiteral) and isinstance(op.value, frozenset):
        # Where its items lie depends on their hashes: made when it is first used.
        e.operands.flush()
        e.code.address(e.program.literals.frozen_set(op.value))
        e.call("frozenset_literal")
        e.result(op)
        if not op.is_borrowed:
            refcounts.inc_ref(e, e.operands.local(op))


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, int) else hex(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def emit_load_static(e: "FunctionEmitter", op: LoadStatic) -> None:
    """A type object, or the value of a final name."""
    if op.namespace == NAMESPACE_TYPE:
        e.operands.alias(op, e.program.type_symbol(op.module_name, op.identifier))
        return
    if op.namespace == NAMESPACE_MODULE or op.identifier == "globals":
        # Looked into at compile time only: `calls` resolves what is taken from it.
        return
    member = e.program.enum_members.named(op.module_name, op.identifier)
    if member is not None:
        e.operands.alias(op, member)
        return
    slot = e.program.globals.static_slot(op.module_name, op.identifier, op.type)
    found, _ = representation.offsets(op.type)
    for item, offset in zip(representation.scalars(op.type), found, strict=True):
        e.code.address(slot)
        e.code.load(representation.scalar(item), offset)
    if len(found) == 1:
        e.result(op)
    else:
        e.operands.results(op)


def emit_init_static(e: "FunctionEmitter", op: InitStatic) -> None:
    """Set a final name. It keeps a reference."""
    if op.namespace == NAMESPACE_TYPE:
        return
    e.operands.flush()
    slot = e.program.globals.static_slot(op.module_name, op.identifier, op.value.type)
    found, _ = representation.offsets(op.value.type)
    items = representation.scalars(op.value.type)
    for local, item, offset in zip(e.locals_of(op.value), items, found, strict=True):
        e.code.address(slot)
        e.code.get(local)
        e.code.store(representation.scalar(item), offset)
        if refcounts.is_counted(item):
            refcounts.inc_ref(e, local)


def emit_load_global(e: "FunctionEmitter", op: LoadGlobal) -> None:
    """A pointer of CPython's API: those that the run-time has are known (`names`)."""
    e.program.refuse(e, f"{op.identifier} is not in this run-time")
    e.constant_result(op, 0)
