"""Where things stand in the author's source: files, lines, columns, and who defines a name."""

import ast
from functools import cached_property

from mypyc.ir.class_ir import ClassIR

from mixer2.compiler.errors import Diagnostic
from mixer2.compiler.frontend.entry import entry_source
from mixer2.compiler.frontend.imports import Imports
from mixer2.compiler.frontend.program import Program, first_column
from mixer2.compiler.frontend.typecheck import TypedProgram


def _is_any(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "Any"
    return isinstance(node, ast.Name) and node.id == "Any"


class Places:
    """Answers questions about the source of a program."""

    def __init__(self, program: Program, typed: TypedProgram) -> None:
        self._program = program
        self._desugared = typed.desugared
        self.entry_tree = ast.parse(entry_source(program))
        self._trusted: dict[str, bool] = {}
        self._imports = Imports(program)

    def file(self, module: str) -> str:
        """The file of a module, as tracebacks show it."""
        source = self._program.modules.get(module)
        return source.display_path if source else f"<{module}>"

    def line(self, module: str, line: int) -> int:
        """The author's line."""
        desugared = self._desugared.get(module)
        return desugared.original_line(line) if desugared else line

    def diagnostic(
        self, module: str, line: int, message: str, *, attribute: str = ""
    ) -> Diagnostic:
        """A complaint about a line of a module.

        Args:
            module: Where.
            line: As mypyc says it.
            message: What is wrong.
            attribute: Its use is what is wrong; else the column is that of the first expression.
        """
        line = self.line(module, line)
        source = self._program.modules.get(module)
        nodes = source.nodes if source else ()
        uses = tuple(n for n in nodes if isinstance(n, ast.Attribute) and n.attr == attribute)
        column = first_column(uses, line) or first_column(nodes, line)
        return Diagnostic(self.file(module), line, column, message)

    def trusts_narrowing(self, module: str) -> bool:
        """Whether local variables surely have their static types: nobody calls `typing.cast`."""
        if module not in self._trusted:
            source = self._program.modules.get(module)
            self._trusted[module] = source is None or not any(
                isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "cast"
                for node in source.nodes
            )
        return self._trusted[module]

    def trusts_items(self, module: str) -> bool:
        """Whether what lies in containers surely has its static type.

        So it is in what ships with mixer2, which is checked strictly, as long as no author goes
        around the type checker.
        """
        source = self._program.modules.get(module)
        return (
            source is not None
            and not source.is_author
            and self.trusts_narrowing(module)
            and self._authors_are_strict
        )

    @cached_property
    def _authors_are_strict(self) -> bool:
        return not any(
            "type: ignore" in source.text
            or not self.trusts_narrowing(name)
            or any(_is_any(node) for node in source.nodes)
            for name, source in self._program.modules.items()
            if source.is_author
        )

    def origin(self, module: str, name: str) -> tuple[str, str]:
        """The module that defines a name, and the name there; imports are followed."""
        return self._imports.origin(module, name)

    def builtin_base(self, class_: ClassIR) -> str | None:
        """Type object of the built-in exception that a class names as its base."""
        source = self._program.modules.get(class_.module_name)
        for node in source.nodes if source else ():
            if isinstance(node, ast.ClassDef) and node.name == class_.name:
                for base in node.bases:
                    return f"Exc_{ast.unparse(base)}_Type"
        return None
