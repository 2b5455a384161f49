"""Heaps in lists for compiled filters: what `import heapq` means in profile aot.

The lists have the order that CPython gives them, step by step.
"""

from collections.abc import Iterable

from ._comparable import Item


def heappush(heap: list[Item], item: Item, /) -> None:
    """Add an item."""
    heap.append(item)
    _rise(heap, 0, len(heap) - 1)


def heappop(heap: list[Item], /) -> Item:
    """Take the smallest item.

    Raises:
        IndexError: there is none.
    """
    if not heap:
        raise IndexError("index out of range")
    last = heap.pop()
    if not heap:
        return last
    smallest = heap[0]
    heap[0] = last
    _sink(heap, 0)
    return smallest


def heapreplace(heap: list[Item], item: Item, /) -> Item:
    """Take the smallest item, then add one.

    Raises:
        IndexError: there is none.
    """
    if not heap:
        raise IndexError("index out of range")
    smallest = heap[0]
    heap[0] = item
    _sink(heap, 0)
    return smallest


def heappushpop(heap: list[Item], item: Item, /) -> Item:
    """Add an item, then take the smallest."""
    if heap and heap[0] < item:
        smallest = heap[0]
        heap[0] = item
        _sink(heap, 0)
        return smallest
    return item


def heapify(heap: list[Item], /) -> None:
    """Make a heap of a list."""
    for place in range(len(heap) // 2 - 1, -1, -1):
        _sink(heap, place)


def nsmallest(n: int, iterable: Iterable[Item]) -> list[Item]:
    """The n smallest items, in their order."""
    return sorted(iterable)[: max(n, 0)]


def nlargest(n: int, iterable: Iterable[Item]) -> list[Item]:
    """The n largest items, the largest first."""
    return sorted(iterable, reverse=True)[: max(n, 0)]


def _rise(heap: list[Item], start: int, place: int) -> None:
    """Move an item up to where its parent is not larger."""
    item = heap[place]
    while place > start:
        parent = (place - 1) >> 1
        if not item < heap[parent]:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = item


def _sink(heap: list[Item], place: int) -> None:
    """Move an item down to a leaf by the smaller children, then up to its place."""
    start = place
    item = heap[place]
    child = 2 * place + 1
    while child < len(heap):
        if child + 1 < len(heap) and not heap[child] < heap[child + 1]:
            child += 1
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    heap[place] = item
    _rise(heap, start, place)
