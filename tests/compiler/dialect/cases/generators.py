from collections.abc import Generator, Iterable, Iterator


def count_to(n: int) -> Iterator[int]:
    i = 0
    while i < n:
        yield i
        i += 1


def pairs(items: list[str]) -> Iterator[tuple[int, str]]:
    for i, item in enumerate(items):
        yield i, item


def nested(n: int) -> Iterator[str]:
    for a in range(n):
        for b in range(a):
            if a == b:
                continue
            yield f"{a}{b}"
        yield "|"


def echo() -> Generator[str, int, str]:
    total = 0
    while True:
        got = yield f"total {total}"
        if got < 0:
            return f"done {total}"
        total += got


def delegating() -> Generator[int, None, None]:
    yield from [1, 2]
    yield from count_to(3)
    result = yield from returns()
    print("result", result)


def returns() -> Generator[int, None, str]:
    yield 10
    return "value"


def guarded() -> Generator[int, None, None]:
    try:
        yield 1
        yield 2
    finally:
        print("closed")


def with_except() -> Generator[int, None, None]:
    for i in range(3):
        try:
            if i == 1:
                raise ValueError("inside")
            yield i
        except ValueError as error:
            print("handled", error)


def flatten(items: Iterable[object]) -> Iterator[int]:
    for item in items:
        if isinstance(item, list):
            yield from flatten(item)
        elif isinstance(item, int):
            yield item


class Tree:
    def __init__(self, value: int, left: "Tree | None" = None, right: "Tree | None" = None) -> None:
        self.value = value
        self.left = left
        self.right = right

    def __iter__(self) -> Iterator[int]:
        if self.left is not None:
            yield from self.left
        yield self.value
        if self.right is not None:
            yield from self.right


def main() -> None:
    print(list(count_to(4)), sum(count_to(5)), tuple(pairs(["a", "b"])))
    print(list(nested(4)))
    g = echo()
    print(next(g))
    print(g.send(5), g.send(6))
    try:
        g.send(-1)
    except StopIteration as stop:
        print("stop", stop.value)
    print(list(delegating()))
    for i in guarded():
        print(i)
    print(list(with_except()))
    print(list(flatten([1, [2, [3, 4]], 5])))
    print(list(Tree(4, Tree(2, Tree(1)), Tree(6))))
    squares = (x * x for x in range(5))
    print(next(squares), list(squares))
    print(sum(x for x in [1, 2, 3] if x != 2), any(x > 2 for x in [1, 3]), all(x > 2 for x in [1]))
    print(",".join(str(x) for x in (1, 2)), max(len(s) for s in ["a", "bb"]))
    print(
        dict((k, v) for k, v in [("a", 1)]), set(x % 2 for x in range(4)), sorted(x for x in [3, 1])
    )
    it = iter([1, 2])
    print(next(it), next(it), next(it, -1))
    try:
        next(it)
    except StopIteration:
        print("end")
    thrown = guarded()
    next(thrown)
    thrown.close()
    caught = catches()
    print(next(caught), caught.throw(ValueError("t")))


def catches() -> Generator[int, None, None]:
    try:
        yield 1
    except ValueError as error:
        print("got", error)
    yield 99
