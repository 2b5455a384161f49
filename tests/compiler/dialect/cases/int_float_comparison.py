from typing import Final

BEYOND: Final = 9007199254740993


def cmp(i: int, f: float) -> list[bool]:
    return [
        i == f,
        i != f,
        i < f,
        i <= f,
        i > f,
        i >= f,
        f == i,
        f < i,
        f > i,
        f >= i,
        f <= i,
        f != i,
    ]


def main() -> None:
    nan, inf = float("nan"), float("inf")
    for i in (2**53, 2**53 + 1, -(2**53) - 1, 4611686018427387903, -4611686018427387904, 0, 5, -5):
        for f in (
            float(2**53),
            -float(2**53),
            4611686018427387904.0,
            nan,
            inf,
            -inf,
            0.0,
            -0.0,
            5.0,
            5.5,
            -5.0,
            1e300,
        ):
            print(i, f, cmp(i, f))
    print({float(2**53): 1}.get(2**53 + 1))
    n = 7
    while n > 0.5:
        n -= 3
    print(n)
    floats = [9007199254740993.0, 1.0]
    print(9007199254740993 in floats, 9007199254740992 in floats, 9007199254740993 in (1.0, 9007199254740992.0))
    print(9007199254740993 in {1.0, 9007199254740992.0}, 9007199254740993 == 9007199254740992.0, floats[0] in (9007199254740993, 2))
    print(cmp(2**53 + 1, 2.0**53), (2**53 + 1) == 9007199254740992.0, BEYOND > floats[0], BEYOND in floats)
