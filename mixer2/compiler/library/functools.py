"""Functions of functions for compiled filters: what `import functools` means in profile aot."""

from collections.abc import Callable, Iterable
from typing import TypeVar

_T = TypeVar("_T")
_S = TypeVar("_S")
_A = TypeVar("_A")


def reduce(function: Callable[[_S, _T], _S], iterable: Iterable[_T], initial: _S, /) -> _S:
    """All items joined, from the first on, beginning with `initial`."""
    total = initial
    for item in iterable:
        total = function(total, item)
    return total


def cache(user_function: Callable[[_A], _T], /) -> Callable[[_A], _T]:
    """A function of one argument that remembers its results, all of them."""
    known: dict[_A, _T] = {}

    def cached(argument: _A) -> _T:
        if argument not in known:
            known[argument] = user_function(argument)
        return known[argument]

    return cached


def lru_cache(maxsize: int) -> Callable[[Callable[[_A], _T]], Callable[[_A], _T]]:
    """A function of one argument that remembers the results it was asked for last."""

    def decorator(function: Callable[[_A], _T]) -> Callable[[_A], _T]:
        known: dict[_A, _T] = {}

        def cached(argument: _A) -> _T:
            if argument in known:
                result = known.pop(argument)
            else:
                result = function(argument)
                if len(known) >= maxsize:
                    for oldest in known:
                        del known[oldest]
                        break
            known[argument] = result
            return result

        return cached

    return decorator
