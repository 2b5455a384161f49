from typing import ClassVar


class A:
    shared: ClassVar[list[int]] = []
    level: ClassVar[int] = 1

    def __init__(self) -> None:
        self.log: list[str] = ["A"]
        self.setup()

    def setup(self) -> None:
        self.log.append("A.setup")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.log}>"

    @property
    def v(self) -> int:
        return self.level

    @classmethod
    def make(cls) -> "A":
        return cls()

    @staticmethod
    def util(x: int, *rest: int, scale: int = 1) -> int:
        return (x + sum(rest)) * scale


class B(A):
    level: ClassVar[int] = 2

    def setup(self) -> None:
        super().setup()
        self.log.append("B.setup")

    @property
    def v(self) -> int:
        return self.level * 10


class C(B):
    def __init__(self) -> None:
        self.early = 5
        super().__init__()

    def setup(self) -> None:
        super().setup()
        self.log.append(f"C{self.early}")

    @classmethod
    def make(cls) -> "A":
        a = super().make()
        a.log.append("made")
        return a


def main() -> None:
    for k in (A, B, C):
        x = k.make()
        print(x, x.v, x.level, k.level, isinstance(x, B), type(x) is C, type(x).__name__)
    A.shared.append(1)
    print(B.shared, C.shared is A.shared, A.util(1, 2, 3, scale=2), C().util(4))
    try:
        print(A().nope)  # type: ignore[attr-defined]
    except AttributeError as e:
        print(e)
    print(str(A())[:6], issubclass(C, A), issubclass(A, C))
    b = B()
    print(b.v, B.level)
