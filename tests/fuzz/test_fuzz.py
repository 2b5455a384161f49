"""A short run of what `make fuzz` does for long."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.compiler import problem, random_source
from tests.fuzz.fuzz import fuzz
from tests.fuzz.minimise import minimised
from tests.fuzz.mutate import seeds
from tests.fuzz.program import program
from tests.fuzz.report import Report

SECONDS = 20
SOURCES = seeds()


def test_random_programs_do_the_same_compiled(tmp_path: Path) -> None:
    report = Report(tmp_path)
    fuzz(1, SECONDS, report)
    assert report.differences == 0, report.summary()
    assert report.compared > report.untyped


@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=st.integers(0, 1 << 32))
def test_any_source_gives_a_module_or_a_complaint_with_a_place(seed: int) -> None:
    source = random_source(seed, SOURCES)
    assert problem(source) is None, source.decode(errors="replace")


def test_a_seed_always_makes_the_same_program() -> None:
    assert program(7) == program(7)
    assert random_source(7, SOURCES) == random_source(7, SOURCES)


def test_a_failing_program_is_made_small() -> None:
    source = (
        "def f() -> int:\n    a = 1\n    return bad(2 + 3)\n\n"
        "def main() -> None:\n    f()\n    g()\n"
    )
    small = minimised(source, lambda text: "bad" in text, seconds=5)
    assert small == "def f() -> int:\n    return bad\n\ndef main() -> None:\n    pass\n"
