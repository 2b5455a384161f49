class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x: int, y: int) -> None:
        self.x = x
        self.y = y


class Named:
    def __init__(self, name: str) -> None:
        self.name = name


def literal(n: int) -> str:
    match n:
        case 0:
            return "zero"
        case 1 | 2:
            return "few"
        case x if x < 0:
            return f"negative {x}"
        case -5:
            return "unreachable"
        case _:
            return "many"


def text(s: str) -> int:
    match s:
        case "GET":
            return 1
        case "PUT" | "POST":
            return 2
        case other:
            return len(other)


def sequence(items: list[int]) -> str:
    match items:
        case []:
            return "empty"
        case [one]:
            return f"one {one}"
        case [first, 2]:
            return f"ends in two {first}"
        case [first, *rest]:
            return f"{first} and {rest}"
    return "no"


def kinds(value: object) -> str:
    match value:
        case None:
            return "none"
        case True | False:
            return "bool"
        case int():
            return "int"
        case str(s):
            return "str " + s
        case Point(x=0, y=y):
            return f"on the axis at {y}"
        case Point(a, b):
            return f"point {a} {b}"
        case Named(name="x" as n):
            return f"named {n}"
        case [int(), str()]:
            return "pair"
        case {"kind": "a", "n": n}:
            return f"mapping {n}"
        case {"rest": _, **others}:
            return f"rest {others}"
        case float():
            return "float"
        case _:
            return "other"


def pair(p: tuple[int, str]) -> str:
    match p:
        case (0, s):
            return "zero " + s
        case (n, "x"):
            return f"x {n}"
        case (n, s) if n > 5:
            return f"big {s}"
    return "nothing"


def main() -> None:
    for n in (0, 1, 2, -3, 9):
        print(literal(n))
    for s in ("GET", "PUT", "POST", "DELETE"):
        print(text(s))
    for items in ([], [1], [5, 2], [1, 3, 4]):
        print(sequence(items))
    for p in ((0, "a"), (1, "x"), (9, "q"), (1, "q")):
        print(pair(p))
    print(kinds(None), kinds(True), kinds(4), kinds("t"), kinds(1.5))
    print(kinds(Point(0, 3)), kinds(Point(1, 2)), kinds(Named("x")), kinds(Named("y")))
    print(kinds([1, "a"]), kinds((1, "a")), kinds({"kind": "a", "n": 5}))
    print(kinds({"rest": 1, "b": 2}), kinds(b"x"))
