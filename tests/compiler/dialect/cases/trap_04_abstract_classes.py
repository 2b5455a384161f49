from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...
def make(kind: type[Shape]) -> Shape:
    return kind()
def main() -> None:
    try:
        make(Shape)  # type: ignore[type-abstract]
        print("made")
    except TypeError as e:
        print("TypeError")
