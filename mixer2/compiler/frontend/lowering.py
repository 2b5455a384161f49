"""Rewriting mypy's typed trees, before mypyc sees them: what mypyc refuses or gets wrong.

    raise E from cause      ->      raise with_cause(E, cause)
    text in texts           ->      find_text(text, texts) >= 0, where texts is a list[str]
    ratio: float = 1        ->      ratio: float = 1.0

The type checker has seen the author's text already, so every complaint is about that text, and the
new nodes have the places of the old ones.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial

from mypy.build import BuildResult
from mypy.nodes import (
    ArgKind,
    AssignmentStmt,
    CallExpr,
    ClassDef,
    ComparisonExpr,
    Context,
    Decorator,
    Expression,
    FloatExpr,
    FuncDef,
    IntExpr,
    MatchStmt,
    MemberExpr,
    MypyFile,
    NameExpr,
    OperatorAssignmentStmt,
    OpExpr,
    OverloadedFuncDef,
    ParamSpecExpr,
    RaiseStmt,
    RefExpr,
    Statement,
    SuperExpr,
    TempNode,
    TupleExpr,
    TypeAlias,
    TypeInfo,
    TypeVarExpr,
    TypeVarTupleExpr,
    UnaryExpr,
    Var,
)
from mypy.types import CallableType, Instance, Type, get_proper_type

from mixer2.compiler.errors import Diagnostic
from mixer2.compiler.frontend.blocks import all_blocks
from mixer2.compiler.frontend.buffers import refused_buffer, refused_view_attribute
from mixer2.compiler.frontend.comparisons import Comparisons
from mixer2.compiler.frontend.leaps import Leaps
from mixer2.compiler.frontend.nodes import Nodes
from mixer2.compiler.frontend.patterns import prepare_patterns

# Built-in exceptions that mypyc lets a class extend; the run-time has them all.
_MYPYC_BASES = frozenset(
    {
        *("builtins.object", "builtins.BaseException", "builtins.Exception"),
        *("builtins.LookupError", "builtins.IndexError", "builtins.ValueError"),
        *("builtins.Warning", "builtins.UserWarning"),
    }
)


# Attributes of built-in exceptions, and of object.
_EXCEPTION_ATTRIBUTES = frozenset(
    {
        *("args", "value", "__cause__", "__context__", "__suppress_context__", "__class__"),
        *("__init__", "__str__", "__repr__", "__eq__", "__ne__", "__hash__"),
    }
)

# How alike two names are when one is the other, misspelt.
_MISSPELT = 0.9

_COMPARISONS = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})


@dataclass(frozen=True, slots=True)
class Lowered:
    """What rewriting found.

    Attributes:
        diagnostics: What the dialect refuses, at places of the rewritten text.
        abstract_methods: What each abstract class, by its full name, leaves undefined.
    """

    diagnostics: list[Diagnostic] = field(default_factory=list)
    abstract_methods: dict[str, list[str]] = field(default_factory=dict)


def lower_trees(trees: list[MypyFile], texts: dict[str, str], result: BuildResult) -> Lowered:
    """Rewrite the trees of a program in place; `texts` has what each was made from, by module."""
    lowered = Lowered()
    expressions = _Lowering(result, lowered, lambda node: _path_of(node, trees, texts))
    expressions.lower_expressions(list(result.types))
    for tree in trees:
        lowering = _Lowering(result, lowered, partial(_known_path, tree.path))
        tree.defs = lowering.lower_all(tree.defs)
    return lowered


_SAME_IN_AST = {CallExpr: ast.Call, MemberExpr: ast.Attribute, NameExpr: ast.Name}


def _known_path(path: str, _node: Context) -> str:
    return path


def _path_of(node: Context, trees: list[MypyFile], texts: dict[str, str]) -> str:
    """The file of an expression: mypy's table of types does not tell."""
    kind = _SAME_IN_AST.get(type(node), ast.expr)
    for tree in trees:
        for found in ast.walk(ast.parse(texts[tree.fullname])):
            if (
                isinstance(found, ast.expr)
                and isinstance(found, kind)
                and found.lineno == node.line
                and found.col_offset == node.column
            ):
                return tree.path
    return trees[-1].path


