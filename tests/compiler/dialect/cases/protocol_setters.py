from typing import Protocol


class HasX(Protocol):
    @property
    def x(self) -> int: ...
    @x.setter
    def x(self, v: int) -> None: ...


class Plain:
    def __init__(self) -> None:
        self.x = 1


class Prop:
    def __init__(self) -> None:
        self._x = 5

    @property
    def x(self) -> int:
        return self._x

    @x.setter
    def x(self, v: int) -> None:
        self._x = v * 2


def bump(h: HasX) -> int:
    h.x = h.x + 1
    h.x += 10
    return h.x


def main() -> None:
    print(bump(Plain()), bump(Prop()))
