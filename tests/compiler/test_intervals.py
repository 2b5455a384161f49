"""What arithmetic on intervals promises: every result of operands within lies within."""

import operator
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer2.compiler.passes import intervals
from mixer2.compiler.passes.intervals import ANY, Interval

NUMBERS = st.one_of(st.integers(-70, 70), st.integers(*ANY))


@st.composite
def member(draw: st.DrawFn, numbers: st.SearchStrategy[int] = NUMBERS) -> tuple[Interval, int]:
    """An interval, and a number of it."""
    low, value, high = sorted(draw(numbers) for _ in range(3))
    return (low, high), value


SHIFTS = member(st.integers(0, 63))


@pytest.mark.parametrize(
    ("of_intervals", "of_numbers"),
    [
        (intervals.add, operator.add),
        (intervals.subtract, operator.sub),
        (intervals.multiply, operator.mul),
        (intervals.bit_and, operator.and_),
        (intervals.bit_or, operator.or_),
        (intervals.bit_or, operator.xor),
    ],
)
@given(left=member(), right=member())
def test_results_lie_within(
    of_intervals: Callable[[Interval, Interval], Interval],
    of_numbers: Callable[[int, int], int],
    left: tuple[Interval, int],
    right: tuple[Interval, int],
) -> None:
    low, high = of_intervals(left[0], right[0])
    assert low <= of_numbers(left[1], right[1]) <= high


@given(member(), SHIFTS)
def test_shifts_lie_within(left: tuple[Interval, int], right: tuple[Interval, int]) -> None:
    low, high = intervals.shift_left(left[0], right[0])
    assert low <= left[1] << right[1] <= high
    low, high = intervals.shift_right(left[0], right[0])
    assert low <= left[1] >> right[1] <= high


@given(member(), member())
def test_hulls_and_widened_intervals_hold_both(
    left: tuple[Interval, int], right: tuple[Interval, int]
) -> None:
    whole = intervals.hull(left[0], right[0])
    assert intervals.fits(left[0], whole)
    assert intervals.fits(right[0], whole)
    assert intervals.fits(whole, intervals.widened(left[0], whole))


@given(member())
def test_widening_ends(start: tuple[Interval, int]) -> None:
    interval = start[0]
    for _ in range(40):
        grown = (max(interval[0] - 1, ANY[0]), min(interval[1] + 1, ANY[1]))
        interval = intervals.widened(interval, grown)
    assert interval == ANY
