"""Rewriting source that mypyc leaves to CPython's run-time, before mypyc sees it.

    @dataclass                     class Point:
    class Point:           ->          def __init__(self, x: int, y: int = 0) -> None:
        x: int                             self.x = x
        y: int = 0                         self.y = y
                                       def __eq__(self, other: object) -> bool: ...

Rewritten lines remember the author's line, so tracebacks are right. When the type checker
complains about rewritten source, the author's own source is checked instead and those messages
are shown (`typecheck`).
"""

import ast
from collections.abc import Iterator

from mixer2.compiler.errors import Diagnostic
from mixer2.compiler.frontend.program import (
    LIBRARY_PACKAGE,
    NATIVE_MODULES,
    SourceModule,
    library_modules,
)

_DATACLASS_OPTIONS = frozenset({"frozen", "slots", "eq", "init", "repr", "order", "kw_only"})
_NOT_YET = ("order", "kw_only")

# `Final` under a name that no author uses.
_FINAL = "mixer2_Final"


class Desugared:
    """A module's rewritten text, and what could not be rewritten.

    Attributes:
        diagnostics: What the dialect refuses.
    """

    def __init__(self, module: SourceModule) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._module = module
        self._replacements: dict[int, list[str]] = {}
        self._lines = module.text.split("\n")
        if module.name in NATIVE_MODULES:
            self._keep_signatures()
            return
        self._rewrite_imports()
        for class_ in _classes(module.nodes):
            if decorator := _dataclass_decorator(class_):
                self._rewrite_dataclass(class_, decorator)
        self._numbered = [
            (text, number)
            for number, line in enumerate(self._lines, start=1)
            for text in [line, *self._replacements.get(number, [])]
        ]

    @property
    def text(self) -> str:
        """The rewritten source."""
        return "\n".join(text for text, _ in self._numbered)

    def original_line(self, line: int) -> int:
        """The author's line that a line of the rewritten source stands for; both count from 1."""
        return self._numbered[line - 1][1] if 0 < line <= len(self._numbered) else line

    def _refuse(self, node: ast.expr | ast.stmt, message: str) -> None:
        place = Diagnostic(self._module.display_path, node.lineno, node.col_offset + 1, message)
        self.diagnostics.append(place)

    def _keep_signatures(self) -> None:
        """Leave nothing of a native module but the signatures of its functions."""
        self._numbered = []
        own = {node.name for node in self._module.tree.body if isinstance(node, ast.ClassDef)}
        for node in self._module.tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            signature = f"def {node.name}({ast.unparse(node.args)}) -> {_annotation(node.returns)}:"
            if not own.intersection(n.id for n in ast.walk(node.args) if isinstance(n, ast.Name)):
                self._numbered += [
                    (signature, node.lineno),
                    ("    raise NotImplementedError", node.lineno),
                ]

    def _rewrite_imports(self) -> None:
        library = library_modules()
        for node in self._module.nodes:
            if isinstance(node, ast.ImportFrom) and node.module in library and not node.level:
                names = ", ".join(_alias_text(alias) for alias in node.names)
                self._replace(node, f"from {LIBRARY_PACKAGE}.{node.module} import {names}")
            elif isinstance(node, ast.Import) and any(a.name in library for a in node.names):
                statements = [
                    f"from {LIBRARY_PACKAGE} import {a.name} as {a.asname or a.name}"
                    if a.name in library
                    else f"import {_alias_text(a)}"
                    for a in node.names
                ]
                self._replace(node, "; ".join(statements))

    def _replace(self, node: ast.stmt, text: str) -> None:
        """Put one line in a statement's place, and blank the other lines that it covered."""
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before = self._lines[first].encode()[: node.col_offset].decode()
        after = self._lines[last].encode()[node.end_col_offset :].decode()
        for line in range(first, last + 1):
            self._lines[line] = ""
        self._lines[first] = before + text + after

    def _blank(self, node: ast.expr | ast.stmt) -> None:
        for line in range(node.lineno - 1, node.end_lineno or node.lineno):
            self._lines[line] = ""

    def _rewrite_dataclass(self, class_: ast.ClassDef, decorator: ast.expr) -> None:
        options = self._options(decorator)
        fields = [s for s in class_.body if isinstance(s, ast.AnnAssign) and not _is_class_var(s)]
        self._blank(decorator)
        if class_.bases:
            self._refuse(
                class_, "a dataclass with a base class is not in the dialect yet: write __init__"
            )
            return
        if not fields:
            self._refuse(
                class_, "a dataclass without fields is not in the dialect: write a plain class"
            )
            return
        for field in fields:
            self._check_default(field)
            self._blank(field)
        frozen = options.get("frozen", False)
        if frozen:
            alias = " " * class_.col_offset + f"from typing import Final as {_FINAL}"
            self._lines[decorator.lineno - 1] = alias
        methods = _init(fields, frozen=frozen)
        if options.get("eq", True) and not _defines(class_, "__eq__"):
            methods += _eq(class_.name, fields)
        if options.get("repr", True) and not _defines(class_, "__repr__"):
            methods += _repr(class_.name, fields)
        indent = " " * fields[0].col_offset
        self._replacements[fields[0].lineno] = [indent + line for line in methods]

    def _options(self, decorator: ast.expr) -> dict[str, bool]:
        options: dict[str, bool] = {}
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else []:
            value = keyword.value
            if keyword.arg not in _DATACLASS_OPTIONS or not isinstance(value, ast.Constant):
                self._refuse(value, f"dataclass option {keyword.arg!r} is not in the dialect")
            else:
                options[str(keyword.arg)] = bool(value.value)
        for name in _NOT_YET:
            if options.get(name):
                self._refuse(decorator, f"dataclass option {name!r} is not in the dialect yet")
        return options

    def _check_default(self, field: ast.AnnAssign) -> None:
        value = field.value
        if isinstance(value, ast.UnaryOp):
            value = value.operand
        if value is not None and not isinstance(value, ast.Constant | ast.Name | ast.Attribute):
            message = "a dataclass field's default must be a constant here: set it in __init__"
            self._refuse(value, message)


