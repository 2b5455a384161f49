class MyErr(Exception):
    def __init__(self, n: int) -> None:
        super().__init__(n)
        self.k = n


def nested() -> str:
    out = ""
    try:
        raise MyErr(1)
    except MyErr as e:
        try:
            raise KeyError("in")
        except KeyError as e2:
            out += f"{e.k} {e2}"
    try:
        try:
            raise KeyError("a")
        except KeyError as e:
            out += str(e)
            raise MyErr(5) from e
    except MyErr as e:
        f = lambda: e.k
        out += str(f())
    return out


def reraised() -> str:
    e: Exception | None = None
    try:
        raise MyErr(3)
    except MyErr as err:
        e = err
    try:
        raise KeyError("x")
    except KeyError as err:
        e = err
    return repr(e)


def gen() -> "list[str]":
    def inner(k: int) -> str:
        for i in range(2):
            try:
                if k == i:
                    raise MyErr(k)
                raise ValueError(k)
            except MyErr as e:
                got = str(e.k)
            except ValueError as e:
                got = repr(e)
        return got

    return [inner(i) for i in range(3)]


try:
    raise MyErr(8)
except MyErr as e:
    top = e.k
try:
    raise KeyError("k")
except KeyError as e:
    top2 = repr(e)


def main() -> None:
    print(nested(), reraised(), gen(), top, top2)
