def divide(a: int, b: int) -> str:
    try:
        return f"{a // b} {a % b} {divmod(a, b)} {a / b}"
    except ZeroDivisionError as error:
        return f"{error}"


def power(a: int, b: int) -> object:
    return a**b


def main() -> None:
    for a, b in ((7, 2), (-7, 2), (7, -2), (-7, -2), (0, 5), (5, 0)):
        print(divide(a, b))
    print(1 + 2 * 3 - 4, (1 + 2) * 3, -3**2, 2**10, power(2, -1), 7 & 3, 7 | 8, 7 ^ 2, ~5, 1 << 10, 1024 >> 3, -9 >> 1)
    print(abs(-4), int("12"), int(" -7 "), int("ff", 16), int("0x1f", 0), int(3.9), int(-3.9), int(True))
    print(hex(255), oct(8), bin(5), hex(-1), chr(233), ord("é"), round(7.5), round(8.5), round(-2.567, 2), pow(3, 4), pow(3, 4, 5))
    for text in ("x", "", "1.5", "--1"):
        try:
            print(int(text))
        except ValueError as error:
            print(error)
    n = 5
    n += 3
    n -= 1
    n *= 2
    n //= 3
    n %= 3
    n <<= 4
    n |= 1
    n ^= 3
    n &= 0xFF
    n >>= 1
    n **= 2
    print(n, 1_000_000, 0xFF, 0b101, 0o17)
    print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 >= 2 != 1, 1 == 1.0)
    print((5).bit_length(), (255).to_bytes(2, "big"), int.from_bytes(b"\x01\x02", "big"), (-1).to_bytes(2, "little", signed=True))
    print(str(-12), repr(7), f"{42:05d} {42:x} {42:+} {1234567:,} {5:>4}|{5:<4}|{5:^4}|")
    print(max(3, 9, 2), min([4, 2]), sum([1, 2, 3], 10), sum(range(5)), len(range(3, 10, 2)))
    print(bool(0), bool(3), int("1_000"), hash(5), 5 .__class__.__name__)
    print(4611686018427387903, -4611686018427387903 - 1, 4611686018427387903 - 1 + 1)
    big = 2147483647
    print(big * big, -big * big)
