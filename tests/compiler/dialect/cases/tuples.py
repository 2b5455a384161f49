def swap(pair: tuple[int, str]) -> tuple[str, int]:
    a, b = pair
    return b, a


def many() -> tuple[int, float, str, bool, None]:
    return 1, 2.5, "x", True, None


def variadic(items: tuple[int, ...]) -> int:
    return len(items) + sum(items)


def optional(flag: bool) -> tuple[int, str] | None:
    return (1, "a") if flag else None


def nested() -> tuple[tuple[int, int], tuple[str, list[int]]]:
    return (1, 2), ("a", [3])


def main() -> None:
    t = (1, "a", 2.5)
    print(t, t[0], t[-1], len(t), t[1:], (1,), (), t == (1, "a", 2.5), t + (4,), (1, 2) * 2, 1 in t)
    print(swap((1, "x")), many(), variadic((1, 2, 3)), variadic(()), optional(True), optional(False), nested())
    (a, b), (c, (d,)) = nested()
    print(a, b, c, d, (1, 2) < (1, 3), (1,) < (1, 0), hash((1, 2)) == hash((1, 2)), {(1, 2): "k"}[1, 2])
    x, y, z = 1, 2, 3
    x, y, z = z, x, y
    print(x, y, z, max((1, 5, 3)), sorted((3, 1)), tuple([1, 2]), tuple("ab"), tuple(range(3)), (1, 2).index(2), (1, 1).count(1))
    first, *rest = (1, 2, 3)
    *start, last = (1, 2, 3)
    print(first, rest, start, last)
    try:
        print((1, 2)[variadic(())  + 5])
    except IndexError as error:
        print(error)
    for i, (n, s) in enumerate([(1, "a"), (2, "b")]):
        print(i, n, s)
    pairs = [(2, "b"), (1, "z"), (1, "a")]
    pairs.sort()
    print(pairs, sorted(pairs, key=lambda p: p[1]), min(pairs), [n for n, _ in pairs], list(zip(*pairs)))
    print(isinstance(t, tuple), type(t).__name__, str((1,)), ("a" "b"), not (), bool((0,)))
