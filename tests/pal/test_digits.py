"""Decimal digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pal import digits


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_ints(number: int) -> None:
    assert digits.leading_int(str(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("-", 0),
        ("200 OK", 200),
        ("-7x", -7),
        (" 1", 0),
        ("+1", 0),
        ("1_0", 1),
        ("9" * 30, 10**18 - 1),
    ],
)
def test_what_is_no_digit_ends_it(text: str, number: int) -> None:
    assert digits.leading_int(text) == number
