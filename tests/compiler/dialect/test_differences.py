"""The deliberate differences of docs/dialect.md that a case cannot show: the two outputs differ."""

from pathlib import Path

import pytest

from tests.compiler.dialect.harness import run_compiled, run_in_cpython

DIFFERENCES = [
    ("ratio: float = 1\n    print(ratio)", ["1"], ["1.0"]),
    ("number: int = True\n    print(number)", ["True"], ["1"]),
    ("print(list({30, 10, 20}))", ["[10, 20, 30]"], ["[30, 10, 20]"]),
    ("print(4611686018427387903 + len('a'))", ["4611686018427387904"], None),
]


@pytest.mark.parametrize(("body", "cpython", "here"), DIFFERENCES)
def test_differs_as_documented(
    body: str, cpython: list[str], here: list[str] | None, tmp_path: Path
) -> None:
    case = tmp_path / "differs.py"
    case.write_text(f"def main() -> None:\n    {body}\n")

    assert run_in_cpython(case).lines == cpython
    compiled = run_compiled(case, [case]).lines
    if here is None:
        assert compiled[-1] == "OverflowError: int too large for 63 bits"
    else:
        assert compiled == here