class _Lowering:
    def __init__(
        self, result: BuildResult, lowered: Lowered, path_of: Callable[[Context], str]
    ) -> None:
        self._types = result.types
        self._lowered = lowered
        self._path_of = path_of
        self._nodes = Nodes(result)
        self._comparisons = Comparisons(result.types, self._nodes)
        self._leaps = Leaps(self._nodes)

    def _refuse(self, node: Context, message: str) -> None:
        place = Diagnostic(self._path_of(node), node.line, node.column + 1, message)
        self._lowered.diagnostics.append(place)

    # Expressions.

    def lower_expressions(self, expressions: list[Expression]) -> None:
        """Rewrite or refuse what needs no look at the statement around it."""
        for expression in expressions:
            if isinstance(expression, CallExpr):
                self._lower_call(expression)
            elif isinstance(expression, ComparisonExpr):
                self._comparisons.lower(expression)
            elif isinstance(expression, MemberExpr):
                self._check_function_name(expression)
                self._check_exception_detail(expression)
                owner = self._types.get(expression.expr)
                if wrong := refused_view_attribute(expression, owner):
                    self._refuse(expression, wrong)
                self._undo_float_narrowing(expression)
            elif isinstance(expression, NameExpr):
                self._check_alias(expression)
                self._undo_float_narrowing(expression)

    def _lower_call(self, call: CallExpr) -> None:
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
            if all(
                any(self._is(type_, f"builtins.{name}") for type_ in types)
                for name in ("int", "float")
            ):
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

    def _check_function_name(self, expression: MemberExpr) -> None:
        if expression.name not in ("__name__", "__qualname__"):
            return
        owner = get_proper_type(self._types.get(expression.expr))
        if isinstance(owner, CallableType) and not owner.is_type_obj():
            self._refuse(
                expression, f"{expression.name} of a function is not kept: write the name as a str"
            )

    def _check_exception_detail(self, expression: MemberExpr) -> None:
        """What built-in exceptions carry besides their arguments."""
        owner = get_proper_type(self._types.get(expression.expr))
        if not isinstance(owner, Instance) or not owner.type.has_base("builtins.BaseException"):
            return
        defined = owner.type.get_containing_type_info(expression.name)
        is_built_in = defined is not None and defined.module_name == "builtins"
        if is_built_in and expression.name not in _EXCEPTION_ATTRIBUTES:
            self._refuse(
                expression,
                f"{expression.name} of an exception is not in the dialect: use its text or args, "
                "or raise a class of your own that keeps it",
            )

    def _check_alias(self, expression: NameExpr) -> None:
        alias = expression.node
        if isinstance(alias, TypeAlias) and not isinstance(get_proper_type(alias.target), Instance):
            self._refuse(
                expression,
                f"type alias {expression.name} exists for the type checker only: name its classes",
            )

    def _undo_float_narrowing(self, expression: NameExpr | MemberExpr) -> None:
        """A float that was set to an int holds a float here."""
        narrowed = self._types.get(expression)
        declared = self._declared(expression)
        if self._is(narrowed, "builtins.int") and self._is(declared, "builtins.float"):
            assert declared is not None
            self._types[expression] = declared

    # Walking.

    def lower_all(self, statements: list[Statement]) -> list[Statement]:
        """Rewrite statements, and what they hold."""
        found = []
        for statement in statements:
            if _is_for_types_only(statement):
                continue
            for rewritten in self._leaps.without_leaps(statement):
                self._lower(rewritten)
                found.append(rewritten)
        return found

    def _lower(self, statement: Statement) -> None:
        if isinstance(statement, AssignmentStmt):
            self._lower_assignment(statement)
        elif isinstance(statement, OperatorAssignmentStmt):
            self._check_target(statement.lvalue)
        elif isinstance(statement, RaiseStmt):
            self._lower_raise(statement)
        elif isinstance(statement, MatchStmt):
            prepare_patterns(statement, self._types.get(statement.subject), self._refuse)
        elif isinstance(statement, ClassDef):
            self._lower_class(statement)
        for block in all_blocks(statement):
            block.body = self.lower_all(block.body)

    # Classes that extend built-in exceptions.

    def _lower_class(self, o: ClassDef) -> None:
        if o.info.is_abstract:
            missing = sorted(name for name, _ in o.info.abstract_attributes)
            self._lowered.abstract_methods[o.info.fullname] = missing
        if o.info.is_enum:
            _declare_members(o.info)
        self._check_callbacks(o)
        bases = o.info.mro
        if any(base.fullname == "builtins.BaseException" for base in bases):
            self._check_exception_attributes(o)
            o.info.mro = [
                base
                for base in bases
                if not base.fullname.startswith("builtins.") or base.fullname in _MYPYC_BASES
            ]

    def _check_callbacks(self, o: ClassDef) -> None:
        """A misspelt callback would never be called, and nobody would be told."""
        callbacks = [
            name
            for base in o.info.mro[1:]
            if base.module_name.startswith("pal.")
            for name in base.names
            if name.startswith("on_")
        ]
        for name, symbol in o.info.names.items():
            if not callbacks or not name.startswith("on_") or name in callbacks:
                continue
            if meant := get_close_matches(name, callbacks, n=1, cutoff=_MISSPELT):
                place = symbol.node or o
                self._refuse(place, f"{name} is no callback, and never called: {meant[0]}?")

    def _check_exception_attributes(self, o: ClassDef) -> None:
        for statement in o.defs.body:
            if not isinstance(statement, AssignmentStmt) or statement.is_final_def:
                continue
            variable = getattr(statement.lvalues[0], "node", None)
            has_value = not isinstance(statement.rvalue, TempNode)
            if has_value and isinstance(variable, Var) and not variable.is_classvar:
                self._refuse(
                    statement,
                    f"class attribute {variable.name} of an exception: annotate it with "
                    "ClassVar[...], or set it in __init__",
                )

    # raise .. from

    def _lower_raise(self, o: RaiseStmt) -> None:
        if o.expr is None or o.from_expr is None:
            return
        callee = self._nodes.language("with_cause", o)
        o.expr = self._nodes.call(callee, [o.expr, o.from_expr], "BaseException", o)
        o.from_expr = None

    # An int where a float is declared.

    def _lower_assignment(self, o: AssignmentStmt) -> None:
        for target in o.lvalues:
            self._check_target(target)
        if self._is(self._types.get(o.rvalue), "builtins.int") and any(
            self._is(self._declared(target), "builtins.float") for target in o.lvalues
        ):
            o.rvalue = self._as_float(o.rvalue)

    def _check_target(self, target: Expression) -> None:
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

    @staticmethod
    def _is(type_: Type | None, fullname: str) -> bool:
        proper = get_proper_type(type_)
        return isinstance(proper, Instance) and proper.type.fullname == fullname


