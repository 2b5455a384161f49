from typing import ClassVar, Final

TABLE: Final = {"a": 1, "b": 2}
SQUARES = [x * x for x in range(5)]
COUNT = 0
try:
    VALUE = int("x")
except ValueError:
    VALUE = -1
for _i in range(3):
    COUNT += _i
if COUNT > 2:
    MODE = "big"
else:
    MODE = "small"


class Registry:
    items: ClassVar[dict[str, int]] = {}


def register(name: str) -> None:
    global COUNT
    COUNT += 1
    Registry.items[name] = COUNT


def main() -> None:
    global COUNT
    COUNT = 3
    Registry.items.clear()
    register("a")
    register("b")
    print(TABLE, SQUARES, COUNT, VALUE, MODE, Registry.items)
    for k in TABLE:
        print(k, TABLE[k])
