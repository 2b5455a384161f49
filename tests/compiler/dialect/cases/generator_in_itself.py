# CPython raises ValueError, which is told apart by hand: see docs/dialect.md.
from collections.abc import Iterator

running: list[Iterator[int]] = []


def numbers() -> Iterator[int]:
    yield 1
    yield next(running[0])


def main() -> None:
    running.append(numbers())
    print(next(running[0]))
    try:
        next(running[0])
    except (ValueError, RecursionError):
        print("refused")
    running.clear()