def _declare_members(info: TypeInfo) -> None:
    """Say that members of an enum are of its class.

    mypyc asks for the variable's type where mypy gave the expression none, in code that is never
    reached; there mypy has the type of the member's value.
    """
    for symbol in info.names.values():
        if isinstance(symbol.node, Var) and symbol.node.is_final:
            symbol.node.type = Instance(info, [])


def _alternatives(expression: Expression) -> list[Expression]:
    """A and B of `A | B`."""
    if isinstance(expression, OpExpr) and expression.op == "|":
        return [*_alternatives(expression.left), *_alternatives(expression.right)]
    return [expression]


def _is_for_types_only(statement: Statement) -> bool:
    """Whether a statement makes a type variable, a TypedDict, or an alias that is no class."""
    if isinstance(statement, ClassDef):
        return statement.info.typeddict_type is not None
    if not isinstance(statement, AssignmentStmt) or len(statement.lvalues) != 1:
        return False
    made, target = statement.rvalue, statement.lvalues[0]
    if isinstance(made, CallExpr):
        return isinstance(made.analyzed, TypeVarExpr | ParamSpecExpr | TypeVarTupleExpr)
    is_alias = statement.is_alias_def or (
        isinstance(target, NameExpr) and isinstance(target.node, TypeAlias)
    )
    return is_alias and not isinstance(made, RefExpr)
