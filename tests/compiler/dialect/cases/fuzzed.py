"""What the fuzzer found once."""

from dataclasses import dataclass


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


def main() -> None:
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
