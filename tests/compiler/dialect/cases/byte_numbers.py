"""Numbers read from parts of bytes, and appended to bytes."""


class Holder:
    def __init__(self, data: bytes | None) -> None:
        self.data = data


def make(data: bytes) -> Holder:
    print("made")
    return Holder(data + b"!")


def read(data: bytes, start: int, end: int) -> None:
    print(int.from_bytes(data[start:end], "little"), int.from_bytes(data[start:end], "big"))


def append(left: bytes, number: int, size: int) -> None:
    try:
        print(left + number.to_bytes(size, "little"))
        print(left + number.to_bytes(8, "little", signed=True))
        print(number.to_bytes(8, "little") + (number + 1).to_bytes(8, "little"))
    except (OverflowError, ValueError) as error:
        print(type(error).__name__, error)


def say(number: int) -> int:
    print("asked for", number)
    return number


def pair(left: int, right: int, size: int) -> None:
    try:
        print(left.to_bytes(8, "little") + right.to_bytes(8, "little"))
        print(left.to_bytes(size, "little", signed=True) + right.to_bytes(8, "little"))
    except (OverflowError, ValueError) as error:
        print(type(error).__name__, error)
    try:
        print(left.to_bytes(1, "little") + say(right).to_bytes(8, "little"))
    except OverflowError as error:
        print(type(error).__name__, error)


def main() -> None:
    data = bytes(range(1, 20))
    for start in (-30, -8, 0, 3, 8, 30):
        for end in (-30, -1, 0, 8, 16, 30):
            read(data[:7], start, end)
            if 0 <= start <= end < start + 8 or start >= 8 > end >= 0:
                read(data, start, end)
    print(int.from_bytes(data[3:5], "little"), int.from_bytes(data[17:], "big"))
    found = make(b"ab").data
    if found is not None:
        print(int.from_bytes(found[1:], "little"))
    temporary = make(b"abc").data or b""
    print(int.from_bytes((temporary + b"?")[:2], "big"))
    part = data[2:4]
    print(int.from_bytes(part, "little"), part)
    for number in (0, 1, -1, 255, 256, 2**40, -(2**40)):
        for size in (-1, 0, 1, 2, 8, 9):
            append(b"", number, size)
            append(b"key", number, size)
            pair(number, 256 - number, size)
    number = 7
    encoded = number.to_bytes(2, "little")
    number = 8
    print(b"x" + encoded, encoded + encoded, b"y" + number.to_bytes(2, "little"))
