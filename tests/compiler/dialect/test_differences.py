"""The deliberate differences of docs/dialect.md that a case cannot show: the two outputs differ."""

from pathlib import Path

import pytest

from tests.compiler.dialect.harness import run_compiled, run_in_cpython

GENERATOR = """
from collections.abc import Iterator


def numbers() -> Iterator[int]:
    try:
        yield 1
    finally:
        print("end")


"""

DIFFERENCES = [
    ("ratio: float = 1\n    print(ratio)", ["1"], ["1.0"]),
    ("number: int = True\n    print(number)", ["True"], ["1"]),
    ("print(list({30, 10, 20}))", ["[10, 20, 30]"], ["[30, 10, 20]"]),
    ("print(next(numbers()))", ["end", "1"], ["1"]),
    ("print(type(OSError(2, 'gone')).__name__)", ["FileNotFoundError"], ["OSError"]),
    (
        "print(4611686018427387903 + len('a'))",
        ["4611686018427387904"],
        "OverflowError: int too large for 63 bits",
    ),
    (
        "base = float(-len('ab'))\n    print(abs(base ** 0.5) > 1)",
        ["True"],
        "ValueError: a negative number to a fraction is complex: not supported",
    ),
]


@pytest.mark.parametrize(("body", "cpython", "here"), DIFFERENCES)
def test_differs_as_documented(
    body: str, cpython: list[str], here: list[str] | str, tmp_path: Path
) -> None:
    case = tmp_path / "differs.py"
    case.write_text(f"{GENERATOR}def main() -> None:\n    {body}\n")

    assert run_in_cpython(case).lines == cpython
    compiled = run_compiled(case, [case]).lines
    if isinstance(here, str):
        assert compiled[-1] == here
    else:
        assert compiled == here
