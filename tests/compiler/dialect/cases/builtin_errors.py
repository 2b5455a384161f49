from collections.abc import Callable


def attempt(action: Callable[[], object]) -> None:
    try:
        print("value", action())
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


def to_object(value: object) -> object:
    return value


def expects_int(value: object) -> int:
    assert isinstance(value, int)
    return value


class Empty:
    pass


def main() -> None:
    anything: object = to_object("text")
    numbers: dict[str, int] = {}
    nothing: list[int] = []
    attempt(lambda: nothing[0])
    attempt(lambda: numbers["k"])
    attempt(lambda: 1 // len(nothing))
    attempt(lambda: 1 % len(nothing))
    attempt(lambda: 1 / len(nothing))
    attempt(lambda: 1.5 // len(nothing))
    attempt(lambda: int("z"))
    attempt(lambda: float(""))
    attempt(lambda: "abc".index("z"))
    attempt(lambda: nothing.pop())
    attempt(lambda: {1}.remove(2))
    attempt(lambda: numbers.popitem())
    attempt(lambda: (1, 2)[len(numbers) + 7])
    attempt(lambda: next(iter(nothing)))
    attempt(lambda: max(nothing))
    attempt(lambda: chr(99999999))
    attempt(lambda: bytes([len(numbers) - 1]))
    attempt(lambda: "x".encode("nope"))
    attempt(lambda: expects_int(anything))
    attempt(lambda: {to_object([]): 1})
    attempt(lambda: {to_object({})})
    attempt(lambda: sorted([to_object(1), to_object("a")]))  # type: ignore[type-var]
    attempt(lambda: "-".join([str(1), to_object(5)]))  # type: ignore[list-item]
    attempt(lambda: "%d" % to_object("x"))  # type: ignore[str-format]
    attempt(lambda: "{:d}".format("x"))  # type: ignore[str-format]
    attempt(lambda: int(to_object([])))  # type: ignore[call-overload]
    attempt(lambda: [1, 2] * -1)
    attempt(lambda: 1 << (len(numbers) - 1))
    attempt(lambda: "a" * (len(numbers) - 3))
    attempt(lambda: range(1, 5, len(numbers)))
    attempt(lambda: [][1:2])
    attempt(lambda: f"{5:q}")
