# A difference that does not show here: where nobody calls close(), CPython prints "end" all the same.
from collections.abc import Generator


def numbers() -> Generator[int, None, None]:
    try:
        yield 1
        yield 2
    finally:
        print("end")


def main() -> None:
    running = numbers()
    print(next(running))
    running.close()
    print(list(numbers()))
