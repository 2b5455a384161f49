from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int


class Sub(Point):
    pass


@dataclass
class P3(Point):
    z: int = 0


def kind(v: object) -> str:
    match v:
        case int() | float():
            return f"num {v}"
        case Sub(a, b):
            return f"sub {a} {b}"
        case P3(x, y, z=zz) if zz:
            return f"p3 {x} {y} {zz}"
        case Point(x=0, y=0):
            return "origin"
        case Point(x, y):
            return f"p {x} {y}"
    return "other"


def main() -> None:
    for v in (1, 2.5, Sub(1, 2), P3(1, 2, 3), P3(0, 0), Point(4, 5)):
        print(kind(v))
