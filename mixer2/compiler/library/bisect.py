"""Sorted lists for compiled filters: what `import bisect` means in profile aot."""

from collections.abc import Sequence

from ._comparable import Item


def bisect_left(a: Sequence[Item], x: Item, lo: int = 0, hi: int | None = None) -> int:
    """Where x goes, before those that equal it."""
    if lo < 0:
        raise ValueError("lo must be non-negative")
    high = len(a) if hi is None else hi
    while lo < high:
        middle = (lo + high) // 2
        if a[middle] < x:
            lo = middle + 1
        else:
            high = middle
    return lo


def bisect_right(a: Sequence[Item], x: Item, lo: int = 0, hi: int | None = None) -> int:
    """Where x goes, behind those that equal it."""
    if lo < 0:
        raise ValueError("lo must be non-negative")
    high = len(a) if hi is None else hi
    while lo < high:
        middle = (lo + high) // 2
        if x < a[middle]:
            high = middle
        else:
            lo = middle + 1
    return lo


def bisect(a: Sequence[Item], x: Item, lo: int = 0, hi: int | None = None) -> int:
    """Where x goes, behind those that equal it."""
    return bisect_right(a, x, lo, hi)


def insort_left(a: list[Item], x: Item, lo: int = 0, hi: int | None = None) -> None:
    """Put x in, before those that equal it."""
    a.insert(bisect_left(a, x, lo, hi), x)


def insort_right(a: list[Item], x: Item, lo: int = 0, hi: int | None = None) -> None:
    """Put x in, behind those that equal it."""
    a.insert(bisect_right(a, x, lo, hi), x)


def insort(a: list[Item], x: Item, lo: int = 0, hi: int | None = None) -> None:
    """Put x in, behind those that equal it."""
    a.insert(bisect_right(a, x, lo, hi), x)
