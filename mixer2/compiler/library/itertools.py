"""Iterators for compiled filters: what `import itertools` means in profile aot."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

_T = TypeVar("_T")
_S = TypeVar("_S")
_K = TypeVar("_K")

_NOT_GIVEN: Final = -(1 << 61)


def count(start: int = 0, step: int = 1) -> Iterator[int]:
    """Ints without end."""
    while True:
        yield start
        start += step


def repeat(object: _T, times: int | None = None) -> Iterator[_T]:  # noqa: A002
    """One value, so often, or without end."""
    done = 0
    while times is None or done < times:
        yield object
        done += 1


def cycle(iterable: Iterable[_T], /) -> Iterator[_T]:
    """Its items, again and again."""
    items = list(iterable)
    while items:
        yield from items


def chain(*iterables: Iterable[_T]) -> Iterator[_T]:
    """The items of all."""
    for iterable in iterables:
        yield from iterable


def islice(
    iterable: Iterable[_T],
    start: int | None,
    stop: int | None = _NOT_GIVEN,
    step: int | None = None,
    /,
) -> Iterator[_T]:
    """The items of a slice; with one number, those before it."""
    first = 0
    last = stop
    if stop == _NOT_GIVEN:
        last = start
    elif start is not None:
        first = start
    stride = 1 if step is None else step
    if last is not None and last == -1:
        problem = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize."
        raise ValueError(problem)
    if first < 0 or (last is not None and last < 0):
        raise ValueError("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    if stride < 1:
        raise ValueError("Step for islice() must be a positive integer or None.")
    wanted = first
    if last is not None and last <= first:
        return
    for index, item in enumerate(iterable):
        if index == wanted:
            yield item
            wanted += stride
        if last is not None and index + 1 >= last:
            return


def takewhile(predicate: Callable[[_T], object], iterable: Iterable[_T], /) -> Iterator[_T]:
    """Items as long as all of them are fit."""
    for item in iterable:
        if not predicate(item):
            return
        yield item


def dropwhile(predicate: Callable[[_T], object], iterable: Iterable[_T], /) -> Iterator[_T]:
    """Items from the first on that is not fit."""
    is_open = False
    for item in iterable:
        if is_open or not predicate(item):
            is_open = True
            yield item


def filterfalse(predicate: Callable[[_T], object], iterable: Iterable[_T], /) -> Iterator[_T]:
    """Items that are not fit."""
    for item in iterable:
        if not predicate(item):
            yield item


def accumulate(iterable: Iterable[_T], func: Callable[[_T, _T], _T]) -> Iterator[_T]:
    """Items, each joined with all before it."""
    is_first = True
    items = iter(iterable)
    for item in items:
        total = item
        is_first = False
        break
    if is_first:
        return
    yield total
    for item in items:
        total = func(total, item)
        yield total


def pairwise(iterable: Iterable[_T], /) -> Iterator[tuple[_T, _T]]:
    """Items and the next ones."""
    items = list(iterable)
    for index in range(len(items) - 1):
        yield items[index], items[index + 1]


def product(first: Iterable[_T], second: Iterable[_S], /) -> Iterator[tuple[_T, _S]]:
    """All pairs of items."""
    others = list(second)
    for item in first:
        for other in others:
            yield item, other


def groupby(iterable: Iterable[_T], key: Callable[[_T], _K]) -> Iterator[tuple[_K, list[_T]]]:
    """Runs of items with equal keys; each is a list."""
    run: list[_T] = []
    for item in iterable:
        if run and not key(run[0]) == key(item):  # noqa: SIM201 - as CPython asks
            yield key(run[0]), run
            run = []
        run.append(item)
    if run:
        yield key(run[0]), run
