def divide(a: float, b: float) -> object:
    try:
        return a / b
    except ZeroDivisionError as error:
        return str(error)


def mixed(a: float, b: int) -> float:
    return a * b + b


def main() -> None:
    print(1.5 + 2, 3.0 * 2, 7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 2.0**0.5, 1e100, 1.0, -0.0, 1e16, 123456789012345680.0, 1e-5, 0.1 + 0.2)
    print(divide(1.0, 0.0), divide(1.0, 3.0), 5 / 2, 4 / 2, mixed(1.5, 2))
    print(float("1.5"), float(" -inf "), float("nan"), float(3), float("1e3"), float("infinity"))
    try:
        print(float("x"))
    except ValueError as error:
        print(error)
    inf, nan = float("inf"), float("nan")
    print(inf > 1e308, nan == nan, nan != nan, -inf, inf - inf, inf == inf)
    print(f"{3.14159:.2f} {3.14159:8.3f} {1e10:e} {0.5:%} {1234.5:,.1f} {2.0:g} {1e-7} {100000.0:g} {1.5!r}")
    print(round(2.5), round(3.5), round(2.675, 2), round(1234.5, -2), int(2.9), abs(-1.5), max(1.5, 2.5), min(2.0, 1.0))
    print(1.5 == 1.5, 1 == 1.0, 1.5 < 2, 2.5 >= 2, bool(0.0), bool(0.1), (2.0).is_integer(), (2.5).is_integer())
    print(sum([0.1] * 3), divmod(7.5, 2.0), -1.5 // 1, hash(1.0) == hash(1), str(1.0), repr(1e22))
    x = 1.0
    x += 1
    x *= 2.5
    x -= 0.5
    x /= 2
    print(x, -x, +x)
