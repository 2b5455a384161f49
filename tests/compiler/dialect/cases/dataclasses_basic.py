from dataclasses import dataclass, field
from typing import ClassVar


@dataclass
class Point:
    x: int
    y: int = 0

    def norm(self) -> int:
        return self.x * self.x + self.y * self.y


@dataclass(frozen=True)
class Key:
    name: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class Slotted:
    value: float
    tags: tuple[str, ...] = ()


@dataclass
class Record:
    name: str
    items: list[int] = field(default_factory=list)
    table: dict[str, int] = field(default_factory=dict)
    hidden: int = field(default=7, repr=False)
    ignored: int = field(default=0, compare=False)
    version: ClassVar[int] = 3


@dataclass(order=True)
class Version:
    major: int
    minor: int = 0


@dataclass(kw_only=True)
class Options:
    retries: int = 3
    timeout: float


@dataclass
class Base:
    a: int
    b: int = 2


@dataclass
class Derived(Base):
    c: str = "c"
    a: int = 10

    def total(self) -> int:
        return self.a + self.b


@dataclass
class Checked:
    value: int
    double: int = field(init=False)

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError("negative")
        self.double = self.value * 2


@dataclass(eq=False)
class Identity:
    n: int


@dataclass(repr=False)
class Custom:
    n: int

    def __repr__(self) -> str:
        return f"<{self.n}>"


@dataclass
class Nested:
    point: Point
    maybe: "Nested | None" = None


@dataclass(unsafe_hash=True)
class Hashed:
    n: int


@dataclass
class Empty:
    pass


@dataclass
class Colour:
    red: int

    def grey(self) -> bool:
        return False

    green: int = 4


def main() -> None:
    p = Point(1, 2)
    print(p, p == Point(1, 2), p == Point(2), p != Point(1, 2), p.norm(), Point(3))
    p.x = 9
    print(p, p == (9, 2), Point(y=3, x=1))
    k = Key("a")
    print(k, hash(k) == hash(Key("a", 1)), {k: 1}[Key("a")], len({Key("a"), Key("a"), Key("b")}))
    print(Slotted(1.5), Slotted(1.0, ("a",)), Slotted(1.0) == Slotted(1.0))
    r, s = Record("r"), Record("s")
    r.items.append(1)
    print(r, s, r.hidden, Record.version, Record("q") == Record("q", ignored=5))
    print(
        Version(1, 2) < Version(1, 3),
        Version(2) >= Version(1, 9),
        sorted([Version(2), Version(1, 5)]),
    )
    print(max(Version(1), Version(0, 7)), Version(1) > Version(1), Version(1) <= Version(1))
    print(Options(timeout=1.5), Options(timeout=2.0, retries=1))
    d = Derived()
    print(d, Derived(1, 2, "x"), d.total(), isinstance(d, Base), d == Derived(), Base(10) == d)
    print(Checked(4))
    try:
        Checked(-1)
    except ValueError as error:
        print(error)
    print(Identity(1) == Identity(1), Custom(4))
    print(Nested(Point(1), Nested(Point(2))))
    print(hash(Hashed(3)) == hash(Hashed(3)))
    print(Empty(), Empty() == Empty(), Colour(1))
