from collections.abc import Iterator


def g(n: int, fail: bool = False) -> Iterator[int]:
    for i in range(n):
        yield i
    if fail:
        raise KeyError("inside")


def two(n: int, fail: bool) -> str:
    a, b = g(n, fail)
    return f"{a} {b}"


def star(n: int, fail: bool) -> str:
    a, *b, c = g(n, fail)
    return f"{a} {b} {c}"


def loop(items: list[list[int]]) -> int:
    t = 0
    for a, b in items:
        t += a * b
    return t


def nested(v: tuple[Iterator[int], list[int]]) -> str:
    (a, b), (c, d) = v
    return f"{a} {b} {c} {d}"


def main() -> None:
    for n in range(4):
        for fail in (False, True):
            for f in (two, star):
                try:
                    print(n, fail, f(n, fail))
                except Exception as e:
                    print(n, fail, repr(e), repr(e.__context__))
    for items in ([[1, 2], [3, 4]], [[1]], [[1, 2, 3]]):
        try:
            print(loop(items))
        except ValueError as e:
            print(e)
    try:
        print(nested((g(2), [1])))
    except ValueError as e:
        print(e)
    try:
        print(nested((g(1), [1, 2])))
    except ValueError as e:
        print(e)
    print(nested((g(2), [1, 2])))
    some = [1, 2]
    print([1, 2] == [*some], (1, 2) == (*some,), {*some} == {*some}, [0] < [*some], (0,) != (*some,), 1 in (*some, 3))
