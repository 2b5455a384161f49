"""Enums as the source says them: which names of `enum` a module uses, and which it may not."""

import ast
from collections.abc import Iterator

from mixer2.compiler.frontend.class_refusals import Refusal

_BASES = ("Enum", "IntEnum", "StrEnum")
_NAMES = (*_BASES, "auto", "unique")
# These have refusals of their own, with a nearer way.
_REFUSED_AS_BASES = ("Flag", "IntFlag")

_SPECIAL = {
    "_missing_": "write a function that looks the value up",
    "_generate_next_value_": "write the values",
    "_ignore_": "put it beside the class",
    "_order_": "leave it out",
}


def enum_names(tree: ast.Module) -> dict[str, str]:
    """How a module writes the names of `enum`: name or `module.name` -> name there."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "enum" and not node.level:
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "enum":
                    module = alias.asname or alias.name
                    found |= {f"{module}.{name}": name for name in _NAMES + _REFUSED_AS_BASES}
    return found


def refused_in_enums(tree: ast.Module) -> Iterator[Refusal]:
    """What a module does with enums that the dialect has not."""
    names = enum_names(tree)
    own: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "enum":
            yield from _imports(node)
        elif isinstance(node, ast.Call) and names.get(ast.unparse(node.func)) in _BASES:
            yield node, "an enum that a call makes is not in the dialect: write a class statement"
        elif isinstance(node, ast.ClassDef):
            bases = {ast.unparse(base) for base in node.bases}
            if bases & own:
                yield (
                    node,
                    (
                        "an enum that derives from an enum of the program is not in the dialect: "
                        "write what they share as functions"
                    ),
                )
            elif any(names.get(base) in _BASES for base in bases):
                own.add(node.name)
                yield from _special_names(node)


def _imports(node: ast.ImportFrom) -> Iterator[Refusal]:
    for alias in node.names:
        if alias.name not in _NAMES + _REFUSED_AS_BASES:
            yield (
                node,
                f"enum.{alias.name} is not in the dialect, which has {', '.join(_NAMES)}",
            )


def _special_names(class_: ast.ClassDef) -> Iterator[Refusal]:
    for statement in class_.body:
        name = ""
        if isinstance(statement, ast.FunctionDef):
            name = statement.name
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
        if name in _SPECIAL:
            yield statement, f"{name} of an enum is not in the dialect: {_SPECIAL[name]}"
