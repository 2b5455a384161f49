"""Deep recursion in C is an exception like any other: neither of the two stacks ends first."""

import pytest

from mixer2.testhost import LogLevel
from mixer2.testhost.plugin import Load
from tests.component.recursing import ENDS_BY_ITSELF, RAISES

FILTER = "recursing.py"
RAISED = ("RecursionError: ", "MemoryError: Parser stack overflowed", "deeply nested to marshal")

pytestmark = pytest.mark.cpython(only=True)


@pytest.mark.parametrize("kind", RAISES)
def test_recursion_without_end_is_an_exception(load: Load, mixer2_target: str, kind: str) -> None:
    host = load(FILTER)
    if mixer2_target == "native":
        return  # plain Python has more stack, and some of these end it

    assert host.get("/", {"x-do": kind}).status == 200

    (line,) = host.log
    assert line.level is LogLevel.ERROR
    assert any(text in line.message for text in RAISED)
    assert host.stats["mixer2_callback_errors_total{plugin=recursing}"] == 1
    assert host.get("/").status == 200


@pytest.mark.parametrize("kind", ENDS_BY_ITSELF)
def test_what_is_nested_deeply_is_freed(load: Load, mixer2_target: str, kind: str) -> None:
    host = load(FILTER)
    if mixer2_target == "native":
        return

    assert host.get("/", {"x-do": kind}).status == 200
    assert host.log == []
