# leaves cycles: a nested function that calls itself refers to itself; so do these nodes.
class Node:
    def __init__(self) -> None:
        self.other: Node | None = None


def through_closure() -> int:
    def inner(n: int) -> int:
        return inner(n + 1)

    return inner(0)


def factorial(n: int) -> int:
    def fact(k: int) -> int:
        return 1 if k <= 1 else k * fact(k - 1)

    return fact(n)


def main() -> None:
    try:
        through_closure()
    except RecursionError:
        print("closure")
    print(factorial(10))
    a, b = Node(), Node()
    a.other, b.other = b, a
    print(a.other.other is a)
