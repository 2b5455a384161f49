class Temp:
    def __init__(self, c: float) -> None:
        self._c = c
        self.reads = 0

    @property
    def f(self) -> float:
        self.reads += 1
        return self._c * 9 / 5 + 32

    @f.setter
    def f(self, v: float) -> None:
        if v < -459.67:
            raise ValueError(f"below zero: {v}")
        self._c = (v - 32) * 5 / 9

    @property
    def ro(self) -> int:
        return 1


class Lazy:
    def __init__(self) -> None:
        self._v: list[int] | None = None

    @property
    def v(self) -> list[int]:
        if self._v is None:
            self._v = [1, 2]
        return self._v


def main() -> None:
    t = Temp(100.0)
    print(t.f)
    t.f = 32
    print(t.f, t._c)
    t.f += 18
    print(t._c, t.reads)
    try:
        t.f = -1000.0
    except ValueError as e:
        print(e)
    l = Lazy()
    l.v.append(3)
    print(l.v, l.v is l.v)
