from typing import Protocol, cast
class Sized(Protocol):
    def size(self) -> int: ...
class A:
    def size(self) -> int:
        return 1
class B(A):
    def size(self) -> int:
        return 2
class Both(Protocol):
    name: str
    @property
    def length(self) -> int: ...
class Impl:
    def __init__(self) -> None:
        self.name = "n"
    @property
    def length(self) -> int:
        return len(self.name)
def total(items: list[Sized]) -> int:
    return sum(i.size() for i in items)
def show(b: Both) -> str:
    return f"{b.name} {b.length}"
def main() -> None:
    print(total([A(), B()]), show(Impl()))
    x: object = "text"
    y = cast("int | str", x)
    print(y)
    print(cast(A, B()).size())
