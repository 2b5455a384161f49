"""Which classes' instances may be seen as mere objects.

An instance that is only ever handled as an instance of its class never reaches the generic
operations (repr, comparison, hashing of any object), so its type needs no slots for them. It
escapes where it is stored in a container, boxed in a tuple, raised, or passed as `object`.
"""

from collections.abc import Iterable, Iterator

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    Assign,
    Branch,
    Call,
    CallC,
    Cast,
    ComparisonOp,
    DecRef,
    GetAttr,
    IncRef,
    InitStatic,
    KeepAlive,
    MethodCall,
    Op,
    Return,
    SetAttr,
    Value,
)
from mypyc.ir.rtypes import RInstance, RType, RUnion

# Ops that handle an instance as what it is, or not at all.
_HARMLESS = (IncRef, DecRef, KeepAlive, Branch, ComparisonOp, GetAttr, Cast)


# Primitives that ask for an instance's class.
_TYPE_TESTS = frozenset({"CPy_TYPE", "CPy_TypeCheck", "PyObject_IsInstance"})


# Methods that the run-time calls through a type's slots, and nobody else unless by name.
_SLOT_METHODS = frozenset(
    {
        *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__"),
        *("__repr__", "__str__", "__len__", "__bool__", "__contains__", "__iter__", "__next__"),
    }
)


def escaping_classes(functions: Iterable[FuncIR]) -> set[str]:
    """Full names of the classes whose instances may become mere objects, bases included.

    What a slot method does with instances counts only when its own class escapes, or when the
    program calls methods of that name.
    """
    escaping: set[str] = set()
    called: set[str] = set()
    waiting = list(functions)
    while live := [f for f in waiting if _is_live(f, escaping, called)]:
        for function in live:
            _scan(function, escaping, called)
        seen = set(live)
        waiting = [function for function in waiting if function not in seen]
    return escaping


def _is_live(function: FuncIR, escaping: set[str], called: set[str]) -> bool:
    name, class_name = function.name, function.decl.class_name
    if class_name is None or name not in _SLOT_METHODS or name in called:
        return True
    return f"{function.decl.module_name}.{class_name}" in escaping


def _scan(function: FuncIR, escaping: set[str], called: set[str]) -> None:
    for block in function.blocks:
        for op in block.ops:
            if isinstance(op, Call):
                called.add(op.fn.name)
            elif isinstance(op, MethodCall):
                called.add(op.method)
            for source in op.sources():
                for class_ in _classes(source.type):
                    if class_.fullname not in escaping and _escapes(op, source, function):
                        escaping.update(_relatives(class_))


def _relatives(class_: ClassIR) -> Iterator[str]:
    """The class, its bases, and its subclasses, since the instance may be one of theirs."""
    for relative in [class_, *(class_.subclasses() or ())]:
        yield from (base.fullname for base in relative.mro)


def _escapes(op: Op, value: Value, function: FuncIR) -> bool:
    if isinstance(op, _HARMLESS):
        return False
    if isinstance(op, CallC) and op.function_name in _TYPE_TESTS:
        return False
    if isinstance(op, InitStatic):
        return not _is_instance(op.value.type)
    if isinstance(op, Assign):
        return not _is_instance(op.dest.type)
    if isinstance(op, Return):
        return not _is_instance(function.ret_type)
    if isinstance(op, SetAttr):
        if op.src is not value:
            return False
        return not _is_instance(op.class_type.class_ir.attr_type(op.attr))
    if isinstance(op, Call):
        parameters = zip(op.args, op.fn.sig.args, strict=True)
        return any(arg is value and not _is_instance(p.type) for arg, p in parameters)
    if isinstance(op, MethodCall):
        own = op.receiver_type.class_ir.method_decl(op.method).sig.args
        parameters = zip(op.args, own[len(own) - len(op.args) :], strict=True)
        return any(arg is value and not _is_instance(p.type) for arg, p in parameters)
    return True


def _is_instance(rtype: RType) -> bool:
    """Whether a type is a class of the program, possibly or None."""
    if isinstance(rtype, RUnion):
        return all(_is_instance(i) or i.name == "builtins.None" for i in rtype.items)
    return isinstance(rtype, RInstance)


def _classes(rtype: RType) -> list[ClassIR]:
    if isinstance(rtype, RInstance):
        return [rtype.class_ir]
    if isinstance(rtype, RUnion):
        return [class_ for item in rtype.items for class_ in _classes(item)]
    return []
