def f(a: int, /, b: int = 2, *args: int, c: int, d: int = 4, **kw: int) -> str:
    return f"{a} {b} {args} {c} {d} {sorted(kw.items())}"


def g(*args: str, sep: str = "-") -> str:
    return sep.join(args)


def h(**kw: str) -> list[str]:
    return [f"{k}={v}" for k, v in kw.items()]


def main() -> None:
    print(f(1, c=3), f(1, 5, 6, 7, c=3, z=9, y=8), f(1, b=7, c=0, d=1))
    t = (10, 20, 30)
    print(f(*t, c=1), f(1, *t, 5, c=2), f(*[1], *t, c=9, **{"q": 1}))
    opts = {"c": 1, "d": 2}
    print(f(1, **opts), f(1, **opts, e=5))
    print(
        g(), g("a"), g(*"abc", sep="+"), g(*["x", "y"], "z"), h(), h(b="1", a="2"), h(**{"k": "v"})
    )
    try:
        print(f(1, **{"d": 1}))
    except TypeError as e:
        print(e)
    try:
        print(f(1, c=2, **{"c": 1}))
    except TypeError as e:
        print("got multiple values for keyword argument 'c'" in str(e))
    k = [*range(3), *"ab", *{"k": 1}]
    print(k, {**{"a": 1}, "b": 2, **{"a": 3}}, {*range(2), *[5]}, (*t, 1))
    a, (b, *c), d = 1, [2, 3, 4], "x"
    print(a, b, c, d)
    *init, last = list("hello")
    print(init, last)
    try:
        p, q = list(range(3))
    except ValueError as e:
        print(e)
    try:
        p, q, r, *s = list(range(2))
    except ValueError as e:
        print(e)
