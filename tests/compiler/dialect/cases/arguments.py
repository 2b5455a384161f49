def defaults(a: int, b: int = 2, c: str = "c") -> str:
    return f"{a} {b} {c}"


def keyword_only(a: int, *, b: int, c: int = 3) -> int:
    return a * 100 + b * 10 + c


def positional_only(a: int, b: int = 5, /, c: int = 6) -> int:
    return a * 100 + b * 10 + c


def star(*args: int) -> int:
    return sum(args) + len(args)


def star_mixed(first: str, *rest: str, sep: str = "-") -> str:
    return sep.join([first, *rest])


def double_star(**options: int) -> list[str]:
    return [f"{k}={v}" for k, v in options.items()]


def everything(a: int, *args: int, b: int = 0, **kw: int) -> str:
    return f"{a} {args} {b} {kw}"


def mutable(value: int, into: list[int] | None = None) -> list[int]:
    if into is None:
        into = []
    into.append(value)
    return into


def shared_default(value: int, into: list[int] = []) -> int:
    into.append(value)
    size = len(into)
    if size == 2:
        into.clear()
    return size


def none_default(x: int | None = None, flag: bool = False, f: float = 1.5) -> str:
    return f"{x} {flag} {f}"


class Box:
    def __init__(self, width: int = 1, *, height: int = 2) -> None:
        self.width = width
        self.height = height

    def scale(self, by: int = 2, *more: int) -> int:
        return self.width * by + sum(more)


def main() -> None:
    print(defaults(1), defaults(1, 5), defaults(1, c="z"), defaults(c="q", a=9))
    print(keyword_only(1, b=2), keyword_only(a=1, c=5, b=4))
    print(
        positional_only(1), positional_only(1, 2), positional_only(1, 2, 3), positional_only(1, c=9)
    )
    print(star(), star(1), star(1, 2, 3), star(*[4, 5]), star(1, *[2, 3], *(4,)))
    print(star_mixed("a"), star_mixed("a", "b", "c"), star_mixed("a", "b", sep="+"))
    print(star_mixed(*["x", "y"], sep="/"))
    print(double_star(), double_star(x=1, y=2), double_star(**{"z": 3}))
    print(everything(1), everything(1, 2, 3, b=4, c=5))
    print(mutable(1), mutable(2, [0]))
    first = shared_default(1)
    print(shared_default(2) - first)
    print(none_default(), none_default(3, True), none_default(f=2.0))
    print(Box().width, Box(height=7).height, Box(3, height=4).scale(), Box(3).scale(3, 1, 1))
    numbers = (1, 2)
    print(defaults(*numbers), everything(*numbers, **{"q": 1}))
