from typing import NamedTuple


class P(NamedTuple):
    x: int
    y: float = 2.0
    name: str = "p"

    def norm(self) -> float:
        return self.x * 2 + self.y

    @property
    def label(self) -> str:
        return f"{self.name}:{self.x}"

    @classmethod
    def origin(cls) -> "P":
        return cls(0, 0.0)

    def __str__(self) -> str:
        return "P!" + self.name


def main() -> None:
    p = P(3, 4.0)
    print(p, repr(p), p.norm(), p.label, P.origin() == (0, 0.0, "p"), p[0], p[-1], p[1:], len(p))
    x, y, n = p
    print(
        x,
        y,
        n,
        p < P(3, 5.0),
        p == (3, 4.0, "p"),
        hash(p) == hash((3, 4.0, "p")),
        p._replace(x=7),
        p._asdict(),
        P._fields,
        P._make([1, 2.0, "z"]),
    )
    print(
        p + (1,),
        p * 2,
        3 in p,
        list(p),
        p.index(4.0),
        p.count(3),
        max(p._replace(x=1), p),
        {p: 1}[P(3, 4.0)],
    )
    try:
        p._replace(q=1)  # type: ignore[call-arg]
    except (ValueError, TypeError) as e:
        print(e)
    print(isinstance(p, tuple), [P(i).x for i in range(3)], sorted([P(2), P(1)])[0].x)
    print("%s %s %s" % p)
