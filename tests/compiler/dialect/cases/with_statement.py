from types import TracebackType


class Manager:
    def __init__(self, name: str, swallow: bool = False) -> None:
        self.name = name
        self.swallow = swallow

    def __enter__(self) -> "Manager":
        print("enter", self.name)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        print("exit", self.name, error is None, "none" if kind is None else kind.__name__, error)
        return self.swallow


class Quiet:
    def __enter__(self) -> int:
        return 42

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        print("quiet")


def value() -> int:
    with Manager("return"):
        return 7
    return 8


def loops() -> None:
    for i in range(4):
        with Manager(str(i)):
            if i == 1:
                continue
            if i == 2:
                break
            print("body", i)


def swallowed() -> str:
    with Manager("s", swallow=True):
        raise ValueError("gone")
    return "after"


def not_swallowed() -> None:
    try:
        with Manager("n"):
            raise ValueError("stays")
    except ValueError as error:
        print("caught", error)


def main() -> None:
    with Manager("a") as a:
        print(a.name)
    with Manager("a") as a, Manager("b") as b:
        print(a.name + b.name)
    with (
        Manager("c"),
        Quiet() as answer,
    ):
        print(answer)
    print(value())
    loops()
    print(swallowed())
    not_swallowed()
    with Manager("outer", swallow=True):
        with Manager("inner"):
            raise KeyError("k")
    print("end")
