from dataclasses import dataclass
@dataclass
class D:
    a: tuple[float, int]
    b: tuple[str, tuple[int, str]]
    c: bool = True
class Lazy:
    t: tuple[int, int]
def f(o: object) -> str:
    match o:
        case D(a=(x, y), b=(s, _)):
            return f"{x} {y} {s}"
    return "no"
def main() -> None:
    print(f(D((1.5, 2), ("s", (1, "t")))), getattr(D((0.5, 1), ("é", (2, "z"))), "b"))
    print(hasattr(Lazy(), "t"))
    first, *rest = iter([1])
    print(first, rest)
    try:
        *init, last = iter(list[int]())
    except ValueError as e:
        print(e)
    try:
        *init, one, two = iter([1])
    except ValueError as e:
        print(e)
