from abc import ABC, abstractmethod
from typing import ClassVar, Final, Protocol


class Animal:
    kind = "animal"
    count: ClassVar[int] = 0
    LEGS: Final = 4

    def __init__(self, name: str) -> None:
        self.name = name
        Animal.count += 1

    def sound(self) -> str:
        return "..."

    def speak(self) -> str:
        return f"{self.name} says {self.sound()}"

    @classmethod
    def create(cls, name: str) -> "Animal":
        return cls(name)

    @staticmethod
    def double(n: int) -> int:
        return 2 * n

    @property
    def title(self) -> str:
        return self.name.title()

    @property
    def age(self) -> int:
        return self._age

    @age.setter
    def age(self, value: int) -> None:
        if value < 0:
            raise ValueError("negative age")
        self._age = value

    _age = 0


class Dog(Animal):
    kind = "dog"

    def __init__(self, name: str, breed: str) -> None:
        super().__init__(name)
        self.breed = breed

    def sound(self) -> str:
        return "woof"

    def speak(self) -> str:
        return super().speak() + "!"


class Puppy(Dog):
    def sound(self) -> str:
        return super().sound() + " (small)"


class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...

    @property
    @abstractmethod
    def sides(self) -> int: ...

    def describe(self) -> str:
        return f"{type(self).__name__} {self.area():.1f} {self.sides}"


class Square(Shape):
    def __init__(self, side: float) -> None:
        self.side = side

    def area(self) -> float:
        return self.side * self.side

    @property
    def sides(self) -> int:
        return 4


class HasArea(Protocol):
    def area(self) -> float: ...


class Named(Protocol):
    name: str


class Blob:
    def area(self) -> float:
        return 0.5


def total(shapes: list[HasArea]) -> float:
    return sum(s.area() for s in shapes)


def name_of(thing: Named) -> str:
    return thing.name


def main() -> None:
    Animal.count = 0
    animal, dog, puppy = Animal("generic"), Dog("rex", "lab"), Puppy("bit", "pug")
    for one in (animal, dog, puppy):
        print(one.speak(), one.kind, one.LEGS, type(one).__name__)
    print(Animal.count, Dog.count, Animal.LEGS, Dog.LEGS)
    print(Animal.create("made").name, Animal.double(4), dog.double(5), dog.title)
    dog.age = 3
    print(dog.age, animal.age)
    try:
        dog.age = -1
    except ValueError as error:
        print(error)
    print(isinstance(puppy, Dog), isinstance(animal, Dog), issubclass(Puppy, Animal))
    print(isinstance(dog, (int, Animal)), type(dog) is Dog, type(puppy) is Dog)
    shape: Shape = Square(2.0)
    print(shape.describe(), total([Square(1.0), Blob()]))
    print(name_of(dog), dog.breed)
    dog.name = "max"
    dog.name += "!"
    print(dog.name, dog == dog, dog == puppy, dog is not puppy)
    made = type(dog)
    print(made.__name__, Dog.__name__)
