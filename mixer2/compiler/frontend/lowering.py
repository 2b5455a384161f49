"""Rewriting mypy's typed trees, before mypyc sees them: what mypyc refuses or gets wrong.

    for x in xs:                    for x in xs:
        try:                            leaving = 0
            if x: break                 try:
        finally:            ->              while 1:
            f()                                 if x:
                                                    leaving = 1; break
                                                break
                                        finally:
                                            f()
                                        if leaving == 1: break

    raise E from cause      ->      raise with_cause(E, cause)
    ratio: float = 1        ->      ratio: float = 1.0

The type checker has seen the author's text already, so every complaint is about that text, and the
new nodes have the places of the old ones.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from mypy.build import BuildResult
from mypy.nodes import (
    GDEF,
    LDEF,
    ArgKind,
    AssignmentStmt,
    Block,
    BreakStmt,
    CallExpr,
    ClassDef,
    ComparisonExpr,
    Context,
    ContinueStmt,
    Decorator,
    Expression,
    FloatExpr,
    ForStmt,
    FuncDef,
    IfStmt,
    IntExpr,
    ListExpr,
    MatchStmt,
    MemberExpr,
    MypyFile,
    NameExpr,
    OpExpr,
    OverloadedFuncDef,
    ParamSpecExpr,
    RaiseStmt,
    RefExpr,
    SetExpr,
    StarExpr,
    Statement,
    TempNode,
    TryStmt,
    TupleExpr,
    TypeAlias,
    TypeInfo,
    TypeVarExpr,
    TypeVarTupleExpr,
    UnaryExpr,
    Var,
    WhileStmt,
    WithStmt,
)
from mypy.types import CallableType, Instance, Type, get_proper_type

from mixer2.compiler.errors import Diagnostic

LANGUAGE_MODULE = "pystd._language"

_BREAK, _CONTINUE = 1, 2

# Built-in exceptions that mypyc lets a class extend; the run-time has them all.
_MYPYC_BASES = frozenset(
    {
        *("builtins.object", "builtins.BaseException", "builtins.Exception"),
        *("builtins.LookupError", "builtins.IndexError", "builtins.ValueError"),
        *("builtins.Warning", "builtins.UserWarning"),
    }
)


@dataclass(frozen=True, slots=True)
class Lowered:
    """What rewriting found.

    Attributes:
        diagnostics: What the dialect refuses, at places of the rewritten text.
        abstract_methods: What each abstract class, by its full name, leaves undefined.
    """

    diagnostics: list[Diagnostic] = field(default_factory=list)
    abstract_methods: dict[str, list[str]] = field(default_factory=dict)


def lower_trees(trees: list[MypyFile], result: BuildResult) -> Lowered:
    """Rewrite the trees of a program in place."""
    lowered = Lowered()
    expressions = _Lowering(result, lowered, lambda node: _path_of(node, trees))
    expressions.lower_expressions(list(result.types))
    for tree in trees:
        lowering = _Lowering(result, lowered, partial(_known_path, tree.path))
        tree.defs = lowering.lower_all(tree.defs)
    return lowered


_SAME_IN_AST = {CallExpr: ast.Call, MemberExpr: ast.Attribute, NameExpr: ast.Name}


def _known_path(path: str, _node: Context) -> str:
    return path


def _path_of(node: Context, trees: list[MypyFile]) -> str:
    """The file of an expression: mypy's table of types does not tell."""
    kind = _SAME_IN_AST.get(type(node), ast.expr)
    for tree in trees:
        for found in ast.walk(ast.parse(Path(tree.path).read_text(encoding="utf-8"))):
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
        builtins = result.graph["builtins"].tree
        assert builtins is not None
        self._builtins = builtins
        language = result.graph[LANGUAGE_MODULE].tree
        assert language is not None
        self._language = language
        self._count = 0

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
                self._lower_star_in_membership(expression)
            elif isinstance(expression, MemberExpr):
                self._check_function_name(expression)
                self._undo_float_narrowing(expression)
            elif isinstance(expression, NameExpr):
                self._check_alias(expression)
                self._undo_float_narrowing(expression)

    def _lower_call(self, call: CallExpr) -> None:
        callee = call.callee.fullname if isinstance(call.callee, NameExpr) else ""
        called = call.callee.node if isinstance(call.callee, RefExpr) else None
        if isinstance(called, TypeInfo) and called.typeddict_type is not None:
            # Movie(title="T") is a dict.
            info = self._builtins.names["dict"].node
            call.callee = self._name("dict", info, "builtins.dict", call)
        if callee in ("builtins.isinstance", "builtins.issubclass") and len(call.args) == 2:
            classes = _alternatives(call.args[1])
            if len(classes) > 1:
                call.args[1] = self._tuple_of(classes, call.args[1])
        elif callee in ("builtins.min", "builtins.max") and len(call.args) > 1:
            types = [self._types.get(argument) for argument in call.args]
            if all(
                any(self._is(type_, f"builtins.{name}") for type_ in types)
                for name in ("int", "float")
            ):
                name = callee.rpartition(".")[2]
                message = f"{name}() of int and float: its type is not known when compiling"
                self._refuse(call, f"{message}; write float(...) around the ints")

    def _lower_star_in_membership(self, comparison: ComparisonExpr) -> None:
        """`x in (a, *b)`: mypyc compares with each item of a display, and knows no star there."""
        container = comparison.operands[-1]
        if not isinstance(container, TupleExpr | ListExpr | SetExpr):
            return
        if any(isinstance(item, StarExpr) for item in container.items):
            info = self._builtins.names["list"].node
            callee = self._name("list", info, "builtins.list", container)
            comparison.operands[-1] = self._call(callee, [container], "list", container)

    def _tuple_of(self, items: list[Expression], place: Expression) -> TupleExpr:
        made = TupleExpr(items)
        made.set_line(place)
        self._types[made] = self._instance("object")
        return made

    def _check_function_name(self, expression: MemberExpr) -> None:
        if expression.name not in ("__name__", "__qualname__"):
            return
        owner = get_proper_type(self._types.get(expression.expr))
        if isinstance(owner, CallableType) and not owner.is_type_obj():
            self._refuse(
                expression, f"{expression.name} of a function is not kept: write the name as a str"
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
            for rewritten in self._without_leaps(statement):
                self._lower(rewritten)
                found.append(rewritten)
        return found

    def _lower(self, statement: Statement) -> None:
        if isinstance(statement, AssignmentStmt):
            self._lower_assignment(statement)
        elif isinstance(statement, RaiseStmt):
            self._lower_raise(statement)
        elif isinstance(statement, ClassDef):
            self._lower_class(statement)
        for block in _all_blocks(statement):
            block.body = self.lower_all(block.body)

    # Classes that extend built-in exceptions.

    def _lower_class(self, o: ClassDef) -> None:
        if o.info.is_abstract:
            missing = sorted(name for name, _ in o.info.abstract_attributes)
            self._lowered.abstract_methods[o.info.fullname] = missing
        bases = o.info.mro
        if any(base.fullname == "builtins.BaseException" for base in bases):
            self._check_exception_attributes(o)
            o.info.mro = [
                base
                for base in bases
                if not base.fullname.startswith("builtins.") or base.fullname in _MYPYC_BASES
            ]

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
        with_cause = self._language.names["with_cause"].node
        assert isinstance(with_cause, FuncDef)
        callee = self._name(with_cause.name, with_cause, with_cause.fullname, o)
        o.expr = self._call(callee, [o.expr, o.from_expr], "BaseException", o)
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
        if not isinstance(target, MemberExpr) or not isinstance(target.expr, RefExpr):
            return
        class_ = target.expr.node
        symbol = class_.get(target.name) if isinstance(class_, TypeInfo) else None
        if symbol and isinstance(symbol.node, FuncDef | Decorator | OverloadedFuncDef):
            self._refuse(
                target,
                f"method {target.name} cannot be replaced at run time: calls are bound when "
                "compiling; keep a function in an attribute and call that",
            )

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
            self._place(number, value, "float")
            return number
        info = self._builtins.names["float"].node
        assert isinstance(info, TypeInfo)
        return self._call(self._name("float", info, info.fullname, value), [value], "float", value)

    @staticmethod
    def _is(type_: Type | None, fullname: str) -> bool:
        proper = get_proper_type(type_)
        return isinstance(proper, Instance) and proper.type.fullname == fullname

    # Loops that are left through a `finally` or the end of a `with`.

    def _without_leaps(self, statement: Statement) -> list[Statement]:
        """The statement with jumps out of its `finally` turned into a flag that is looked at."""
        if isinstance(statement, WithStmt):
            protected = statement.body
        elif isinstance(statement, TryStmt) and statement.finally_body:
            protected = Block([statement])
        else:
            return [statement]
        jumps = {
            type(s)
            for s in _jumps_of(
                statement.body if isinstance(statement, WithStmt) else Block(_parts(statement))
            )
        }
        if not jumps:
            return [statement]
        self._count += 1
        flag = Var(f"__mixer2_leaving_{self._count}", self._instance("int"))
        flag.is_ready = True
        if isinstance(statement, TryStmt):
            finally_body = statement.finally_body
            statement.finally_body = None
            inner: list[Statement] = [statement]
            if not statement.handlers:
                inner = list(statement.body.body)
            outer: Statement = TryStmt(Block([]), [], [], [], None, finally_body)
            outer.set_line(statement)
        else:
            inner, outer = list(protected.body), statement
        inside = Block(inner)
        self._replace_jumps(inside, flag)
        inside.body.append(self._placed(BreakStmt(), statement))
        once = WhileStmt(self._int(1, statement), inside, None)
        assert isinstance(outer, TryStmt | WithStmt)
        outer.body = Block([self._placed(once, statement)])
        outer.body.set_line(statement)
        inside.set_line(statement)
        result: list[Statement] = [self._assign(flag, 0, statement), outer]
        for value, kind in ((_BREAK, BreakStmt), (_CONTINUE, ContinueStmt)):
            if kind in jumps:
                jump = self._placed(kind(), statement)
                result.append(self._if_equal(flag, value, jump, statement))
        return result

    def _replace_jumps(self, block: Block, flag: Var) -> None:
        body: list[Statement] = []
        for statement in block.body:
            if isinstance(statement, BreakStmt | ContinueStmt):
                value = _BREAK if isinstance(statement, BreakStmt) else _CONTINUE
                body.append(self._assign(flag, value, statement))
                body.append(self._placed(BreakStmt(), statement))
            else:
                for inner in _blocks(statement):
                    self._replace_jumps(inner, flag)
                body.append(statement)
        block.body = body

    # New nodes.

    def _assign(self, variable: Var, value: int, place: Context) -> Statement:
        target = self._local(variable, place)
        target.is_special_form = False
        statement = AssignmentStmt([target], self._int(value, place))
        return self._placed(statement, place)

    def _if_equal(self, variable: Var, value: int, then: Statement, place: Context) -> Statement:
        test = ComparisonExpr(["=="], [self._local(variable, place), self._int(value, place)])
        self._place(test, place, "bool")
        body = Block([then])
        body.set_line(place)
        return self._placed(IfStmt([test], [body], None), place)

    def _local(self, variable: Var, place: Context) -> NameExpr:
        name = self._name(variable.name, variable, variable.name, place)
        name.kind = LDEF
        self._place(name, place, "int")
        return name

    def _int(self, value: int, place: Context) -> IntExpr:
        literal = IntExpr(value)
        self._place(literal, place, "int")
        return literal

    @staticmethod
    def _name(name: str, node: object, fullname: str, place: Context) -> NameExpr:
        expression = NameExpr(name)
        expression.node = node  # type: ignore[assignment]
        expression.fullname = fullname
        expression.kind = GDEF
        expression.set_line(place)
        return expression

    def _call(
        self, callee: NameExpr, arguments: list[Expression], type_: str, place: Context
    ) -> CallExpr:
        kinds = [ArgKind.ARG_POS] * len(arguments)
        call = CallExpr(callee, arguments, kinds, [None] * len(arguments))
        self._place(call, place, type_)
        return call

    def _place(self, expression: Expression, place: Context, type_: str) -> None:
        expression.set_line(place)
        self._types[expression] = self._instance(type_)

    @staticmethod
    def _placed(statement: Statement, place: Context) -> Statement:
        statement.set_line(place)
        return statement

    def _instance(self, name: str) -> Instance:
        info = self._builtins.names[name].node
        assert isinstance(info, TypeInfo)
        return Instance(info, [])


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


def _parts(statement: Statement) -> list[Statement]:
    """What a `finally` protects."""
    assert isinstance(statement, TryStmt)
    blocks = [statement.body, *statement.handlers]
    if statement.else_body:
        blocks.append(statement.else_body)
    return list(blocks)


def _all_blocks(statement: Statement) -> list[Block]:
    """All blocks of a statement."""
    if isinstance(statement, FuncDef):
        return [statement.body]
    if isinstance(statement, Decorator):
        return [statement.func.body]
    if isinstance(statement, OverloadedFuncDef):
        items = [*statement.items, statement.impl] if statement.impl else statement.items
        return [block for item in items for block in _all_blocks(item)]
    if isinstance(statement, ClassDef):
        return [statement.defs]
    if isinstance(statement, WhileStmt | ForStmt):
        return [statement.body, *_blocks(statement)]
    return _blocks(statement)


def _jumps_of(block: Block) -> Iterator[Statement]:
    """The jumps in a block that leave it."""
    for statement in block.body:
        if isinstance(statement, BreakStmt | ContinueStmt):
            yield statement
        for inner in _blocks(statement):
            yield from _jumps_of(inner)


def _blocks(statement: Statement) -> list[Block]:
    """Blocks of a statement whose jumps go where the statement's own would go."""
    if isinstance(statement, Block):
        return [statement]
    if isinstance(statement, IfStmt):
        found: list[Block | None] = [*statement.body, statement.else_body]
    elif isinstance(statement, WhileStmt | ForStmt):
        found = [statement.else_body]
    elif isinstance(statement, TryStmt):
        found = [statement.body, *statement.handlers, statement.else_body, statement.finally_body]
    elif isinstance(statement, WithStmt):
        found = [statement.body]
    elif isinstance(statement, MatchStmt):
        found = list(statement.bodies)
    else:
        found = []
    return [block for block in found if block is not None]
