"""Containers for compiled filters: what `import collections` means in profile aot.

OrderedDict, defaultdict and Counter have what a dict has, and are none: a function that takes them
says so.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar, cast

_T = TypeVar("_T")
_K = TypeVar("_K")
_V = TypeVar("_V")


class deque(Generic[_T]):  # noqa: N801 - CPython's name
    """A list that grows and shrinks at both ends, by a ring of slots.

    Attributes:
        maxlen: The most items; those at the other end make room. None: no bound.
    """

    def __init__(self, iterable: Iterable[_T] = (), maxlen: int | None = None) -> None:
        if maxlen is not None and maxlen < 0:
            raise ValueError("maxlen must be non-negative")
        self.maxlen = maxlen
        self._slots: list[_T | None] = [None] * 8
        self._first = 0
        self._size = 0
        self._changes = 0
        self.extend(iterable)

    def append(self, item: _T, /) -> None:
        """Add on the right."""
        self._reserve()
        self._slots[(self._first + self._size) % len(self._slots)] = item
        self._size += 1
        self._changes += 1
        if self.maxlen is not None and self._size > self.maxlen:
            self.popleft()

    def appendleft(self, item: _T, /) -> None:
        """Add on the left."""
        self._reserve()
        self._first = (self._first - 1) % len(self._slots)
        self._slots[self._first] = item
        self._size += 1
        self._changes += 1
        if self.maxlen is not None and self._size > self.maxlen:
            self.pop()

    def _reserve(self) -> None:
        if self._size == len(self._slots):
            items: list[_T | None] = self._slots[self._first :]
            items += self._slots[: self._first]
            items += [None] * len(items)
            self._slots = items
            self._first = 0

    def extend(self, iterable: Iterable[_T], /) -> None:
        """Add all on the right."""
        for item in iterable:
            self.append(item)

    def extendleft(self, iterable: Iterable[_T], /) -> None:
        """Add all on the left, one after the other."""
        for item in iterable:
            self.appendleft(item)

    def pop(self) -> _T:
        """Take the item on the right.

        Raises:
            IndexError: there is none.
        """
        if self._size == 0:
            raise IndexError("pop from an empty deque")
        self._size -= 1
        return self._take((self._first + self._size) % len(self._slots))

    def popleft(self) -> _T:
        """Take the item on the left.

        Raises:
            IndexError: there is none.
        """
        if self._size == 0:
            raise IndexError("pop from an empty deque")
        slot = self._first
        self._first = (slot + 1) % len(self._slots)
        self._size -= 1
        return self._take(slot)

    def _take(self, slot: int) -> _T:
        item = self._slots[slot]
        self._slots[slot] = None
        self._changes += 1
        return cast("_T", item)

    def clear(self) -> None:
        """Take all items out."""
        self._slots = [None] * 8
        self._first = 0
        self._size = 0
        self._changes += 1

    def copy(self) -> "deque[_T]":
        """Another one with the same items."""
        return deque(self, self.maxlen)

    def rotate(self, n: int = 1, /) -> None:
        """Move items from the right end to the left one; from left to right where n is negative."""
        if self._size:
            for _ in range(n % self._size):
                self.appendleft(self.pop())

    def count(self, item: _T, /) -> int:
        """How many items equal this one."""
        return sum([1 for other in self if other == item])

    def __len__(self) -> int:
        return self._size

    def __bool__(self) -> bool:
        return self._size > 0

    def _slot(self, index: int) -> int:
        place = index + self._size if index < 0 else index
        if not 0 <= place < self._size:
            raise IndexError("deque index out of range")
        return (self._first + place) % len(self._slots)

    def __getitem__(self, index: int) -> _T:
        return cast("_T", self._slots[self._slot(index)])

    def __setitem__(self, index: int, item: _T) -> None:
        self._slots[self._slot(index)] = item

    def __contains__(self, item: object) -> bool:
        return any(other == item for other in self)

    def __iter__(self) -> Iterator[_T]:
        changes = self._changes
        for index in range(self._size):
            if self._changes != changes:
                raise RuntimeError("deque mutated during iteration")
            yield cast("_T", self._slots[(self._first + index) % len(self._slots)])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, deque) and list(self) == list(other)

    def __repr__(self) -> str:
        bound = "" if self.maxlen is None else f", maxlen={self.maxlen}"
        return f"deque({list(self)!r}{bound})"


class _Dict(Generic[_K, _V]):
    """What the mappings of this module share: a dict, and what a dict can."""

    def __init__(self) -> None:
        self._items: dict[_K, _V] = {}

    def __getitem__(self, key: _K) -> _V:
        return self._items[key]

    def __setitem__(self, key: _K, value: _V) -> None:
        self._items[key] = value

    def __delitem__(self, key: _K) -> None:
        del self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        return len(self._items) > 0

    def __iter__(self) -> Iterator[_K]:
        return iter(self._items)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, _Dict):
            return self._items == cast("dict[_K, _V]", other._items)
        return self._items == other

    def get(self, key: _K, default: _V | None = None, /) -> _V | None:
        """The value of a key, or the default."""
        return self._items.get(key, default)

    def keys(self) -> list[_K]:
        """The keys."""
        return list(self._items)

    def values(self) -> list[_V]:
        """The values."""
        return list(self._items.values())

    def items(self) -> list[tuple[_K, _V]]:
        """Keys and values."""
        return list(self._items.items())

    def setdefault(self, key: _K, default: _V, /) -> _V:
        """The value of a key, which is set to the default if there is none."""
        return self._items.setdefault(key, default)

    def pop(self, key: _K) -> _V:
        """Take a value out.

        Raises:
            KeyError: there is none.
        """
        return self._items.pop(key)

    def clear(self) -> None:
        """Take all out."""
        self._items.clear()


class OrderedDict(_Dict[_K, _V]):
    """A dict whose keys can be moved."""

    def __init__(self, items: Iterable[tuple[_K, _V]] = ()) -> None:
        super().__init__()
        for key, value in items:
            self._items[key] = value

    def move_to_end(self, key: _K, last: bool = True) -> None:
        """Make a key the last one, or the first.

        Raises:
            KeyError: there is none.
        """
        value = self._items.pop(key)
        if last:
            self._items[key] = value
            return
        others = list(self._items.items())
        self._items.clear()
        self._items[key] = value
        for other, its_value in others:
            self._items[other] = its_value

    def popitem(self, last: bool = True) -> tuple[_K, _V]:
        """Take the last key and its value out, or the first.

        Raises:
            KeyError: there is none.
        """
        if not self._items:
            raise KeyError("dictionary is empty")
        if last:
            return self._items.popitem()
        for key in self._items:
            return key, self._items.pop(key)
        raise KeyError("dictionary is empty")

    def __repr__(self) -> str:
        return f"OrderedDict({list(self._items.items())!r})" if self._items else "OrderedDict()"


class defaultdict(_Dict[_K, _V]):  # noqa: N801 - CPython's name
    """A dict that makes the values that are missing.

    Attributes:
        default_factory: What makes them.
    """

    def __init__(self, default_factory: Callable[[], _V]) -> None:
        super().__init__()
        self.default_factory = default_factory

    def __getitem__(self, key: _K) -> _V:
        if key not in self._items:
            self._items[key] = self.default_factory()
        return self._items[key]


class Counter(_Dict[_T, int]):
    """How often there is what."""

    def __init__(self, iterable: Iterable[_T] = ()) -> None:
        super().__init__()
        self.update(iterable)

    def __getitem__(self, key: _T) -> int:
        return self._items.get(key, 0)

    def update(self, iterable: Iterable[_T]) -> None:
        """Count more."""
        for item in iterable:
            self._items[item] = self._items.get(item, 0) + 1

    def subtract(self, iterable: Iterable[_T]) -> None:
        """Count down."""
        for item in iterable:
            self._items[item] = self._items.get(item, 0) - 1

    def most_common(self, n: int | None = None) -> list[tuple[_T, int]]:
        """Items and counts, the largest counts first."""
        counted = sorted(self._items.items(), key=_count, reverse=True)
        return counted if n is None else counted[:n]

    def elements(self) -> Iterator[_T]:
        """Each item as often as it was counted."""
        for item, count in self._items.items():
            for _ in range(count):
                yield item

    def total(self) -> int:
        """The sum of all counts."""
        return sum(self._items.values())

    def __repr__(self) -> str:
        if not self._items:
            return "Counter()"
        parts = [f"{item!r}: {count!r}" for item, count in self.most_common()]
        return f"Counter({{{', '.join(parts)}}})"


def _count(pair: tuple[_T, int]) -> int:
    return pair[1]
