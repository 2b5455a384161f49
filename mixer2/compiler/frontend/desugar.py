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
from mixer2.compiler.frontend.constant_patterns import IMPORT_READY, ready_patterns
from mixer2.compiler.frontend.dataclass import (
    FINAL,
    DataClass,
    Refuse,
    find_decorator,
    methods,
    read_dataclass,
)
from mixer2.compiler.frontend.imports import Imports
from mixer2.compiler.frontend.program import (
    LIBRARY_PACKAGE,
    NATIVE_MODULES,
    Program,
    SourceModule,
    is_library,
)


class DataClasses:
    """The dataclasses of a program, with what they inherit."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._imports = Imports(program)
        self.has_patterns = any(
            isinstance(node, ast.Match)
            for module in program.modules.values()
            for node in module.nodes
        )
        self._found: dict[tuple[str, str], DataClass] = {}

    def get(self, module: SourceModule, class_: ast.ClassDef, refuse: Refuse) -> DataClass | None:
        """The dataclass that a definition makes, if any."""
        key = module.name, class_.name
        if key not in self._found and (decorator := find_decorator(class_)):
            bases = [b for base in class_.bases if (b := self._base(module, base, refuse))]
            self._found[key] = read_dataclass(class_, decorator, bases, refuse)
        return self._found.get(key)

    def _base(self, module: SourceModule, base: ast.expr, refuse: Refuse) -> DataClass | None:
        owner, name = self._imports.origin(module.name, ast.unparse(base))
        source = self._program.modules.get(owner)
        for node in _classes(source.nodes) if source else ():
            if source and node.name == name:
                return self.get(source, node, refuse)
        return None


class Desugared:
    """A module's rewritten text, and what could not be rewritten.

    Attributes:
        diagnostics: What the dialect refuses.
    """

    def __init__(self, module: SourceModule, dataclasses: DataClasses) -> None:
        self._dataclasses = dataclasses
        self.diagnostics: list[Diagnostic] = []
        self._module = module
        self._replacements: dict[int, list[str]] = {}
        self._lines = module.text.split("\n")
        if module.name in NATIVE_MODULES:
            self._keep_signatures()
            return
        self._rewrite_patterns()
        self._rewrite_imports()
        for class_ in _classes(module.nodes):
            if found := dataclasses.get(module, class_, self._refuse):
                self._rewrite_dataclass(found)
        self._numbered = [
            (text, number)
            for number, line in enumerate(self._lines, start=1)
            for text in [line, *self._replacements.get(number, [])]
        ]

    @property
    def text(self) -> str:
        """The rewritten source."""
        return "\n".join(text for text, _ in self._numbered)

    @property
    def tree(self) -> ast.Module:
        """The tree of the rewritten source; the module's own where nothing was rewritten."""
        text = self.text
        return self._module.tree if text == self._module.text else ast.parse(text)

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

    def _rewrite_patterns(self) -> None:
        patterns, problems = ready_patterns(self._module)
        self.diagnostics += problems
        for pattern in patterns:
            self._replace(pattern.call, pattern.text)
        self._has_patterns = bool(patterns)

    def _rewrite_imports(self) -> None:
        for node in self._module.nodes:
            if (
                isinstance(node, ast.ImportFrom)
                and is_library(node.module or "")
                and not node.level
            ):
                names = ", ".join(_alias_text(alias) for alias in node.names)
                text = f"from {LIBRARY_PACKAGE}.{node.module} import {names}"
                self._replace(node, self._with_patterns(text, [node.module or ""]))
            elif isinstance(node, ast.Import) and any(is_library(a.name) for a in node.names):
                text = "; ".join(_library_import(alias) for alias in node.names)
                self._replace(node, self._with_patterns(text, [a.name for a in node.names]))

    def _with_patterns(self, text: str, modules: list[str]) -> str:
        """An import of these modules, and of what patterns that are ready need."""
        return f"{text}; {IMPORT_READY}" if self._has_patterns and "re" in modules else text

    def _replace(self, node: ast.stmt | ast.expr, text: str) -> None:
        """Put one line in a node's place, and blank the other lines that it covered."""
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before = self._lines[first].encode()[: node.col_offset].decode()
        after = self._lines[last].encode()[node.end_col_offset :].decode()
        for line in range(first, last + 1):
            self._lines[line] = ""
        self._lines[first] = before + text + after

    def _blank(self, node: ast.expr | ast.stmt) -> None:
        for line in range(node.lineno - 1, node.end_lineno or node.lineno):
            self._lines[line] = ""

    def _rewrite_dataclass(self, class_: DataClass) -> None:
        self._blank(class_.decorator)
        for statement in class_.statements:
            self._blank(statement)
        node = class_.node
        if class_.option("frozen"):
            alias = " " * node.col_offset + f"from typing import Final as {FINAL}"
            self._lines[class_.decorator.lineno - 1] = alias
        after = class_.statements[0] if class_.statements else node.body[0]
        if after.lineno == node.lineno:
            self._refuse(node, "a dataclass on one line: write its body on lines of its own")
            return
        lines = methods(class_, match_args=self._dataclasses.has_patterns)
        indent = " " * after.col_offset
        line = after.lineno if class_.statements else after.end_lineno or after.lineno
        self._replacements[line] = [indent + text for text in lines]


def _annotation(node: ast.expr | None) -> str:
    return "None" if node is None else ast.unparse(node)


def _classes(nodes: tuple[ast.AST, ...]) -> Iterator[ast.ClassDef]:
    return (node for node in nodes if isinstance(node, ast.ClassDef))


def _library_import(alias: ast.alias) -> str:
    """The import of a module that may be one of the library."""
    if not is_library(alias.name):
        return f"import {_alias_text(alias)}"
    package, _, name = f"{LIBRARY_PACKAGE}.{alias.name}".rpartition(".")
    if alias.asname or package == LIBRARY_PACKAGE:
        return f"from {package} import {name} as {alias.asname or name}"
    outermost = alias.name.partition(".")[0]
    return f"import {package}.{name}; from {LIBRARY_PACKAGE} import {outermost}"


def _alias_text(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name
