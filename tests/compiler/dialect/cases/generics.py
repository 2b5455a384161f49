from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

T = TypeVar("T")
K = TypeVar("K")
N = TypeVar("N", int, float)
B = TypeVar("B", bound="Base")


class Base:
    def __init__(self, n: int) -> None:
        self.n = n


class Sub(Base):
    pass


class Stack(Generic[T]):
    def __init__(self) -> None:
        self.items: list[T] = []

    def push(self, item: T) -> "Stack[T]":
        self.items.append(item)
        return self

    def pop(self) -> T:
        return self.items.pop()

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class Pair(Generic[K, T]):
    def __init__(self, key: K, value: T) -> None:
        self.key = key
        self.value = value


def first(items: Sequence[T], default: T) -> T:
    return items[0] if items else default


def largest(items: list[B]) -> B:
    best = items[0]
    for item in items:
        if item.n > best.n:
            best = item
    return best


def double(n: N) -> N:
    return n + n


def apply(f: Callable[[T], K], items: Iterable[T]) -> list[K]:
    return [f(item) for item in items]


def total(values: Mapping[str, int]) -> int:
    return sum(values.values())


@overload
def parse(value: str) -> int: ...
@overload
def parse(value: int) -> str: ...
def parse(value: str | int) -> int | str:
    return int(value) if isinstance(value, str) else str(value)


class IntStack(Stack[int]):
    def total(self) -> int:
        return sum(self.items)


def main() -> None:
    s: Stack[int] = Stack()
    s.push(1).push(2)
    print(list(s), len(s), s.pop(), s.pop() + 1)
    t = Stack[str]()
    t.push("a")
    print(t.pop() + "b")
    p = Pair("k", 5)
    print(p.key + "!", p.value + 1)
    print(first([1], 2), first("", "z"), first((), 0), largest([Sub(1), Sub(5)]).n, double(4), double(1.5))
    print(apply(len, ["a", "bb"]), apply(lambda x: x * 2, range(3)), total({"a": 1, "b": 2}), parse("4") + 1, parse(4) + "!")
    i = IntStack()
    i.push(3)
    i.push(4)
    print(i.total(), isinstance(i, Stack))
