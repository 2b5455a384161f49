def f(n: int) -> int:
    print("f", n)
    return n


def main() -> None:
    print(f(1) < f(2) < f(3), f(3) < f(2) < f(1))
    print(f(0) or f(5), f(0) and f(5), not f(1))
    if (n := f(4)) > 3 and (m := n * 2):
        print(n, m)
    while (n := n - 1) > 1:
        print("walrus", n)
    a = b = c = 5
    a += 1
    print(a, b, c, "yes" if a > b else "no")
    x, (y, z), *w = 1, (2, 3), 4, 5
    print(x, y, z, w)
    d: dict[str, list[int]] = {"k": [1]}
    d["k"][0] += 5
    d["k"] += [7]
    print(d, [1, 2, 3][f(1)], {"a": 1}["a"], (lambda q: q + 1)(4))
    print(1 if 0 else 2 if 0 else 3, [i for i in (1, 2)][-1], *[1, 2], sep=",")
    s = slice(1, 3)
    print([0, 1, 2, 3][s], "abcd"[s], [0, 1, 2, 3][slice(None, None, -1)])
    print("a" if True else "b", None or "default", 0 or "" or "last", 1 and 2 and 3)
    print(True + True, True == 1, not None, 5 in [1, 5], "b" in "abc", 3 not in (1, 2))
    e: object = [1]
    if isinstance(e, list) and e:
        print(e[0])
    i = 0
    items = [10, 20, 30]
    items[i], i = 99, 2
    print(items, i)
    pass
    ...
    "a docstring-like expression"
    t: tuple[int, int] = (1, 2)
    print(t[0] + t[1], -t[0], ~t[1], +t[1])
    print("end"); print("same line")
