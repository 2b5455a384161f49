"""Names of the standard library that the dialect's version of a module does not have."""

import ast
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from mixer2.compiler.errors import Diagnostic
from mixer2.compiler.frontend.program import (
    LIBRARY_PATH,
    SourceModule,
    is_library,
    library_modules,
    library_packages,
)

# What others do for a name that people look for.
_INSTEAD = {
    "functools.total_ordering": "write the four comparisons, or use dataclass(order=True)",
    "functools.cached_property": "keep the value in an attribute that __init__ sets to None",
    "functools.wraps": "leave it out, functions have no names at run time",
    "functools.singledispatch": "use match",
    "collections.namedtuple": "derive a class from typing.NamedTuple",
    "hashlib.md5": "use sha256",
    "hashlib.sha1": "use sha256",
    "zlib.compress": "let the proxy compress (envoy.filters.http.compressor)",
    "zlib.decompress": "let the proxy decompress (envoy.filters.http.decompressor)",
    "time.sleep": "a callback must not wait: use pal.timers",
}


def missing_names(module: SourceModule) -> list[Diagnostic]:
    """Where a module imports or uses a name that a library module does not have."""
    return [
        Diagnostic(module.display_path, node.lineno, node.col_offset + 1, _message(owner, name))
        for node, owner, name in _used_names(module)
        if not _has(owner, name)
    ]


def _used_names(module: SourceModule) -> Iterator[tuple[ast.stmt | ast.expr, str, str]]:
    """Where a module uses a name of a library module: the place, that module, the name."""
    bound = _bound_modules(module)
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and is_library(node.module or "") and not node.level:
            yield from ((node, node.module or "", a.name) for a in node.names if a.name != "*")
        elif isinstance(node, ast.Attribute) and (owner := _module_of(node.value, bound)):
            yield node, owner, node.attr


@cache
def library_names(module: str) -> frozenset[str]:
    """The names that a module of the library has for others."""
    tree = ast.parse(LIBRARY_PATH.joinpath(*module.split(".")).with_suffix(".py").read_text())
    return frozenset(name for s in tree.body for name in _defined(s) if not name.startswith("_"))


def _defined(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id
    elif isinstance(statement, ast.Assign):
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
    elif isinstance(statement, ast.ImportFrom) and statement.level:
        yield from (alias.asname for alias in statement.names if alias.asname)


def _has(module: str, name: str) -> bool:
    if is_library(f"{module}.{name}"):
        return True
    return module in library_modules() and name in library_names(module)


def _bound_modules(module: SourceModule) -> dict[str, str]:
    """Names of a module that stand for modules or packages of the library."""
    bound = {}
    for node in module.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if is_library(alias.name):
                    outermost = alias.name.partition(".")[0]
                    bound[alias.asname or outermost] = alias.name if alias.asname else outermost
        elif isinstance(node, ast.ImportFrom) and node.module in library_packages():
            for alias in node.names:
                if is_library(f"{node.module}.{alias.name}"):
                    bound[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    stored = {
        node.id
        for node in module.nodes
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }
    stored |= {node.arg for node in module.nodes if isinstance(node, ast.arg)}
    return {name: library for name, library in bound.items() if name not in stored}


def _module_of(node: ast.expr, bound: dict[str, str]) -> str:
    """The library module that an expression stands for, or ""."""
    if isinstance(node, ast.Name):
        return bound.get(node.id, "")
    if isinstance(node, ast.Attribute):
        owner = _module_of(node.value, bound)
        return f"{owner}.{node.attr}" if owner and is_library(f"{owner}.{node.attr}") else ""
    return ""


def _message(module: str, name: str) -> str:
    names = sorted(library_names(module)) if module in library_modules() else []
    message = f"{module}.{name} is not in the dialect: "
    if instead := _INSTEAD.get(f"{module}.{name}"):
        return f"{message}{instead}; or use --profile cpython"
    if close := get_close_matches(name, names, n=1):
        message += f"use {close[0]}, or --profile cpython; "
    else:
        message += "use --profile cpython; "
    return message + f"{module} has {', '.join(names)} (docs/dialect.md)"
