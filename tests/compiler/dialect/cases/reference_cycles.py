"""Objects that refer to each other, in all the ways that a class or a closure can be part of."""

from collections.abc import Callable, Iterator


class Node:
    def __init__(self, name: str) -> None:
        self.name = name
        self.other: Node | None = None
        self.children: list[Node] = []
        self.by_name: dict[str, Node] = {}
        self.pair: tuple[int, Node] | None = None


class Button:
    def __init__(self) -> None:
        self.handlers: list[Callable[[], str]] = []
        self.label = "button"

    def press(self) -> str:
        return self.label + str(len(self.handlers))


class Failed(Exception):
    def __init__(self, owner: "Owner") -> None:
        super().__init__("failed")
        self.owner = owner


class Owner:
    def __init__(self) -> None:
        self.error: Exception | None = None
        self.anything: object = None


class Base:
    pass


class Holder:
    def __init__(self) -> None:
        self.held: Base | None = None


class Derived(Base):
    def __init__(self, holder: Holder) -> None:
        self.holder = holder


def through_closure() -> int:
    def inner(n: int) -> int:
        return inner(n + 1)

    return inner(0)


def factorial(n: int) -> int:
    def fact(k: int) -> int:
        return 1 if k <= 1 else k * fact(k - 1)

    return fact(n)


def helper(n: int) -> int:
    return n + 1


def no_cycle_at_all(text: str) -> int:
    def inner(n: int) -> str:
        return text * helper(n)

    return len(inner(1)) + helper(2)


def counting(owner: Owner) -> Iterator[int]:
    number = 0
    while True:
        number += 1
        owner.anything = owner
        yield number


def lists_and_dicts() -> None:
    root = Node("root" * 2)
    for name in ("a", "b", "c"):
        child = Node(name + "!")
        child.other = root
        root.children.append(child)
        root.by_name[child.name] = child
        child.pair = (1, child)
    print([c.name for c in root.children], root.by_name["b!"].other is root)


def handlers() -> None:
    button = Button()
    button.handlers.append(button.press)
    button.handlers.append(lambda: button.label)
    print([handler() for handler in button.handlers])


def errors() -> None:
    owner = Owner()
    try:
        raise Failed(owner)
    except Failed as error:
        owner.error = error
    print(owner.error)


def main() -> None:
    try:
        through_closure()
    except RecursionError:
        print("closure")
    print(factorial(10), no_cycle_at_all("ab"))
    a, b = Node("x"), Node("y")
    a.other, b.other = b, a
    print(a.other.other is a)
    lists_and_dicts()
    handlers()
    errors()
    holder = Holder()
    holder.held = Derived(holder)
    owner = Owner()
    numbers = counting(owner)
    owner.anything = numbers
    print(next(numbers))
    owner.anything = [numbers, {"self": owner}]
    chain = Node("start")
    for _ in range(3000):
        link = Node("link")
        link.other = chain
        chain = link
    chain.children.append(chain)
    print(chain.other is not None)
