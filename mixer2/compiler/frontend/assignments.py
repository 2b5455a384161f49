"""Assignments: an int where a float is declared, and targets that cannot be set."""

from mypy.nodes import (
    AssignmentStmt,
    Decorator,
    Expression,
    FloatExpr,
    FuncDef,
    IntExpr,
    MemberExpr,
    NameExpr,
    OverloadedFuncDef,
    RefExpr,
    TypeInfo,
    UnaryExpr,
    Var,
)
from mypy.types import CallableType, Instance, Type, get_proper_type

from mixer2.compiler.frontend.nodes import Nodes, Refuse, is_builtin


class Assignments:
    """Rewrites or refuses them.

    Args:
        types: Types of expressions.
        nodes: Makes nodes.
        refuse: Takes a node and what is wrong with it.
    """

    def __init__(self, types: dict[Expression, Type], nodes: Nodes, refuse: Refuse) -> None:
        self._types = types
        self._nodes = nodes
        self._refuse = refuse

    def lower(self, o: AssignmentStmt) -> None:
        """Rewrite one."""
        for target in o.lvalues:
            self.check_target(target)
        if is_builtin(self._types.get(o.rvalue), "int") and any(
            is_builtin(self._declared(target), "float") for target in o.lvalues
        ):
            o.rvalue = self._as_float(o.rvalue)

    def undo_float_narrowing(self, expression: NameExpr | MemberExpr) -> None:
        """A float that was set to an int holds a float here."""
        narrowed = self._types.get(expression)
        declared = self._declared(expression)
        if is_builtin(narrowed, "int") and is_builtin(declared, "float"):
            assert declared is not None
            self._types[expression] = declared

    def check_target(self, target: Expression) -> None:
        """Refuse what cannot be set."""
        if not isinstance(target, MemberExpr):
            return
        self._check_property(target)
        if not isinstance(target.expr, RefExpr):
            return
        class_ = target.expr.node
        symbol = class_.get(target.name) if isinstance(class_, TypeInfo) else None
        if symbol and isinstance(symbol.node, FuncDef | Decorator | OverloadedFuncDef):
            self._refuse(
                target,
                f"method {target.name} cannot be replaced at run time: calls are bound when "
                "compiling; keep a function in an attribute and call that",
            )

    def _check_property(self, target: MemberExpr) -> None:
        """The type checker may have been told to ignore it; mypyc would break."""
        owner = get_proper_type(self._types.get(target.expr))
        symbol = owner.type.get(target.name) if isinstance(owner, Instance) else None
        if symbol and isinstance(symbol.node, Decorator) and symbol.node.func.is_property:
            self._refuse(target, f"property {target.name} has no setter: write one")

    def _declared(self, target: Expression) -> Type | None:
        if isinstance(target, NameExpr | MemberExpr) and isinstance(target.node, Var):
            return target.node.type
        if isinstance(target, MemberExpr):
            owner = get_proper_type(self._types.get(target.expr))
            symbol = owner.type.get(target.name) if isinstance(owner, Instance) else None
            if symbol is not None and isinstance(symbol.type, CallableType):
                return symbol.type.ret_type
            if symbol is not None and isinstance(symbol.node, OverloadedFuncDef):
                getter = symbol.node.items[0]
                type_ = get_proper_type(getter.type)
                return type_.ret_type if isinstance(type_, CallableType) else None
            if symbol is not None and symbol.type is not None:
                return symbol.type
        return self._types.get(target)

    def _as_float(self, value: Expression) -> Expression:
        sign, literal = 1, value
        if isinstance(value, UnaryExpr) and value.op == "-":
            sign, literal = -1, value.expr
        if isinstance(literal, IntExpr):
            number = FloatExpr(float(sign * literal.value))
            self._nodes.place(number, value, "float")
            return number
        return self._nodes.call(self._nodes.builtin("float", value), [value], "float", value)
