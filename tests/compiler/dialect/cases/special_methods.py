from collections.abc import Iterator


class Money:
    def __init__(self, cents: int) -> None:
        self.cents = cents

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.cents == other.cents

    def __hash__(self) -> int:
        return hash(self.cents)

    def __lt__(self, other: "Money") -> bool:
        return self.cents < other.cents

    def __le__(self, other: "Money") -> bool:
        return self.cents <= other.cents

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + other.cents)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.cents - other.cents)

    def __mul__(self, by: int) -> "Money":
        return Money(self.cents * by)

    def __rmul__(self, by: int) -> "Money":
        return Money(self.cents * by)

    def __neg__(self) -> "Money":
        return Money(-self.cents)

    def __abs__(self) -> "Money":
        return Money(abs(self.cents))

    def __iadd__(self, other: "Money") -> "Money":
        self.cents += other.cents
        return self

    def __bool__(self) -> bool:
        return self.cents != 0

    def __int__(self) -> int:
        return self.cents

    def __float__(self) -> float:
        return self.cents / 100

    def __str__(self) -> str:
        return f"${self.cents / 100:.2f}"

    def __repr__(self) -> str:
        return f"Money({self.cents})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class Bag:
    def __init__(self, items: list[str]) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, item: object) -> bool:
        return item in self.items

    def __getitem__(self, index: int) -> str:
        return self.items[index]

    def __setitem__(self, index: int, value: str) -> None:
        self.items[index] = value

    def __delitem__(self, index: int) -> None:
        del self.items[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self.items)

    def __call__(self, suffix: str) -> list[str]:
        return [item + suffix for item in self.items]

    def __reversed__(self) -> Iterator[str]:
        return iter(self.items[::-1])


class Countdown:
    def __init__(self, n: int) -> None:
        self.n = n

    def __iter__(self) -> "Countdown":
        return self

    def __next__(self) -> int:
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class OnlyRepr:
    def __repr__(self) -> str:
        return "<only>"


def main() -> None:
    a, b = Money(150), Money(250)
    print(a + b, b - a, a * 3, 2 * a, -a, abs(Money(-5)))
    print(a == Money(150), a != b, a < b, a <= b, a > b, a >= b, a == 150)
    print(repr(a), str(a), f"{a}", f"{a!r}", f"{a:>10}", [a, b])
    print(bool(Money(0)), not a, int(a), float(a), hash(a) == hash(Money(150)))
    print(
        {a: "x"}[Money(150)],
        a in {Money(150)},
        Money(1) in [a, b],
        sorted([b, a]),
        min(a, b),
        max([a, b]),
    )
    c = a
    c += b
    print(a, c is a)
    if Money(0):
        print("no")
    bag = Bag(["x", "y", "z"])
    print(len(bag), "y" in bag, "q" in bag, bag[0], bag[-1], list(bag), bag("!"))
    bag[1] = "Y"
    del bag[0]
    print([item for item in bag], list(reversed(bag)), tuple(bag), bool(Bag([])))
    x, y = bag
    print(x, y, "".join(bag))
    print(list(Countdown(3)), sum(Countdown(4)), [n for n in Countdown(2)])
    print(OnlyRepr(), [OnlyRepr()], f"{OnlyRepr()}", str(OnlyRepr()))
    try:
        bag[10]
    except IndexError as error:
        print(error)
