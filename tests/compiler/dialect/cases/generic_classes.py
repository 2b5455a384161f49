from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, Protocol, overload

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Comparable(Protocol):
    def __lt__(self, other: "Comparable", /) -> bool: ...


N = TypeVar("N", int, float)


class Stack(Generic[T]):
    def __init__(self, items: Iterable[T] = ()) -> None:
        self._items = list(items)

    def push(self, x: T) -> "Stack[T]":
        self._items.append(x)
        return self

    def pop(self) -> T:
        if not self._items:
            raise IndexError("empty stack")
        return self._items.pop()

    def map(self, f: Callable[[T], V]) -> "Stack[V]":
        return Stack(f(x) for x in self._items)

    def __iter__(self) -> Iterator[T]:
        return reversed(self._items)

    def __len__(self) -> int:
        return len(self._items)


class Pair(Generic[K, V]):
    def __init__(self, k: K, v: V) -> None:
        self.k, self.v = k, v

    def swap(self) -> "Pair[V, K]":
        return Pair(self.v, self.k)


class IntStack(Stack[int]):
    def total(self) -> int:
        return sum(self)


def first(xs: Sequence[T], default: T | None = None) -> T | None:
    return xs[0] if xs else default


def group(xs: Iterable[V], key: Callable[[V], K]) -> dict[K, list[V]]:
    out: dict[K, list[V]] = {}
    for x in xs:
        out.setdefault(key(x), []).append(x)
    return out


def add(a: N, b: N) -> N:
    return a + b


@overload
def conv(x: int) -> str: ...
@overload
def conv(x: str) -> int: ...
def conv(x: int | str) -> int | str:
    return str(x) if isinstance(x, int) else int(x)


def compose(f: Callable[[T], K], g: Callable[[K], V]) -> Callable[[T], V]:
    return lambda x: g(f(x))


def look(m: Mapping[str, T], k: str) -> T:
    return m[k]


def main() -> None:
    s = Stack([1, 2]).push(3)
    print(list(s), s.pop(), len(s), list(s.map(lambda x: f"<{x}>")))
    p = Pair("a", 1).swap()
    print(p.k + 1, p.v.upper(), IntStack([1, 2, 3]).total(), first([], 5), first("xyz"), first([]))
    print(
        group(["apple", "bob", "cat", "dd"], len),
        add(1, 2),
        add(1.5, 2.5),
        conv(5) + "!",
        conv("5") + 1,
    )
    print(compose(len, lambda n: n * 2)("abc"), look({"a": 1.5}, "a"))
    try:
        Stack[str]().pop()
    except IndexError as e:
        print(e)
