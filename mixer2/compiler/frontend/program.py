"""Which modules make a program: the filter and all guest modules that it imports."""

import ast
import importlib.util
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mixer2.compiler.errors import CompileError, Diagnostic
from mixer2.compiler.frontend.parse import check_module_name, parse_file
from mixer2.compiler.frontend.walk import nodes_of

# Standard modules whose dialect version ships with the compiler (mixer2/compiler/library).
LIBRARY_PATH = Path(__file__).parent.parent / "library"
LIBRARY_PACKAGE = "pystd"

# Modules that only the type checker and the front end need.
TYPING_MODULES = frozenset(
    {"typing", "dataclasses", "enum", "abc", "collections.abc", "types", "__future__"}
)

# Modules that the entry module imports (`entry`).
IMPLICIT_MODULES = ("pal.dispatch", "pal.context", "pystd._language")

# Modules whose functions the run-time replaces, one C function each (`native__...`). Their Python
# bodies are for plain Python only and may import anything; only their signatures are compiled.
NATIVE_MODULES = frozenset(
    {
        *("pal.hostcalls", "pal.failure", "pal.checksum", "pal.json_check"),
        *("adapters.wire.deflate", "adapters.wire.varint"),
        *("pystd._base64", "pystd._bytes", "pystd._checksum", "pystd._language"),
        *("pystd._math", "pystd._regex_compiler", "pystd._regex_engine"),
        *("pystd._sha256", "pystd._struct"),
    }
)

_PAL = ("pal", "adapters")


