"""New nodes in mypy's typed trees. Each has the place of the node that it stands for."""

from collections.abc import Callable

from mypy.build import BuildResult
from mypy.nodes import (
    GDEF,
    LDEF,
    ArgKind,
    AssignmentStmt,
    Block,
    CallExpr,
    ComparisonExpr,
    Context,
    Expression,
    FuncDef,
    IfStmt,
    IntExpr,
    NameExpr,
    Statement,
    TypeInfo,
    Var,
)
from mypy.types import Instance, Type, get_proper_type

LANGUAGE_MODULE = "pystd._language"
"""The module of functions that rewritten trees call."""

Refuse = Callable[[Context, str], None]
"""Takes a node and what is wrong with it."""


class Nodes:
    """Makes nodes.

    Args:
        result: Where the types of expressions are kept.
    """

    def __init__(self, result: BuildResult) -> None:
        self._types = result.types
        builtins = result.graph["builtins"].tree
        assert builtins is not None
        self._builtins = builtins
        language = result.graph[LANGUAGE_MODULE].tree
        assert language is not None
        self._language = language

    def builtin(self, name: str, place: Context) -> NameExpr:
        """The name of a class of `builtins`."""
        return self.name(name, self._builtins.names[name].node, f"builtins.{name}", place)

    def language(self, name: str, place: Context) -> NameExpr:
        """A function of the language module."""
        node = self._language.names[name].node
        assert isinstance(node, FuncDef)
        return self.name(node.name, node, node.fullname, place)

    def assign(self, variable: Var, value: int, place: Context) -> Statement:
        """`variable = value`."""
        target = self.local(variable, place)
        target.is_special_form = False
        statement = AssignmentStmt([target], self.int(value, place))
        return self.placed(statement, place)

    def if_equal(self, variable: Var, value: int, then: Statement, place: Context) -> Statement:
        """`if variable == value: then`."""
        test = ComparisonExpr(["=="], [self.local(variable, place), self.int(value, place)])
        self.place(test, place, "bool")
        body = Block([then])
        body.set_line(place)
        return self.placed(IfStmt([test], [body], None), place)

    def local(self, variable: Var, place: Context) -> NameExpr:
        """A local variable of type int."""
        name = self.name(variable.name, variable, variable.name, place)
        name.kind = LDEF
        self.place(name, place, "int")
        return name

    def int(self, value: int, place: Context) -> IntExpr:
        """An integer literal."""
        literal = IntExpr(value)
        self.place(literal, place, "int")
        return literal

    @staticmethod
    def name(name: str, node: object, fullname: str, place: Context) -> NameExpr:
        """A global name, and the node that it stands for."""
        expression = NameExpr(name)
        expression.node = node  # type: ignore[assignment]
        expression.fullname = fullname
        expression.kind = GDEF
        expression.set_line(place)
        return expression

    def call(
        self, callee: NameExpr, arguments: list[Expression], type_: str, place: Context
    ) -> CallExpr:
        """A call with positional arguments."""
        kinds = [ArgKind.ARG_POS] * len(arguments)
        call = CallExpr(callee, arguments, kinds, [None] * len(arguments))
        self.place(call, place, type_)
        return call

    def place(self, expression: Expression, place: Context, type_: str) -> None:
        """Give an expression a place, and a type of `builtins`."""
        expression.set_line(place)
        self._types[expression] = self.instance(type_)

    @staticmethod
    def placed(statement: Statement, place: Context) -> Statement:
        """The statement, with a place."""
        statement.set_line(place)
        return statement

    def instance(self, name: str) -> Instance:
        """A class of `builtins` as a type."""
        info = self._builtins.names[name].node
        assert isinstance(info, TypeInfo)
        return Instance(info, [])


def is_builtin(type_: Type | None, name: str) -> bool:
    """Whether a type is a class of `builtins`."""
    proper = get_proper_type(type_)
    return isinstance(proper, Instance) and proper.type.fullname == f"builtins.{name}"
