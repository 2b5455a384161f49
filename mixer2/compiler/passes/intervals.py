"""Intervals of machine integers: what the results of arithmetic can be.

Bounds are those of the machine value: a tagged int is shifted left by one, so 5 is (10, 10).
"""

from typing import Final

Interval = tuple[int, int]

LARGEST: Final = (1 << 63) - 1
ANY: Final[Interval] = (-LARGEST - 1, LARGEST)
SIZE: Final[Interval] = (0, 0x7FFFFFF0)
"""Sizes of objects and numbers of items (build/runtime/memory.h, MEMORY_LIMIT)."""

# Where a bound that keeps growing stops: tagged bytes, code points and 32 bits, sizes, everything.
_STOPS: Final = (0, 2, 510, 0x22FFFE, SIZE[1], SIZE[1] + 1, (1 << 33) - 2, (1 << 62) - 2, LARGEST)


def hull(left: Interval, right: Interval) -> Interval:
    """The smallest interval around two."""
    return min(left[0], right[0]), max(left[1], right[1])


def widened(old: Interval, new: Interval) -> Interval:
    """An interval around `new` that bounds do not leave often: `old` where it did not grow."""
    low, high = old
    if new[0] < low:
        low = max((-stop - 1 for stop in _STOPS if -stop - 1 <= new[0]), default=ANY[0])
    if new[1] > high:
        high = min((stop for stop in _STOPS if stop >= new[1]), default=LARGEST)
    return low, high


def fits(interval: Interval, within: Interval = ANY) -> bool:
    """Whether an interval lies within another."""
    return within[0] <= interval[0] and interval[1] <= within[1]


def clipped(interval: Interval) -> Interval:
    """What is left of the results of an operation that fails where they do not fit into 64 bits."""
    low, high = max(interval[0], ANY[0]), min(interval[1], LARGEST)
    return (low, high) if low <= high else ANY


def add(left: Interval, right: Interval) -> Interval:
    """Bounds of left + right."""
    return left[0] + right[0], left[1] + right[1]


def subtract(left: Interval, right: Interval) -> Interval:
    """Bounds of left - right."""
    return left[0] - right[1], left[1] - right[0]


def multiply(left: Interval, right: Interval) -> Interval:
    """Bounds of left * right."""
    corners = [a * b for a in left for b in right]
    return min(corners), max(corners)


def bit_and(left: Interval, right: Interval) -> Interval:
    """Bounds of left & right."""
    limits = [high for low, high in (left, right) if low >= 0]
    return (0, min(limits)) if limits else ANY


def bit_or(left: Interval, right: Interval) -> Interval:
    """Bounds of left | right and left ^ right."""
    if left[0] < 0 or right[0] < 0:
        return ANY
    return 0, (1 << max(left[1], right[1]).bit_length()) - 1


def shift_left(left: Interval, right: Interval) -> Interval:
    """Bounds of left << right, where 0 <= right < 64."""
    if not fits(right, (0, 63)):
        return -(ANY[1] << 64), ANY[1] << 64
    return multiply(left, (1 << right[0], 1 << right[1]))


def shift_right(left: Interval, right: Interval) -> Interval:
    """Bounds of left >> right, where 0 <= right < 64."""
    if not fits(right, (0, 63)):
        return ANY
    corners = [a >> b for a in left for b in right]
    return min(corners), max(corners)
