"""Durations as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pal.durations import NOT_A_DURATION, parse

UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


@given(st.integers(0, 10**5), st.sampled_from(sorted(UNITS)))
def test_a_whole_number_of_a_unit(number: int, unit: str) -> None:
    assert parse(f"{number}{unit}") == number * UNITS[unit]


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0", 0),
        ("1.5s", 1_500_000_000),
        (".5us", 500),
        ("1h30m", 5_400 * 10**9),
        ("1m0.5s", 60.5e9),
    ],
)
def test_fractions_and_sums(text: str, nanoseconds: float) -> None:
    assert parse(text) == nanoseconds


@pytest.mark.parametrize(
    "text",
    ["", "5", "s", "5 s", "-1s", "1d", "1.s.", ".s", "1e3s", "999999999h", "0.0000001s", "1s1"],
)
def test_anything_else_is_none(text: str) -> None:
    assert parse(text) == NOT_A_DURATION


@given(st.text("0123456789.nusmh -", max_size=12))
def test_any_text_is_a_duration_or_none(text: str) -> None:
    assert -1 <= parse(text) <= 2**60