@dataclass(frozen=True, slots=True)
class SourceModule:
    """One parsed module.

    Attributes:
        name: As imported, e.g. `adapters.backend.metrics`.
        path: Where it was read.
        display_path: As tracebacks and diagnostics show it, e.g. `adapters/backend/metrics.py`.
        is_author: Written by the filter's author, not shipped with mixer2.
        nodes: All nodes of the tree; walking it anew for each question is slow.
    """

    name: str
    path: Path
    display_path: str
    text: str
    tree: ast.Module
    is_author: bool
    nodes: tuple[ast.AST, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Program:
    """A filter and all it imports, the filter first."""

    filter: SourceModule
    modules: dict[str, SourceModule]


def load_program(filter_path: Path) -> Program:
    """Read a filter and, transitively, the guest modules it imports.

    Raises:
        CompileError: a file cannot be read or parsed, or imports what is not guest code.
    """
    path = filter_path.resolve()
    loader = _Loader(_project_root(path))
    name = _module_name(path, loader.root)
    check_module_name(name, path.name)
    filter_module = loader.load(name, path)
    for name in IMPLICIT_MODULES:
        loader.require(name, filter_module, line=1, column=1)
    loader.load_imports()
    if loader.diagnostics:
        raise CompileError(loader.diagnostics)
    return Program(filter_module, loader.modules)


def with_module(program: Program, name: str) -> Program:
    """A program and one more guest module, with what that imports."""
    loader = _Loader(_project_root(program.filter.path))
    loader.modules = dict(program.modules)
    loader.require(name, program.filter, line=1, column=1)
    loader.load_imports()
    return Program(program.filter, loader.modules)


@cache
def first_column(nodes: tuple[ast.AST, ...], line: int) -> int:
    """Column of the first statement or expression that starts on a line, from 1; 0: none does."""
    columns = [
        node.col_offset
        for node in nodes
        if isinstance(node, ast.expr | ast.stmt) and node.lineno == line
    ]
    return min(columns) + 1 if columns else 0


@cache
def library_modules() -> frozenset[str]:
    """Names of the standard modules that the dialect has, those of packages with their dots."""
    paths = (path.relative_to(LIBRARY_PATH) for path in LIBRARY_PATH.rglob("*.py"))
    return frozenset(".".join(p.with_suffix("").parts) for p in paths if p.name[0] != "_")


@cache
def library_packages() -> frozenset[str]:
    """Names of the packages that these modules are in."""
    return frozenset(name.rpartition(".")[0] for name in library_modules() if "." in name)


def is_library(name: str) -> bool:
    """Whether a name is that of a standard module or package that the dialect has."""
    return name in library_modules() or name in library_packages()


def _project_root(path: Path) -> Path:
    """The folder that holds the filter's outermost package."""
    folder = path.parent
    while (folder / "__init__.py").exists() and folder.parent != folder:
        folder = folder.parent
    return folder


def _module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


class _Loader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.modules: dict[str, SourceModule] = {}
        self.diagnostics: list[Diagnostic] = []
        self._pending: list[SourceModule] = []

    def load(self, name: str, path: Path) -> SourceModule:
        """Read and parse one module."""
        display_path = self._display_path(name, path)
        is_author = name.partition(".")[0] not in (*_PAL, LIBRARY_PACKAGE)
        text, tree = parse_file(path, display_path, is_author=is_author)
        nodes = nodes_of(tree)
        module = SourceModule(name, path, display_path, text, tree, is_author, nodes)
        self.modules[name] = module
        if name not in NATIVE_MODULES:
            self._pending.append(module)
        return module

    def load_imports(self) -> None:
        """Load what the loaded modules import, until nothing is missing."""
        while self._pending:
            module = self._pending.pop()
            for node in module.nodes:
                if isinstance(node, ast.Import):
                    for alias in node.names:
                        self.require(
                            alias.name, module, line=node.lineno, column=node.col_offset + 1
                        )
                elif isinstance(node, ast.ImportFrom):
                    self._require_from(node, module)

    def _require_from(self, node: ast.ImportFrom, module: SourceModule) -> None:
        base = node.module or ""
        if node.level:
            package = module.name.split(".")
            if module.path.name != "__init__.py":
                package = package[:-1]
            package = package[: len(package) - node.level + 1]
            base = ".".join([*package, base] if base else package)
            if not base:
                problem = "a relative import outside a package: name the module itself"
                place = Diagnostic(module.display_path, node.lineno, node.col_offset + 1, problem)
                self.diagnostics.append(place)
                return
        if not self.require(base, module, line=node.lineno, column=node.col_offset + 1):
            return
        for alias in node.names:
            submodule = f"{base}.{alias.name}"
            if submodule not in self.modules and (path := self._find(submodule)):
                self.load(submodule, path)

    def require(self, name: str, module: SourceModule, *, line: int, column: int) -> bool:
        """Make sure that `name` and its packages are loaded; False when it is not guest code.

        A refusal is noted for the place in `module` that imports it.
        """
        if name in TYPING_MODULES:
            return False
        if is_library(name):
            name = f"{LIBRARY_PACKAGE}.{name}"
        parts = name.split(".")
        for depth in range(1, len(parts) + 1):
            package = ".".join(parts[:depth])
            if package in self.modules or package == LIBRARY_PACKAGE:
                continue
            path = self._find(package)
            if path is None:
                self.diagnostics.append(
                    Diagnostic(module.display_path, line, column, _refusal(name))
                )
                return False
            self.load(package, path)
        return True

    def _find(self, name: str) -> Path | None:
        package, *rest = name.split(".")
        if package == LIBRARY_PACKAGE:
            root = LIBRARY_PATH
        elif package in _PAL and (spec := importlib.util.find_spec(package)) and spec.origin:
            root = Path(spec.origin).parent
        else:
            root, rest = self.root, [package, *rest]
        candidate = root.joinpath(*rest)
        if rest and candidate.with_suffix(".py").is_file():
            return candidate.with_suffix(".py")
        if (candidate / "__init__.py").is_file():
            return candidate / "__init__.py"
        return None

    def _display_path(self, name: str, path: Path) -> str:
        relative = name.replace(".", "/")
        return relative + ("/__init__.py" if path.name == "__init__.py" else ".py")


def _refusal(name: str) -> str:
    return (
        f"import of {name!r}: not guest code. Profile aot compiles pal, adapters, modules beside "
        f"the filter, and from the standard library {', '.join(sorted(library_modules()))} "
        f"(docs/dialect.md); for any other Python use profile cpython"
    )
