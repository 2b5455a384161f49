"""Regular expressions that are constants: read while compiling.

What is wrong with one is a compile error at its place, and the module gets the program that the
pattern stands for instead of the code that reads patterns.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from mixer2.compiler.errors import Diagnostic
from mixer2.compiler.frontend.program import LIBRARY_PACKAGE, SourceModule
from mixer2.compiler.library import re as library
from mixer2.compiler.library._regex_parser import parse
from mixer2.compiler.library._regex_program import program
from mixer2.compiler.library._regex_source import NOT_LINEAR

# The function of pystd.re that makes a pattern of a program, as rewritten modules call it.
_READY = "mixer2_ready"
IMPORT_READY = f"from {LIBRARY_PACKAGE}.re import ready as {_READY}"

# Where the flags stand among the positional arguments of the functions that take a pattern.
_FLAGS_AT = {
    "compile": 1,
    "match": 2,
    "fullmatch": 2,
    "search": 2,
    "findall": 2,
    "finditer": 2,
    "split": 3,
    "sub": 4,
    "subn": 4,
}


@dataclass(frozen=True, slots=True)
class ReadyPattern:
    """A call with a constant pattern, and the text that takes its place."""

    call: ast.Call
    text: str


def ready_patterns(module: SourceModule) -> tuple[list[ReadyPattern], list[Diagnostic]]:
    """The calls of a module whose pattern is known, the last first, and what is wrong with some."""
    names = _Names(module.tree)
    if not names.modules and not names.functions:
        return [], []
    reader = _Reader(module, names)
    found = [ReadyPattern(call, reader.text(call)) for call in reader.outermost(module.tree)]
    found.sort(key=lambda ready: (ready.call.lineno, ready.call.col_offset), reverse=True)
    return found, reader.diagnostics


class _Names:
    """What a module calls `re`, its functions and flags, and constants of its own."""

    def __init__(self, tree: ast.Module) -> None:
        self.modules: set[str] = set()
        self.functions: dict[str, str] = {}
        self.constants: dict[str, ast.expr] = {}
        for statement in tree.body:
            if isinstance(statement, ast.Import):
                self.modules |= {a.asname or a.name for a in statement.names if a.name == "re"}
            elif isinstance(statement, ast.ImportFrom) and statement.module == "re":
                self.functions |= {a.asname or a.name: a.name for a in statement.names}
            elif (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and ast.unparse(statement.annotation).partition("[")[0] in ("Final", "typing.Final")
                and statement.value is not None
            ):
                self.constants[statement.target.id] = statement.value

    def of_library(self, node: ast.expr) -> str:
        """The name in `re` that an expression stands for, or ""."""
        if isinstance(node, ast.Name):
            return self.functions.get(node.id, "")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return node.attr if node.value.id in self.modules else ""
        return ""


class _Reader(ast.NodeTransformer):
    """Puts programs in the place of constant patterns.

    Attributes:
        diagnostics: Patterns that are none.
    """

    def __init__(self, module: SourceModule, names: _Names) -> None:
        self._module = module
        self._names = names
        self.diagnostics: list[Diagnostic] = []

    def outermost(self, node: ast.AST) -> Iterator[ast.Call]:
        """Calls with constant patterns that are not in the arguments of others."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call) and self._arguments(child) is not None:
                yield child
            else:
                yield from self.outermost(child)

    def text(self, call: ast.Call) -> str:
        """The call with its program; calls inside are changed as well."""
        copy = ast.parse(ast.unparse(call), mode="eval")
        for old, new in zip(ast.walk(call), ast.walk(copy.body), strict=False):
            if isinstance(old, ast.expr) and isinstance(new, ast.expr):
                ast.copy_location(new, old)
        return ast.unparse(self.visit(copy.body))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Replace one call."""
        found = self._arguments(node)
        self.generic_visit(node)
        if found is None:
            return node
        pattern, flags = found
        place = node.args[0]
        try:
            parsed = parse(pattern, flags)
            code = program(parsed, pattern)
        except (library.error, ValueError) as error:
            self._refuse(place, str(error))
            return node
        values = f"{pattern!r}, {parsed.flags}, {(*parsed.names,)!r}, {code!r}"
        ready: ast.expr = ast.parse(f"{_READY}({values})", mode="eval").body
        function = self._names.of_library(node.func)
        if function == "compile":
            return ready
        at = _FLAGS_AT[function]
        arguments = [a for i, a in enumerate(node.args) if i not in (0, at)]
        keywords = [keyword for keyword in node.keywords if keyword.arg != "flags"]
        return ast.Call(ast.Attribute(ready, function, ast.Load()), arguments, keywords)

    def _refuse(self, place: ast.expr, problem: str) -> None:
        message = f"not a regular expression of the dialect: {problem}"
        if NOT_LINEAR in problem:
            message += "; match without it and test the rest in Python, or use --profile cpython"
        path = self._module.display_path
        self.diagnostics.append(Diagnostic(path, place.lineno, place.col_offset + 1, message))

    def _arguments(self, call: ast.Call) -> tuple[str | bytes, int] | None:
        """The pattern and flags of a call that has both, and both are known."""
        function = self._names.of_library(call.func)
        if function not in _FLAGS_AT or not call.args:
            return None
        if any(isinstance(a, ast.Starred) for a in call.args):
            return None
        if any(k.arg in (None, "pattern") for k in call.keywords):
            return None
        pattern = self._constant(call.args[0])
        at = _FLAGS_AT[function]
        given = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
        given += call.args[at : at + 1]
        flags = self._constant(given[0]) if given else 0
        if isinstance(pattern, str | bytes) and isinstance(flags, int):
            return pattern, flags
        return None

    def _constant(self, node: ast.expr, depth: int = 8) -> str | bytes | int | None:
        """The value of an expression of constants, names of them, and flags."""
        if depth == 0:
            return None
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str | bytes | int) else None
        if flag := self._names.of_library(node):
            value = getattr(library, flag, None)
            return value if isinstance(value, int) else None
        if isinstance(node, ast.Name) and node.id in self._names.constants:
            return self._constant(self._names.constants[node.id], depth - 1)
        if isinstance(node, ast.BinOp):
            left = self._constant(node.left, depth - 1)
            right = self._constant(node.right, depth - 1)
            return _combined(left, node.op, right)
        return None


def _combined(
    left: str | bytes | int | None, operator: ast.operator, right: str | bytes | int | None
) -> str | bytes | int | None:
    if isinstance(operator, ast.BitOr) and isinstance(left, int) and isinstance(right, int):
        return left | right
    if isinstance(operator, ast.Add):
        if isinstance(left, str) and isinstance(right, str):
            return left + right
        if isinstance(left, bytes) and isinstance(right, bytes):
            return left + right
    return None
