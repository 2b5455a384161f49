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
from functools import partial

from mypy.build import BuildResult
from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    ClassDef,
    ComparisonExpr,
    Context,
    Expression,
    MatchStmt,
    MemberExpr,
    MypyFile,
    NameExpr,
    OperatorAssignmentStmt,
    ParamSpecExpr,
    RaiseStmt,
    RefExpr,
    Statement,
    TypeAlias,
    TypeVarExpr,
    TypeVarTupleExpr,
)
from mypy.types import CallableType, Instance, get_proper_type

from mixer2.compiler.errors import Diagnostic
from mixer2.compiler.frontend.assignments import Assignments
from mixer2.compiler.frontend.blocks import all_blocks
from mixer2.compiler.frontend.buffers import refused_view_attribute
from mixer2.compiler.frontend.calls import Calls
from mixer2.compiler.frontend.classes import lower_class
from mixer2.compiler.frontend.comparisons import Comparisons
from mixer2.compiler.frontend.leaps import Leaps
from mixer2.compiler.frontend.nodes import Nodes
from mixer2.compiler.frontend.patterns import prepare_patterns

# Attributes of built-in exceptions, and of object.
_EXCEPTION_ATTRIBUTES = frozenset(
    {
        *("args", "value", "__cause__", "__context__", "__suppress_context__", "__class__"),
        *("__init__", "__str__", "__repr__", "__eq__", "__ne__", "__hash__"),
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
        self._calls = Calls(result.types, self._nodes, self._refuse)
        self._assignments = Assignments(result.types, self._nodes, self._refuse)
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
                self._calls.lower(expression)
            elif isinstance(expression, ComparisonExpr):
                self._comparisons.lower(expression)
            elif isinstance(expression, MemberExpr):
                self._check_function_name(expression)
                self._check_exception_detail(expression)
                owner = self._types.get(expression.expr)
                if wrong := refused_view_attribute(expression, owner):
                    self._refuse(expression, wrong)
                self._assignments.undo_float_narrowing(expression)
            elif isinstance(expression, NameExpr):
                self._check_alias(expression)
                self._assignments.undo_float_narrowing(expression)

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
            self._assignments.lower(statement)
        elif isinstance(statement, OperatorAssignmentStmt):
            self._assignments.check_target(statement.lvalue)
        elif isinstance(statement, RaiseStmt):
            self._lower_raise(statement)
        elif isinstance(statement, MatchStmt):
            prepare_patterns(statement, self._types.get(statement.subject), self._refuse)
        elif isinstance(statement, ClassDef):
            self._lower_class(statement)
        for block in all_blocks(statement):
            block.body = self.lower_all(block.body)

    def _lower_class(self, o: ClassDef) -> None:
        if o.info.is_abstract:
            missing = sorted(name for name, _ in o.info.abstract_attributes)
            self._lowered.abstract_methods[o.info.fullname] = missing
        lower_class(o, self._refuse)

    def _lower_raise(self, o: RaiseStmt) -> None:
        if o.expr is None or o.from_expr is None:
            return
        callee = self._nodes.language("with_cause", o)
        o.expr = self._nodes.call(callee, [o.expr, o.from_expr], "BaseException", o)
        o.from_expr = None


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
