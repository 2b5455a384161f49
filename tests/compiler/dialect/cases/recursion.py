def depth(n: int) -> int:
    return 0 if n == 0 else 1 + depth(n - 1)


def forever(n: int) -> int:
    return forever(n + 1) + 1


def even(n: int) -> bool:
    return True if n == 0 else odd(n - 1)


def odd(n: int) -> bool:
    return False if n == 0 else even(n - 1)


class Node:
    def __init__(self, following: "Node | None") -> None:
        self.following = following

    def length(self) -> int:
        return 1 if self.following is None else 1 + self.following.length()

    def again(self) -> int:
        return self.again() + 1


def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def ackermann(m: int, n: int) -> int:
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def main() -> None:
    print(depth(100), even(50), fib(15), ackermann(2, 3))
    for _ in range(2):
        try:
            forever(0)
        except RecursionError as error:
            print(type(error).__name__, str(error)[:32])
    try:
        Node(None).again()
    except RecursionError:
        print("method")
    chain: Node | None = None
    for _ in range(100):
        chain = Node(chain)
    assert chain is not None
    print(chain.length())
