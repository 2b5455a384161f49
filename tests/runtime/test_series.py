"""Metrics by the values of their labels: the compiled lookup against plain Python's."""

from hypothesis import example, given
from hypothesis import strategies as st

from pal import metrics
from tests.runtime.harness import LinkedRuntime, Runtime

texts = st.text("aé\0", max_size=3)
keys = texts | st.lists(texts, max_size=9)

LONG = "x" * 600
FULL = ["x" * 255, "y" * 256]


@given(st.lists(keys, max_size=20), keys)
@example(["", [], [""], ["", ""]], [])
@example([[LONG, "a"], LONG], [LONG, "a"])
@example([[LONG, "a"], FULL], FULL)
@example([FULL], [*FULL, ""])
def test_series_are_found_by_their_values(
    linked: LinkedRuntime, known: list[str | list[str]], wanted: str | list[str]
) -> None:
    series = {
        (key if isinstance(key, str) else "\0".join(key)): number
        for number, key in enumerate(known)
    }

    found = Runtime(linked).call("native__pal__metrics___find", series, wanted)

    assert found == metrics._find(series, wanted)
