from typing import Final

COUNT = 0
LIMIT: Final = 10
NAMES = ["a", "b"]
TABLE: dict[str, int] = {name: i for i, name in enumerate(NAMES)}
_total = 0
for _i in range(5):
    _total += _i
if _total > 5:
    SIZE = "large"
else:
    SIZE = "small"
try:
    PARSED = int("x")
except ValueError:
    PARSED = -1
FIRST, SECOND = 1, "two"
squares = [n * n for n in range(4)]


def bump() -> int:
    global COUNT
    COUNT += 1
    return COUNT


def lookup(name: str) -> int:
    return TABLE.get(name, -1)


class Config:
    instance: "Config | None" = None

    def __init__(self) -> None:
        self.n = LIMIT


_default = Config()


def compute() -> int:
    return _default.n + LIMIT


RESULT = compute()
AREA: Final[float] = 2 * 3.5
MESSAGE: Final = f"{SIZE} {RESULT}"


def main() -> None:
    global COUNT
    COUNT = 0
    print(bump(), bump(), COUNT, LIMIT, NAMES, TABLE, lookup("b"), lookup("z"))
    print(_total, SIZE, PARSED, FIRST, SECOND, squares, RESULT, AREA, MESSAGE)
    NAMES.append("c")
    print(len(NAMES))
    NAMES.pop()
    print(__name__)
