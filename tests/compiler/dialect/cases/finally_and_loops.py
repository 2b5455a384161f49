def f(x: int) -> str:
    out: list[str] = []
    for i in range(5):
        try:
            try:
                if i == x:
                    continue
                if i == 3:
                    break
                if x == 10 and i == 2:
                    return "ret" + str(out)
                if x == 11:
                    raise ValueError(str(i))
            finally:
                out.append(f"f{i}")
        except ValueError as e:
            out.append("e" + str(e))
        else:
            out.append("else")
    else:
        out.append("loop-else")
    return " ".join(out)


def g() -> int:
    x = 1
    try:
        return x
    finally:
        x = 2
        print("x", x)


def h() -> list[int]:
    x = [1]
    try:
        return x
    finally:
        x.append(2)


def main() -> None:
    for x in (0, 1, 3, 4, 10, 11):
        print(x, f(x))
    print(g(), h())
