"""What a proxy cannot do, as far as the source shows it: refused before anything is built."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mixer2.component.errors import FilterError, Finding
from mixer2.component.staging import module_name

_NO_FILES: Final = (
    "there are no files in a proxy: read them at the top of the module, when it is built"
)
_NO_SOCKETS: Final = "there are no sockets in a proxy's sandbox: use pal.http_callout"
_NO_THREADS: Final = "there are no threads in a proxy's sandbox: use pal.timers or callouts"
_NO_PROCESSES: Final = "there are no processes in a proxy's sandbox"
_NO_WAITING: Final = "it would hold up the proxy's worker: use pal.timers"

_CALLS: Final = {
    "open": _NO_FILES,
    "io.open": _NO_FILES,
    "os.open": _NO_FILES,
    "input": "a proxy has no standard input",
    "breakpoint": "a proxy has no terminal",
    "socket.socket": _NO_SOCKETS,
    "socket.create_connection": _NO_SOCKETS,
    "socket.create_server": _NO_SOCKETS,
    "socket.getaddrinfo": _NO_SOCKETS,
    "urllib.request.urlopen": _NO_SOCKETS,
    "http.client.HTTPConnection": _NO_SOCKETS,
    "http.client.HTTPSConnection": _NO_SOCKETS,
    "threading.Thread": _NO_THREADS,
    "threading.Timer": _NO_THREADS,
    "_thread.start_new_thread": _NO_THREADS,
    "concurrent.futures.ThreadPoolExecutor": _NO_THREADS,
    "concurrent.futures.ProcessPoolExecutor": _NO_PROCESSES,
    "os.fork": _NO_PROCESSES,
    "os.system": _NO_PROCESSES,
    "os.abort": "a filter cannot end the proxy",
    "os._exit": "a filter cannot end the proxy",
    "asyncio.run": "a proxy calls a filter, which never waits: use callouts and timers",
    "time.sleep": _NO_WAITING,
}
_MODULES: Final = {
    "subprocess": _NO_PROCESSES,
    "multiprocessing": _NO_PROCESSES,
    "ctypes": "there is no native code in a proxy's sandbox",
    "ssl": _NO_SOCKETS,
    "sqlite3": "there are no databases in a proxy's sandbox",
}


def inspect_source(source: Path) -> None:
    """Look through a filter and the author's modules that it imports.

    Calls are refused inside functions only. What stands at the top of a module, and functions
    that are called from there, run when the filter is built, where there are files.

    Raises:
        FilterError: there is something, or a file cannot be read as Python.
    """
    name, root = module_name(source.resolve())
    findings: list[Finding] = []
    seen: set[Path] = set()
    waiting = [source]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        shown = path.relative_to(root) if path.is_absolute() and path != source else path
        try:
            tree = ast.parse(path.read_bytes(), filename=str(shown))
        except OSError as error:
            raise FilterError([Finding(str(shown), 0, 0, f"{error.strerror}")]) from error
        except SyntaxError as error:
            place = (error.lineno or 0, error.offset or 0)
            raise FilterError([Finding(str(shown), *place, f"{error.msg}")]) from error
        findings += _Inspection(str(shown), tree).findings()
        waiting += _own_imports(tree, root, name.rpartition(".")[0])
    if findings:
        raise FilterError(findings)


class _Inspection:
    """One module."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self._path = path
        self._tree = tree
        self._names = dict(_imported_names(tree))

    def findings(self) -> list[Finding]:
        found = []
        for node in ast.walk(self._tree):
            for module in _modules(node):
                if module.partition(".")[0] in _MODULES:
                    reason = _MODULES[module.partition(".")[0]]
                    found.append(self._finding(node, f"import of {module}: {reason}"))
        for call in self._late_calls():
            name = self._full_name(call.func)
            if name in _CALLS:
                found.append(self._finding(call, f"{name}(): {_CALLS[name]}"))
        return sorted(found, key=lambda one: (one.line, one.column))

    def _late_calls(self) -> Iterator[ast.Call]:
        """Calls that are made when the proxy calls."""
        early = {
            node.func.id
            for node in _outside_functions(self._tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        for function in ast.walk(self._tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                if getattr(function, "name", None) in early:
                    continue
                body = function.body if isinstance(function.body, list) else [function.body]
                for statement in body:
                    for node in _outside_functions(statement):
                        if isinstance(node, ast.Call):
                            yield node

    def _full_name(self, node: ast.expr) -> str:
        """Dotted name of what is called, through imports; empty when it is not that simple."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            owner = self._full_name(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return ""

    def _finding(self, node: ast.AST, message: str) -> Finding:
        line = getattr(node, "lineno", 0)
        return Finding(self._path, line, getattr(node, "col_offset", -1) + 1, message)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, without the bodies of functions in it."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _outside_functions(child)


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def _imported_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    yield alias.asname, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _own_imports(tree: ast.Module, root: Path, package: str) -> Iterator[Path]:
    """The author's modules that a module imports: files under `root`."""
    for node in ast.walk(tree):
        names = _modules(node)
        if isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base]).strip(".")
            names = [base, *(f"{base}.{alias.name}".strip(".") for alias in node.names)]
        for name in names:
            stem = root.joinpath(*name.split("."))
            for path in (stem.with_suffix(".py"), stem / "__init__.py"):
                if name and path.is_file() and name.partition(".")[0] not in _PROVIDED:
                    yield path


_PROVIDED: Final = frozenset({"pal", "adapters", "mixer2"})
"""Packages that are not the author's, wherever they lie."""
