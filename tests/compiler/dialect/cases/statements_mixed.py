from typing import Final, Literal

LIMIT: Final = 3
Mode = Literal["r", "w"]


def mode(m: Mode) -> int:
    if m == "r":
        return 1
    return 2


def f(x: int | None, y: str | int | list[int]) -> str:
    if x is None or x < 0:
        return "none"
    if isinstance(y, str):
        return y * x
    elif isinstance(y, list):
        return str([v + x for v in y])
    return str(x + y)


def main() -> None:
    if (n := len("abc")) > 2 and (m := n * 2):
        print(n, m)
    print([y := 1, y**2, y + 5], [z for v in range(5) if (z := v * v) % 2], (q := 10) + q)
    data = iter([1, 2, 0, 3])
    while (item := next(data)) != 0:
        print("item", item)
    print(f(None, 1), f(2, "ab"), f(3, [1, 2]), f(4, 5), mode("r"), mode("w"), LIMIT)
    x = y2 = z2 = [0]
    x.append(1)
    print(y2 is z2, z2)
    a, b = 1, 2
    a, b = b, a + b
    print(
        a,
        b,
        1 if a > b else 2 if a == b else 3,
        not a,
        a and b,
        a or b,
        0 or "",
        None or [],
        "" and 1,
    )
    print(1 < 2 < 3 > 2 != 5 == 5, 3 in [1, 2, 3] == True, 1 < 3 < 2)
    i = 5
    i += 2
    i -= 1
    i *= 3
    i //= 2
    i %= 7
    i **= 3
    i <<= 2
    i >>= 1
    i |= 1
    i ^= 6
    i &= 255
    print(i, ~i, -i, +i)
    lst = [[0] * 2 for _ in range(2)]
    lst[0][1] += 5
    d = {"a": [1]}
    d["a"] += [2]
    print(lst, d, [*d], {**d})
    del d["a"][0], lst[1]
    print(d, lst)
    assert a, "fine"
    try:
        assert a == 100, f"a is {a}"
    except AssertionError as e:
        print("assert", e)
    try:
        assert not a
    except AssertionError as e:
        print("assert", repr(e), e.args)
    for i in range(3):
        pass
    print(i)
    for i in []:
        print("never")
    print(
        i,
        __name__ != "",
        [(i, j) for i in range(2) for j in range(i, 2)],
        {k: v for k, v in zip("ab", range(2))},
        {c for c in "aab"} == {"a", "b"},
    )
