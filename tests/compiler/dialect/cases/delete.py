class Thing:
    def __init__(self) -> None:
        self.a: int = 1
        self.text = "t"


def use(flag: bool) -> str:
    x = "value"
    if flag:
        del x
    try:
        return x
    except UnboundLocalError:
        return "unbound"


def main() -> None:
    items = [1, 2, 3, 4]
    del items[1], items[0]
    print(items)
    d = {"a": 1, "b": 2}
    del d["a"]
    print(d)
    x = 5
    del x
    x = 6
    print(x)
    a, b = 1, 2
    del a, b
    print(use(True), use(False))
    items = [1, 2, 3]
    del items[:]
    print(items)
