"""Arithmetic whose results are known not to overflow, beside what may; loops over bytes."""


def fnv1a(data: bytes) -> int:
    value = 0x811C9DC5
    for byte in data:
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def adler(data: bytes) -> int:
    a, b = 1, 0
    for byte in data:
        a = (a + byte) % 65521
        b = (b + a) % 65521
    return b << 16 | a


def zigzag(value: int) -> list[int]:
    return [value << 1, value >> 1, value & 0xFF, value | 0xFF, value ^ 0xFF, ~value, -value]


def divided(value: int) -> list[int]:
    return [
        *(value // 1, value // 8, value // 10, value // 1024),
        *(value % 1, value % 8, value % 10, value % 1024),
    ]


def divided_small(data: bytes, less: int) -> list[int]:
    found = []
    for byte in data:
        found.append(byte // 10 * 100 + byte % 10)
        found.append((byte - less) // 10)
        found.append((byte - less) % 10)
        found.append(byte * byte - 7 * byte)
        found.append(-byte)
        found.append(byte << 4 >> 2)
        found.append(byte >> 70)
    return found


def both_ends(data: bytes) -> list[int]:
    found = []
    for place in range(-len(data), len(data)):
        found.append(data[place])
    return found


def beyond(data: bytes, first: int) -> str:
    place = first
    try:
        while True:
            if data[place] == 0:
                return "never"
            place += 1
    except IndexError as error:
        return f"{place} {error}"


def before(data: bytes) -> str:
    place = len(data) - 1
    try:
        while data[place]:
            place -= 1
    except IndexError as error:
        return f"{place} {error}"
    return "a zero"


def doubling(start: int) -> str:
    value = start
    steps = 0
    while -(1 << 60) < value < 1 << 60:
        value = value + value
        steps += 1
    return f"{value} {steps}"


def counted_down(count: int) -> int:
    total = 0
    while count > 0:
        total += count
        count -= 3
    return total * 10 + count


def until_equal(limit: int) -> int:
    value = 0
    while value != limit:
        value += 1
        if value == 7:
            continue
        if value > 20:
            break
    return value


def changed_in_loop(values: list[int]) -> int:
    place = 0
    total = 0
    while place < len(values):
        if values[place] < 0:
            place = values[place] + 6
            values[place] = 3
        total += values[place] * 1000003
        total &= 0x3FFFFFFF
        place += 1
    return total


def in_nested_loops(data: bytes) -> int:
    total = 0
    for outer in range(len(data)):
        for inner in range(outer, len(data), 2):
            total = (total * 31 + data[inner] - data[outer]) % 1000000007
    return total


def of_unknown_sign(values: list[int]) -> list[int]:
    return [((value % 16) << 2) + (value // 16) for value in values]


TEXT = bytes(range(256))


def main() -> None:
    print(fnv1a(TEXT), fnv1a(b""), adler(TEXT * 3), adler(b"Wikipedia"))
    for number in (0, 1, -1, 7, -8, 255, 256, -1000, 123456789, -987654321, (1 << 60) - 1, -(1 << 60)):
        print(number, zigzag(number), divided(number))
    print(divided_small(bytes([0, 1, 9, 10, 99, 100, 255]), 100))
    print(both_ends(b"abc"), both_ends(b""))
    print(beyond(b"abc", 0), beyond(b"abc", -3), beyond(b"abc", 3), beyond(b"", 0), beyond(b"ab", -9))
    print(before(b"abc"), before(b"a\0c"), before(b""))
    print(doubling(1), doubling(-3), doubling(1 << 59))
    print(counted_down(10), counted_down(0), counted_down(-4), until_equal(7), until_equal(99))
    print(changed_in_loop([1, -5, 3, -3, 9]), in_nested_loops(TEXT[:20]))
    print(of_unknown_sign([-100, -17, -16, -1, 0, 1, 15, 16, 99]))
