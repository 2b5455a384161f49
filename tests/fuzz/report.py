"""Counts what was fuzzed, and keeps what failed."""

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.minimise import minimised

MINIMISING_SECONDS = 120


@dataclass
class Report:
    """What came out so far.

    Attributes:
        folder: Where failing programs are kept.
        compared: Programs that ran in CPython and compiled.
        differences: Those that did not do the same, were refused, or broke the compiler.
        untyped: Programs that the type checker rightly refused: not compared.
        compiled: Mutated sources that the compiler was given.
        equal_in_c: Programs that the C oracle found to do the same.
        known_in_c: Those where C is known not to, by what it is (tests/oracle/known.py).
    """

    folder: Path
    compared: int = 0
    differences: int = 0
    untyped: int = 0
    compiled: int = 0
    equal_in_c: int = 0
    known_in_c: Counter[str] = field(default_factory=Counter)

    def fail(self, name: str, detail: str, source: bytes) -> Path:
        """Keep a source that failed."""
        self.differences += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}.py"
        path.write_bytes(source)
        _say(f"{name}: {detail}\n  saved: {path}")
        return path

    def minimise(self, path: Path, fails: Callable[[str], bool]) -> None:
        """Make a failing program small, where it is kept."""
        path.write_text(minimised(path.read_text(), fails, MINIMISING_SECONDS))
        _say(f"  minimised: {path}")

    def summary(self) -> str:
        """The last line."""
        return (
            f"{self.compiled} mutated sources compiled, {self.untyped} programs not typed, "
            f"{self.compared} programs compared, {self.differences} differences"
        )

    def exit(self) -> None:
        """End: 1 when anything differed, or nothing was done."""
        if self.equal_in_c:
            known = "".join(f", {count} not for {name}" for name, count in self.known_in_c.items())
            _say(f"by way of C: {self.equal_in_c} programs the same{known}")
        _say(self.summary())
        sys.exit(1 if self.differences or not self.compared else 0)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
