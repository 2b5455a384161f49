from collections.abc import Callable


def twice(f: Callable[[int], int]) -> Callable[[int], int]:
    def run(n: int) -> int:
        return f(n) * 2

    return run


def add(by: int) -> Callable[[Callable[[int], int]], Callable[[int], int]]:
    def wrap(f: Callable[[int], int]) -> Callable[[int], int]:
        return lambda n: f(n) + by

    return wrap


@twice
def increment(n: int) -> int:
    return n + 1


@add(10)
@twice
def square(n: int) -> int:
    return n * n


def main() -> None:
    print(increment(4), square(3), list(map(increment, [1, 2])))
