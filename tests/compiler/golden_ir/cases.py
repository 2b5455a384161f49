"""What the golden file shows: statements whose lowering the back end relies on."""

from collections.abc import Callable, Iterator
from enum import Enum

from pal import PluginContext


class Colour(Enum):
    RED = "red"


class Base:
    def __init__(self, number: int, colour: Colour = Colour.RED) -> None:
        self.number = number
        self.colour = colour

    def twice(self) -> int:
        return self.number * 2


class Derived(Base):
    def twice(self) -> int:
        return super().twice() + 1


def loop(names: list[str]) -> int:
    total = 0
    for index, name in enumerate(names):
        total += index * len(name)
    return total


def keys(table: dict[str, int], key: str) -> int:
    table[key] = table.get(key, 0) + 1
    return table[key]


def handled(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise KeyError(text) from error
    finally:
        print("done")  # noqa: T201 - what is lowered


def virtual(thing: Base) -> int:
    return thing.twice()


def shared(name: str) -> int:
    return len(name)


def closure(name: str) -> Callable[[int], int]:
    def inner(count: int) -> int:
        return shared(name) * count

    shared(name)
    return inner


def numbers(limit: int) -> Iterator[int]:
    for number in range(limit):
        yield number * 2


def matched(value: int | str | None) -> str:
    match value:
        case int():
            return f"{value:04d}"
        case str():
            return value
        case _:
            return ""


class GoldenPlugin(PluginContext):
    pass
