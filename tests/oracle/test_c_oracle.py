"""The IR of programs, by mypyc's C, does what the programs do in CPython."""

import pytest

from tests.fuzz.compare import usable
from tests.fuzz.program import program
from tests.oracle.c_module import missing
from tests.oracle.compare import compare_with_c

PROGRAMS = 10

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


def test_random_programs_do_the_same_by_way_of_c() -> None:
    sources = usable({f"program_{seed}": program(seed) for seed in range(1, PROGRAMS + 1)})

    comparison = compare_with_c(sources)

    assert not comparison.differences
    assert comparison.equal > PROGRAMS // 2


def test_what_the_ir_says_otherwise_is_found() -> None:
    # Where a float is declared, an int becomes one: a difference of the dialect.
    source = "def main() -> None:\n    ratio: float = 1\n    print(ratio)\n"

    assert compare_with_c({"program": source}).differences["program"].detail == (
        "CPython '1', C '1.0'"
    )
