"""What the fuzzer found once."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Frozen:
    single: tuple[int]
    row: tuple[str, ...]


class Holder:
    def __init__(self, single: tuple[int], flag: tuple[bool]) -> None:
        self.single = single
        self.flag = flag


def code(text: str, index: int) -> int:
    return ord(text[index])


def position(items: list[str], item: str) -> int:
    return items.index(item)


LETTERS = ("a", "b")


class Kind(Enum):
    INT = "int"
    STR = "str"


class Item:
    def __init__(self, number: int, kind: Kind = Kind.INT) -> None:
        self.kind = kind
        self.number = number

    @staticmethod
    def of(kind: Kind = Kind.STR) -> str:
        return kind.value


def default_members(kind: Kind = Kind.STR) -> None:
    print(Item(1).kind.value, Item(1, kind).kind, Item.of(), Item.of(Kind.INT))


def star_in_membership(text: str, number: int) -> None:
    print(text not in ("", *LETTERS), number in [1, *range(5)], number in {9, *[8]})


def digits_of_other_scripts() -> None:
    print(int("０１"), int("-١٢"), float("１.５"), int("\u3000५\u2003"), float("\u2009९e１ "))
    for bad in ("é", "1é", "¼", "１²"):
        try:
            print(int(bad))
        except ValueError as error:
            print(ascii(str(error)))
        try:
            print(float(bad))
        except ValueError as error:
            print(ascii(str(error)))


def same(x: int) -> int:
    return x


def unused_result(x: int) -> float:
    unused: int = same(8) & (7 % same(x))
    return 0.5


def main() -> None:
    print(unused_result(3))
    default_members()
    star_in_membership("a", 3)
    star_in_membership("c", 8)
    digits_of_other_scripts()
    print(Frozen((3,), ("a",)), Holder((4,), (True,)).single, Holder((4,), (True,)).flag)
    holder = Holder((1,), (False,))
    holder.single, holder.flag = (2,), (True,)
    print(holder.single[0], holder.flag[0])
    for index in (0, -1, 3, -4):
        try:
            print(code("aé", index))
            print(ord(str(index)[index * 9]))
        except IndexError as error:
            print(error)
    for item in ("a", "é", "'"):
        try:
            print(position(["a"], item))
        except ValueError as error:
            print(error)