def _annotation(node: ast.expr | None) -> str:
    return "None" if node is None else ast.unparse(node)


def _classes(nodes: tuple[ast.AST, ...]) -> Iterator[ast.ClassDef]:
    return (node for node in nodes if isinstance(node, ast.ClassDef))


def _dataclass_decorator(class_: ast.ClassDef) -> ast.expr | None:
    for decorator in class_.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if ast.unparse(called) in ("dataclass", "dataclasses.dataclass"):
            return decorator
    return None


def _is_class_var(field: ast.AnnAssign) -> bool:
    return ast.unparse(field.annotation).startswith(("ClassVar", "typing.ClassVar"))


def _defines(class_: ast.ClassDef, name: str) -> bool:
    return any(isinstance(s, ast.FunctionDef) and s.name == name for s in class_.body)


def _name(field: ast.AnnAssign) -> str:
    assert isinstance(field.target, ast.Name)
    return field.target.id


def _alias_text(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _init(fields: list[ast.AnnAssign], *, frozen: bool) -> list[str]:
    parameters, assignments = [], []
    for field in fields:
        name, type_ = _name(field), ast.unparse(field.annotation)
        default = f" = {ast.unparse(field.value)}" if field.value is not None else ""
        parameters.append(f"{name}: {type_}{default}")
        # Final makes the type checker refuse an assignment, which a frozen dataclass does too.
        annotation = f": {_FINAL}[{type_}]" if frozen else f": {type_}"
        assignments.append(f"    self.{name}{annotation} = {name}")
    header = f"def __init__(self, {', '.join(parameters)}) -> None:"
    return [header, *assignments]


def _eq(class_: str, fields: list[ast.AnnAssign]) -> list[str]:
    names = [_name(field) for field in fields]
    equal = " and ".join(f"self.{name} == other.{name}" for name in names)
    return [
        "def __eq__(self, other: object) -> bool:",
        f"    if not isinstance(other, {class_}): return NotImplemented",
        f"    return {equal}",
    ]


def _repr(class_: str, fields: list[ast.AnnAssign]) -> list[str]:
    shown = ", ".join(f"{_name(field)}={{self.{_name(field)}!r}}" for field in fields)
    return ["def __repr__(self) -> str:", f'    return f"{class_}({shown})"']
