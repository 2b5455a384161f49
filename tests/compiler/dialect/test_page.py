"""docs/dialect.md names every case and every refusal, and nothing else."""

import re
from pathlib import Path

from tests.compiler.dialect.harness import all_cases
from tests.compiler.dialect.refusals import REFUSALS

PAGE = Path(__file__).parents[3] / "docs" / "dialect.md"


def named_in_last_column() -> set[str]:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    cells = [row.replace("\\|", "").rstrip(" |").rpartition(" | ")[2] for row in rows]
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_row_is_backed_and_every_test_has_a_row() -> None:
    tests = {case.stem for case in all_cases()} | {refusal.name for refusal in REFUSALS}

    assert named_in_last_column() == tests
