from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Color(Enum):
    RED = 1
    GREEN = "g"


@dataclass
class Point:
    x: int
    y: int


@dataclass
class P3(Point):
    z: int = 0


class NT(NamedTuple):
    a: int
    b: str


def kind(v: object) -> str:
    match v:
        case None:
            return "none"
        case True | False:
            return "bool"
        case Color.RED:
            return "red"
        case Color():
            return "color"
        case int(n) if n > 100:
            return f"big {n}"
        case int() | float():
            return f"num {v}"
        case str("a" | "b" as s):
            return f"ab {s}"
        case str(s):
            return f"str {s!r}"
        case P3(x, y, z=zz) if zz:
            return f"p3 {x} {y} {zz}"
        case Point(x=0, y=0):
            return "origin"
        case Point(x, y):
            return f"p {x} {y}"
        case NT(a, b):
            return f"nt {a} {b}"
        case []:
            return "empty"
        case [x]:
            return f"one {x}"
        case [1, *rest, 9]:
            return f"1..9 {rest}"
        case (first, (second, *_), *others):
            return f"nest {first} {second} {others}"
        case {"t": "x", "v": val, **more}:
            return f"map {val} {len(more)}"
        case {"only": [a, {"deep": d}]}:
            return f"deep {a} {d}"
        case {}:
            return "map"
        case bytes() as b:
            return f"bytes {b!r}"
    return "other"


def main() -> None:
    vals: list[object] = [
        None,
        True,
        Color.RED,
        Color.GREEN,
        101,
        5,
        2.5,
        "a",
        "zz",
        P3(1, 2, 3),
        P3(1, 2),
        Point(0, 0),
        Point(3, 4),
        NT(1, "q"),
        [],
        [7],
        [1, 2, 3, 9],
        (1, 9),
        (1, [2, 3], 4, 5),
        [1, "ab"],
        {"t": "x", "v": 3, "w": 4, "u": 5},
        {"only": [1, {"deep": 2}]},
        {"only": 3},
        {},
        b"xy",
        {1},
        "b",
    ]
    for v in vals:
        print(kind(v))
