"""What can be wrong with a mesh file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong at one place of a file.

    Args:
        path: The file.
        line: From 1; 0 for the file as a whole.
        column: From 1, in characters.
        what: What was found and what was expected.
    """

    path: Path
    line: int
    column: int
    what: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else str(self.path)
        return f"{place}: {self.what}"


class MeshError(Exception):
    """Base of everything that `mixer2.mesh` raises."""


class InvalidMesh(MeshError):
    """A mesh file cannot be used. Nothing of it was.

    Args:
        problems: All that is wrong with it.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class SourceFailed(MeshError):
    """A source of endpoints has nothing to say; what it said before stays."""
