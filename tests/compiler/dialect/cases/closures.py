from collections.abc import Callable


def counter() -> Callable[[], int]:
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return count

    return step


def adders() -> list[Callable[[int], int]]:
    made: list[Callable[[int], int]] = []
    for i in range(3):
        by = i

        def add(n: int) -> int:
            return n + by

        made.append(add)
    return made


def late() -> list[int]:
    functions: list[Callable[[], int]] = []
    for i in range(3):
        functions.append(lambda: i)
    return [f() for f in functions]


def two_level(a: int) -> Callable[[int], Callable[[int], int]]:
    def middle(b: int) -> Callable[[int], int]:
        def inner(c: int) -> int:
            return a * 100 + b * 10 + c

        return inner

    return middle


def shared() -> tuple[Callable[[int], None], Callable[[], int]]:
    value = 0

    def put(n: int) -> None:
        nonlocal value
        value = n

    def get() -> int:
        return value

    return put, get


class Button:
    def __init__(self, name: str) -> None:
        self.name = name
        self.handlers: list[Callable[[str], str]] = []

    def on(self, handler: Callable[[str], str]) -> None:
        self.handlers.append(handler)

    def press(self) -> list[str]:
        return [h(self.name) for h in self.handlers]

    def greet(self, text: str) -> str:
        return f"{self.name} greets {text}"


def apply(function: Callable[[int, int], int], a: int, b: int) -> int:
    return function(a, b)


def plus(a: int, b: int) -> int:
    return a + b


def main() -> None:
    first, second = counter(), counter()
    print(first(), first(), second(), first())
    print([f(10) for f in adders()])
    print(late())
    print(two_level(1)(2)(3))
    put, get = shared()
    put(5)
    print(get())
    button = Button("ok")
    button.on(lambda s: s.upper())
    button.on(str.title)
    button.on(button.greet)
    print(button.press())
    button.handlers.clear()
    print(apply(plus, 1, 2), apply(lambda a, b: a * b, 3, 4))
    square: Callable[[int], int] = lambda x: x * x
    print(list(map(square, [1, 2, 3])), list(filter(lambda x: x % 2 == 1, range(6))))
    names = ["bb", "a", "ccc"]
    names.sort(key=lambda s: -len(s))
    print(names, sorted(names, key=len), max(names, key=len), min(names, key=lambda s: s))
    operations: dict[str, Callable[[int, int], int]] = {"+": plus, "-": lambda a, b: a - b}
    for symbol, operation in operations.items():
        print(symbol, operation(5, 3))
