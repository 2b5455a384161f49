from typing import NamedTuple, NotRequired, TypedDict


class Pair(NamedTuple):
    left: int
    right: str = "r"

    def swapped(self) -> tuple[str, int]:
        return self.right, self.left


class Header(NamedTuple):
    name: str
    value: bytes


class Movie(TypedDict):
    title: str
    year: int


class Partial(TypedDict, total=False):
    a: int
    b: str


def parse(text: str) -> Pair:
    left, _, right = text.partition(":")
    return Pair(int(left), right)


def main() -> None:
    p = Pair(1, "x")
    print(p, p.left, p.right, p[0], p[1], len(p), p == (1, "x"), p == Pair(1, "x"))
    left, right = p
    print(left, right, Pair(5), Pair(left=2, right="q"), p.swapped())
    print(p < Pair(2, "a"), hash(p) == hash((1, "x")), {p: 1}[Pair(1, "x")], list(p), tuple(p))
    print(isinstance(p, tuple), isinstance(p, Pair), p + (1,), p[::-1])
    print(parse("4:z"), sorted([Pair(3), Pair(1)]), [h.name for h in [Header("a", b"1")]])
    m: Movie = {"title": "T", "year": 1999}
    print(m["title"], m["year"], m, m.get("title"), "year" in m, len(m))
    m["year"] += 1
    print(m, sorted(m.keys()))
    q: Partial = {"a": 1}
    print(q.get("b", "none"), "b" in q)
    q["b"] = "set"
    print(q)
    n = Movie(title="N", year=2)
    print(n)
    own_methods(p)


def own_methods(p: Pair) -> None:
    print(p._replace(**{}) == p, Pair._fields, p._fields, list(p._asdict().items()))
    print(Header("a", b"1")._replace(name="b"), Header._make(("x", b"y")))
    try:
        print(Header._make(["x"]))
    except TypeError as error:
        print(error)
    try:
        print(p._replace(colour=1))  # type: ignore[call-arg]
    except ValueError as error:
        print(error)
