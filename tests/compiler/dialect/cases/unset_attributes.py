class P:
    x: int
    y: int = 5

    def __init__(self, set_it: bool) -> None:
        if set_it:
            self.x = 1


def main() -> None:
    p = P(False)
    try:
        print(p.x)
    except AttributeError as e:
        print(e)
    p.x = 3
    print(p.x, p.y)
    print(hasattr(p, "x"), hasattr(p, "y"), getattr(p, "y"), getattr(p, "zz", 9))
    setattr(p, "x", 8)
    print(p.x)
    q: P | None = None
    try:
        print(q.x)  # type: ignore[union-attr]
    except AttributeError as e:
        print(e)
