from collections.abc import Callable


def counter(start: int = 0) -> tuple[Callable[[], int], Callable[[int], None]]:
    n = start

    def get() -> int:
        nonlocal n
        n += 1
        return n

    def put(v: int) -> None:
        nonlocal n
        n = v

    return get, put


def nested() -> list[int]:
    out: list[int] = []
    a = 1

    def f1(b: int) -> int:
        nonlocal a
        c = b

        def f2(d: int) -> int:
            nonlocal a, c
            a += d
            c *= 2
            out.append(c)
            return a + c

        r = f2(b) + f2(b)
        return r + c

    out.append(f1(3))
    out.append(a)
    return out


def late() -> list[int]:
    fs: list[Callable[[], int]] = []
    for i in range(3):
        fs.append(lambda: i)
    gs: list[Callable[[], int]] = []
    for i in range(3):

        def g(i: int = i) -> int:
            return i * 10

        gs.append(g)
    return [f() for f in fs] + [g() for g in gs] + [f() for f in [lambda: j for j in range(3)]]


def fact(n: int) -> int:
    def go(k: int) -> int:
        return 1 if k <= 1 else k * go(k - 1)

    return go(n)


def main() -> None:
    get, put = counter()
    print(get(), get())
    put(41)
    print(get())
    print(nested(), late(), fact(10))

    def unbound(flag: bool) -> int:
        if flag:
            v = 1
        return v

    print(unbound(True))
    try:
        print(unbound(False))
    except UnboundLocalError as e:
        print(type(e).__name__, e)
    try:

        def inner() -> int:
            return later

        print(inner())
        later = 3
    except NameError as e:
        print(type(e).__name__, e)
