from abc import ABC, abstractmethod


class Base(ABC):
    registry: "list[str]" = []

    @property
    @abstractmethod
    def name(self) -> str: ...
    @name.setter
    def name(self, v: str) -> None: ...
    @abstractmethod
    def go(self, n: int = 1) -> int:
        return n * 2


class Impl(Base):
    def __init__(self) -> None:
        self._n = "x"

    @property
    def name(self) -> str:
        return self._n

    @name.setter
    def name(self, v: str) -> None:
        self._n = v.upper()

    def go(self, n: int = 5) -> int:
        return super().go(n) + 1  # type: ignore[safe-super]


class Half(Base):
    def go(self, n: int = 1) -> int:
        return 3


def use(b: Base) -> str:
    b.name = "abc"
    b.name += "d"
    return f"{b.name} {b.go()} {b.go(2)} {b.go(n=3)}"


def main() -> None:
    print(use(Impl()))
    for c in (Base, Half):
        try:
            c()  # type: ignore[abstract]
        except TypeError as e:
            print(e)
