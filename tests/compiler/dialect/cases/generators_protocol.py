from collections.abc import Generator, Iterator


def echo() -> Generator[str, int | None, str]:
    total = 0
    try:
        while True:
            got = yield f"total {total}"
            if got is None:
                break
            total += got
    except ValueError as e:
        print(f"caught {e}")
    finally:
        print("cleanup", total)
    return f"done {total}"


def outer() -> Generator[str, int | None, None]:
    result = yield from echo()
    print("result", result)
    yield "last"


def main() -> None:
    g = outer()
    print(next(g))
    print(g.send(5))
    print(g.send(7))
    print(g.send(None))
    try:
        next(g)
    except StopIteration as s:
        print("stop", s.value)
    g2 = echo()
    next(g2)
    try:
        print(g2.throw(ValueError("boo")))
    except StopIteration as s:
        print("stop", s.value)
    g3 = outer()
    next(g3)
    g3.close()
    g3.close()
    try:
        g3.send(1)
    except StopIteration:
        print("closed")
    g4 = echo()
    try:
        g4.send(3)
    except TypeError as e:
        print(e)
    try:
        g4.throw(KeyError("x"))
    except KeyError as e:
        print(repr(e))

    def bad() -> Iterator[int]:
        yield 1
        raise StopIteration(4)

    it = bad()
    print(next(it))
    try:
        next(it)
    except RuntimeError as e:
        print(e, repr(e.__cause__))
    print(next(it, -1))
    print(sum(x * y for x in range(4) for y in range(x) if x != y + 1))
    pairs = zip([1, 2], "ab")
    print(pairs.__next__(), next(pairs), enumerate("ab").__next__(), map(str, [1]).__next__(), iter([1]).__next__())
    print(reversed([1, 2]).__next__(), range(3).__iter__().__next__(), iter({1: 2}).__next__(), (i for i in [3]).__next__())
    try:
        pairs.__next__()
    except StopIteration:
        print("end")
