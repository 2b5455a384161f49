class M:
    def __init__(
        self, n: str, swallow: bool = False, fail_enter: bool = False, fail_exit: bool = False
    ) -> None:
        self.n = n
        self.swallow = swallow
        self.fail_enter = fail_enter
        self.fail_exit = fail_exit

    def __enter__(self) -> "M":
        print("enter", self.n)
        if self.fail_enter:
            raise RuntimeError("enter " + self.n)
        return self

    def __exit__(self, t: object, e: BaseException | None, tb: object) -> bool:
        print("exit", self.n, repr(e))
        if self.fail_exit:
            raise KeyError("exit " + self.n)
        return self.swallow


def run(k: int) -> int:
    for i in range(3):
        with M("a", swallow=k == 1) as a, M("b", fail_enter=k == 2) as b:
            if k == 3 and i == 1:
                continue
            if k == 4:
                break
            if k == 5:
                return i
            if k in (1, 6):
                raise ValueError(a.n + b.n)
            with M("c", fail_exit=k == 7):
                print("in")
                if k == 7:
                    raise IndexError("orig")
    return -1


def main() -> None:
    for k in range(8):
        try:
            print(k, run(k))
        except Exception as e:
            print("got", repr(e), repr(e.__context__))
