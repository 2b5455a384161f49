"""What the dialect refuses, with its place, the reason and the nearest way."""

import tempfile
from pathlib import Path

import pytest

from mixer2.compiler import CompileError, build
from tests.compiler.dialect.harness import write_runner
from tests.compiler.dialect.refusals import REFUSALS, Refusal

_MAIN = "\n\ndef main() -> None:\n    pass\n"


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_refused_with_its_place(refusal: Refusal, tmp_path: Path) -> None:
    before, _, after = refusal.source.partition("§")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    source = write_runner(tmp_path, {"refused": before + after + _MAIN})

    with pytest.raises(CompileError) as refused:
        build(source)

    at_place = [
        d.message
        for d in refused.value.diagnostics
        if d.path == "refused.py" and d.line == line and d.column == column
    ]
    assert at_place, f"expected {line}:{column}; came\n{refused.value}"
    assert any(refusal.says in message for message in at_place), at_place


def test_a_refused_program_leaves_nothing_behind() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = write_runner(Path(folder), {"refused": "import socket\n" + _MAIN})
        with pytest.raises(CompileError):
            build(source)
        names = {path.name for path in Path(folder).iterdir()}
    assert names == {"refused.py", "dialect_runner.py"}
