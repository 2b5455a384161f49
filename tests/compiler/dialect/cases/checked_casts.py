from typing import Any


def expects_int(n: int) -> int:
    return n + 1


def main() -> None:
    wrong: Any = "text"
    right: Any = 4
    print(expects_int(right))
    try:
        expects_int(wrong)
    except TypeError:
        print("TypeError")
