class MyErr(Exception):
    def __init__(self, n: int) -> None:
        super().__init__(n)
        self.n = n


class Other(ValueError):
    pass


def f(k: int) -> str:
    try:
        if k == 0:
            raise MyErr(3)
        if k == 1:
            raise KeyError("q")
        if k == 2:
            raise Other("o")
        if k == 3:
            raise TypeError("t")
        return "fine"
    except MyErr as e:
        return f"my {e.n}"
    except KeyError as e:
        return f"key {e}"
    except (Other, ZeroDivisionError) as e:
        return f"tuple {e}"
    except Exception as e:
        return f"any {e!r}"


def main() -> None:
    for k in range(5):
        print(f(k))
    try:
        raise MyErr(1)
    except MyErr as e:
        print(e.n)
    try:
        raise ValueError("v")
    except ValueError as e:
        print(e)
    try:
        raise Other("v")
    except Other as error:
        kept = error
    print(repr(kept))
