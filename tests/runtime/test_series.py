"""Metrics by the values of their labels: the compiled lookup against plain Python's."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pal import metrics
from tests.runtime.harness import LinkedRuntime, Runtime


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


texts = st.text("aé\0", max_size=3)
keys = texts | st.lists(texts, max_size=9)

LONG = "x" * 600
FULL = ["x" * 255, "y" * 256]


def series_of(known: list[str | list[str]]) -> dict[str, int]:
    return {metrics._key(key): number for number, key in enumerate(known)}


@given(st.lists(keys, max_size=20), keys)
@example(["", [], [""], ["", ""]], [])
@example([[LONG, "a"], LONG], [LONG, "a"])
@example([[LONG, "a"], FULL], FULL)
@example([FULL], [*FULL, ""])
def test_series_are_found_by_their_values(
    guest: Runtime, known: list[str | list[str]], wanted: str | list[str]
) -> None:
    series = series_of(known)
    found = guest.call("native__pal__metrics___find", series, wanted, result="tagged")
    assert found == metrics._find(series, wanted)


# Few of them, so that one often is what is looked for where another was found.
few = st.lists(st.sampled_from(["", "a", "b", "ab", "\0", "a\0"]), max_size=3)


@given(st.lists(few, max_size=12), st.lists(few, max_size=12), st.lists(few, max_size=12))
@example([["a", "b"]], [["a", "b", ""]], [["a", "b"], ["a"], ["a", "b", "b"], ["ab"]])
def test_what_was_found_before_does_not_matter(
    guest: Runtime,
    first: list[str | list[str]],
    second: list[str | list[str]],
    wanted: list[str | list[str]],
) -> None:
    for values in wanted:
        for series in (series_of(first), series_of(second)):
            found = guest.call("native__pal__metrics___find", series, values, result="tagged")
            assert found == metrics._find(series, values)


@given(keys)
@example(["\ud800", "é"])
def test_keys_are_the_values_joined(guest: Runtime, values: str | list[str]) -> None:
    key = guest.call("native__pal__metrics___key", values)
    assert key == metrics._key(values)
