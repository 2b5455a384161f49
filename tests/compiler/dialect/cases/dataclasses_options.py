from dataclasses import dataclass, field, KW_ONLY
from typing import ClassVar


@dataclass(order=True)
class V:
    major: int
    minor: int = 0
    tag: str = field(default="", compare=False)
    parts: list[int] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class F:
    name: str
    n: int = 3
    total: int = field(init=False, default=9)
    COUNT: ClassVar[int] = 5


@dataclass
class Base:
    a: int
    b: str = "b"

    def __post_init__(self) -> None:
        self.a += 1


@dataclass
class Child(Base):
    c: float = 1.5
    a: int = 10


@dataclass
class Kw:
    x: int
    _: KW_ONLY
    y: int = 2
    z: str


@dataclass(eq=False)
class NoEq:
    x: int


@dataclass(unsafe_hash=True)
class H:
    x: int
    y: str


def main() -> None:
    print(
        V(1) < V(1, 2),
        V(2) > V(1, 9),
        V(1, 0, "a") == V(1, 0, "b"),
        V(1),
        V(1, parts=[1]) <= V(1, parts=[2]),
    )
    print(sorted([V(3), V(1, 5), V(1, 2)]))
    f = F("x")
    print(
        f,
        hash(f) == hash(F("x")),
        f == F("x"),
        f == F("y"),
        f != F("x", 3),
        F.COUNT,
        {f: 1}[F("x")],
    )
    print(
        Base(1), Child(1), Child(), Child(b="q", c=2.5), Base(1) == Child(1), Child(2) == Child(2)
    )
    print(Kw(1, z="q"), Kw(x=1, y=5, z="w"))
    a = NoEq(1)
    print(a == a, a == NoEq(1), a != NoEq(1))
    print(
        H(1, "a") == H(1, "a"),
        hash(H(1, "a")) == hash(H(1, "a")),
        len({H(1, "a"), H(1, "a"), H(2, "a")}),
    )
    try:
        print({V(1): 1})
    except TypeError as e:
        print(e)
    o: object = 5
    print(V(1).__eq__(o), V(1) == o)
