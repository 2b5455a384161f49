"""Calls that mypyc gets wrong, or that the dialect lacks.

isinstance(x, A | B)       ->      isinstance(x, (A, B))
iterator.__next__()        ->      next(iterator)
Movie(title="T")           ->      dict(title="T"), where Movie is a TypedDict
"""

from mypy.nodes import (
    ArgKind,
    CallExpr,
    Expression,
    MemberExpr,
    NameExpr,
    OpExpr,
    RefExpr,
    SuperExpr,
    TupleExpr,
    TypeInfo,
)
from mypy.types import Instance, Type, get_proper_type

from mixer2.compiler.frontend.buffers import refused_buffer
from mixer2.compiler.frontend.nodes import Nodes, Refuse, is_builtin

_COMPARISONS = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})


class Calls:
    """Rewrites or refuses them; arguments as of `Assignments`."""

    def __init__(self, types: dict[Expression, Type], nodes: Nodes, refuse: Refuse) -> None:
        self._types = types
        self._nodes = nodes
        self._refuse = refuse

    def lower(self, call: CallExpr) -> None:
        """Rewrite one."""
        if isinstance(call.callee, MemberExpr | SuperExpr) and call.callee.name in _COMPARISONS:
            # It may be NotImplemented, whatever its annotation says.
            self._types[call] = self._nodes.instance("object")
        if isinstance(call.callee, MemberExpr):
            self._lower_iterator_method(call, call.callee)
        callee = call.callee.fullname if isinstance(call.callee, NameExpr) else ""
        called = call.callee.node if isinstance(call.callee, RefExpr) else None
        if isinstance(called, TypeInfo) and called.typeddict_type is not None:
            # Movie(title="T") is a dict.
            call.callee = self._nodes.builtin("dict", call)
        if callee in ("builtins.isinstance", "builtins.issubclass") and len(call.args) == 2:
            classes = _alternatives(call.args[1])
            if len(classes) > 1:
                call.args[1] = self._tuple_of(classes, call.args[1])
        elif callee == "builtins.dict" and len(call.args) == 1 and call.arg_names == [None]:
            self._check_dict_of_mapping(call)
        elif call.args and (wrong := refused_buffer(call, self._types.get(call.args[0]))):
            self._refuse(call, wrong)
        elif callee in ("builtins.min", "builtins.max") and len(call.args) > 1:
            types = [self._types.get(argument) for argument in call.args]
            if all(any(is_builtin(type_, name) for type_ in types) for name in ("int", "float")):
                name = callee.rpartition(".")[2]
                message = f"{name}() of int and float: its type is not known when compiling"
                self._refuse(call, f"{message}; write float(...) around the ints")

    def _lower_iterator_method(self, call: CallExpr, callee: MemberExpr) -> None:
        """`iterator.__next__()`: what the run-time's iterators have is `next(iterator)`."""
        owner = get_proper_type(self._types.get(callee.expr))
        function = {"__next__": "next", "__iter__": "iter"}.get(callee.name)
        if not function or call.args or not isinstance(owner, Instance):
            return
        if owner.type.module_name in ("builtins", "typing", "collections.abc"):
            call.callee = self._nodes.builtin(function, call)
            call.args, call.arg_names = [callee.expr], [None]
            call.arg_kinds = [ArgKind.ARG_POS]

    def _check_dict_of_mapping(self, call: CallExpr) -> None:
        given = get_proper_type(self._types.get(call.args[0]))
        if (
            isinstance(given, Instance)
            and given.type.module_name not in ("builtins", "typing", "collections.abc")
            and not given.type.has_base("builtins.dict")
            and given.type.get("keys") is not None
        ):
            self._refuse(call, f"dict() of a {given.type.name}: give it the pairs, .items()")

    def _tuple_of(self, items: list[Expression], place: Expression) -> TupleExpr:
        made = TupleExpr(items)
        made.set_line(place)
        self._types[made] = self._nodes.instance("object")
        return made


def _alternatives(expression: Expression) -> list[Expression]:
    """A and B of `A | B`."""
    if isinstance(expression, OpExpr) and expression.op == "|":
        return [*_alternatives(expression.left), *_alternatives(expression.right)]
    return [expression]
