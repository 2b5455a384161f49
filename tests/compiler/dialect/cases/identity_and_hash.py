class Plain:
    pass


class ByValue:
    def __init__(self, n: int) -> None:
        self.n = n

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByValue) and self.n == other.n


class Sub(ByValue):
    pass


def main() -> None:
    a, b = Plain(), Plain()
    print({a: 1, b: 2}[a], a in {a}, a in [b], a == b, a != b, len({a, b, a}))
    items: list[object] = [ByValue(1), Sub(1)]
    for item in items:
        try:
            print({item: 1})
        except TypeError as error:
            print(error)
    print(ByValue(1) == ByValue(1), ByValue(1) != ByValue(2), ByValue(1) in [ByValue(1)], [ByValue(3)].index(ByValue(3)))
