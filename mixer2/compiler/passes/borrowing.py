"""Attributes that are only looked at are not counted.

r1 = self.series                   ->   r1 = borrowed self.series
r2 = dict_get_str(r1, key, None)        r2 = dict_get_str(r1, key, None)
dec_ref r1

That is right where the attribute is known to keep its object alive for as long as `r1` is used:
it is only ever set by `__init__`, and the object that it belongs to outlives the call; or nothing
between the two can run any of the program's code or drop a reference.
"""

from collections import Counter
from collections.abc import Iterable

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    NAMESPACE_STATIC,
    Assign,
    Call,
    CallC,
    Cast,
    DecRef,
    GetAttr,
    IncRef,
    LoadStatic,
    MethodCall,
    Op,
    SetAttr,
    Value,
)

from mixer2.compiler.emit.names import literal_text
from mixer2.compiler.passes.known_keys import KEYED_OPERATIONS
from mixer2.compiler.passes.values import all_ops, remove_ops

Attribute = tuple[str, str]
"""Full name of the class that declares an attribute, and its name."""

_INITIALISERS = frozenset({"__init__", "__mypyc_defaults_setup"})
_SET_BY_NAME = frozenset({"PyObject_SetAttr", "CPyObject_SetAttr", "PyObject_DelAttr"})

# Primitives that run no code of the program and drop no references of objects start so.
_PLAIN = (
    "CPyStr_",
    "CPyBytes_",
    "CPyTagged_",
    "CPyList_Get",
    "PyDict_Size",
    "str_join_",
    "native__",
)


class FixedAttributes:
    """The attributes of a program that are never set again once an object is made.

    Args:
        functions: All functions of the program.
    """

    def __init__(self, functions: Iterable[FuncIR]) -> None:
        self._changing: set[Attribute] = set()
        self._changing_by_name: set[str] = set()
        self._any_changes = False
        for function in functions:
            for op in all_ops(function):
                self._note(function, op)

    def __contains__(self, read: GetAttr) -> bool:
        attribute = _attribute(read)
        return not (
            self._any_changes
            or attribute in self._changing
            or attribute[1] in self._changing_by_name
        )

    def _note(self, function: FuncIR, op: Op) -> None:
        initialises = function.name in _INITIALISERS
        if isinstance(op, SetAttr):
            if not initialises or op.obj is not function.arg_regs[0]:
                self._changing.add(_attribute(op))
        elif isinstance(op, CallC) and op.function_name in _SET_BY_NAME:
            name = literal_text(op.args[1])
            if name is None:
                self._any_changes = True
            else:
                self._changing_by_name.add(name)
        elif not initialises and (
            (isinstance(op, Call) and op.fn.name == "__init__")
            or (isinstance(op, MethodCall) and op.method == "__init__")
        ):
            # An object is made anew in its place.
            self._any_changes = True


def _attribute(op: GetAttr | SetAttr) -> Attribute:
    _, declared_in = op.class_type.class_ir.attr_details(op.attr)
    return declared_in.fullname, op.attr


def borrow_attributes(function: FuncIR, fixed: FixedAttributes, *, objects_compare: bool) -> None:
    """Do not count what is only looked at.

    Args:
        function: Its ops are changed.
        fixed: The attributes that never change.
        objects_compare: Whether comparing keys may call the program's code.
    """
    if function.name not in _INITIALISERS:
        _borrow_fixed(function, fixed)
    plain = _PLAIN if objects_compare else (*_PLAIN, *KEYED_OPERATIONS)
    _borrow_briefly(function, plain)


def _borrow_fixed(function: FuncIR, fixed: FixedAttributes) -> None:
    assigned = {op.dest for op in all_ops(function) if isinstance(op, Assign)}
    # Values that live until the function returns.
    alive: set[Value] = {register for register in function.arg_regs if register not in assigned}
    users: dict[Value, list[Op]] = {}
    for op in all_ops(function):
        for source in set(op.sources()):
            users.setdefault(source, []).append(op)
    borrowed: set[Value] = set()
    for op in all_ops(function):
        if isinstance(op, LoadStatic) and op.namespace == NAMESPACE_STATIC:
            alive.add(op)
        elif isinstance(op, GetAttr) and op.obj in alive and _is_counted_read(op) and op in fixed:
            casts = _casts_if_only_looked_at(op, users)
            if casts is not None:
                for value in (op, *casts):
                    value.is_borrowed = True
                    borrowed.add(value)
                    alive.add(value)
    _uncount(function, borrowed)


def _casts_if_only_looked_at(
    value: GetAttr | Cast, users: dict[Value, list[Op]]
) -> list[Cast] | None:
    """The casts that a value goes through; None when something keeps it or one of them."""
    casts: list[Cast] = []
    for user in users.get(value, ()):
        if isinstance(user, DecRef):
            continue
        if isinstance(user, IncRef):
            return None
        if isinstance(user, Cast) and not user.is_borrowed:
            further = _casts_if_only_looked_at(user, users)
            if further is None:
                return None
            casts += [user, *further]
        elif value in user.stolen():
            return None
    return casts


def _is_counted_read(op: GetAttr) -> bool:
    class_ = op.class_type.class_ir
    return (
        not op.is_borrowed
        and not op.allow_error_value
        and op.type.is_refcounted
        and not class_.is_trait
        and class_.get_method(op.attr) is None
    )


def _borrow_briefly(function: FuncIR, plain: tuple[str, ...]) -> None:
    """Attributes whose value is used up by plain primitives within a block."""
    uses = Counter(source for op in all_ops(function) for source in op.sources())
    borrowed: set[Value] = set()
    for block in function.blocks:
        for index, op in enumerate(block.ops):
            if (
                isinstance(op, GetAttr)
                and _is_counted_read(op)
                and _is_used_up(op, block.ops[index + 1 :], uses[op], plain)
            ):
                op.is_borrowed = True
                borrowed.add(op)
    _uncount(function, borrowed)


def _is_used_up(value: Value, ops: list[Op], uses: int, plain: tuple[str, ...]) -> bool:
    """Whether ops drop a value before anything could change what it was read from."""
    for op in ops:
        uses -= sum(source is value for source in op.sources())
        if isinstance(op, DecRef):
            return op.src is value and uses == 0
        if isinstance(op, IncRef) and op.src is value:
            return False
        if value in op.stolen() or isinstance(op, SetAttr | Call | MethodCall | Assign):
            return False
        if isinstance(op, CallC) and not op.function_name.startswith(plain):
            return False
        if isinstance(op, GetAttr) and op.class_type.class_ir.get_method(op.attr) is not None:
            return False
    return False


def _uncount(function: FuncIR, borrowed: set[Value]) -> None:
    if borrowed:
        remove_ops(function, lambda op: isinstance(op, DecRef) and op.src in borrowed)
