"""What the compiler says when it refuses a program."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One complaint about one place of the author's source.

    Attributes:
        path: The file as the author named it.
        line: 1 for the first line.
        column: 1 for the first character; 0 when only the line is known.
        message: What is wrong, why, and what to write instead.
    """

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        column = f":{self.column}" if self.column else ""
        return f"{self.path}:{self.line}{column}: {self.message}"


class CompileError(Exception):
    """The program cannot be compiled; nothing was written."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        unique = sorted(set(diagnostics))
        super().__init__("\n".join(str(diagnostic) for diagnostic in unique))
        self.diagnostics = unique
