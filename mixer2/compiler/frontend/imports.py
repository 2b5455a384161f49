"""Who defines a name that a module imports."""

import ast

from mixer2.compiler.frontend.program import LIBRARY_PACKAGE, Program, is_library


class Imports:
    """The imports of a program's modules."""

    def __init__(self, program: Program) -> None:
        self._imports = {
            name: _imported_names(module.nodes, name) for name, module in program.modules.items()
        }

    def origin(self, module: str, name: str) -> tuple[str, str]:
        """The module that defines a name, and the name there; imports are followed."""
        seen = set()
        while (module, name) not in seen:
            seen.add((module, name))
            imported = self._imports.get(module, {}).get(name)
            if imported is None:
                break
            module, name = imported
        return module, name


def _imported_names(nodes: tuple[ast.AST, ...], module: str) -> dict[str, tuple[str, str]]:
    """Names that a module has from others: name -> (module, name there)."""
    found = {}
    for node in nodes:
        if not isinstance(node, ast.ImportFrom):
            continue
        source = node.module or ""
        if node.level:
            package = module.split(".")[: -node.level]
            source = ".".join([*package, source] if source else package)
        if is_library(source):
            source = f"{LIBRARY_PACKAGE}.{source}"
        for alias in node.names:
            found[alias.asname or alias.name] = (source, alias.name)
    return found
