"""Programs in the dialect print what they print in CPython, and leave no object behind."""

from pathlib import Path

import pytest

from tests.compiler.dialect.harness import all_cases, group_of, run_compiled, run_in_cpython


@pytest.mark.parametrize("is_bytecode", [False, True], ids=["compiled", "bytecode"])
@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.stem)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_as_in_cpython(case: Path, *, is_bytecode: bool) -> None:
    compiled = run_compiled(case, group_of(case), is_bytecode=is_bytecode)

    assert compiled.lines == run_in_cpython(case).lines
    assert compiled.growth == 0
