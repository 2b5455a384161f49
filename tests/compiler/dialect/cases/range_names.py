"""Variables of loops over a range that does not turn, and what they hold afterwards."""

from collections.abc import Iterator


def before(times: int) -> int:
    i = 7
    for i in range(times):
        pass
    return i


def unset(times: int) -> str:
    for i in range(5, 5 + times):
        pass
    try:
        return str(i)
    except UnboundLocalError:
        return "unset"


def in_else(times: int) -> int:
    i = -1
    for i in range(times):
        if i == 1:
            break
    else:
        return i * 10
    return i


def again() -> list[int]:
    found = []
    for i in range(3):
        for i in range(0):
            pass
        found.append(i)
    return found


def paired(texts: list[str]) -> tuple[int, int, str]:
    i, j, text = 7, 8, "none"
    for i, text in zip(range(3), texts):
        pass
    for j, (i, text) in enumerate(zip(range(i, 3), texts)):
        pass
    return i, j, text


def captured(times: int) -> int:
    i = 7

    def read() -> int:
        return i

    for i in range(times):
        if read() != i:
            return -1
    return read()


def changed(times: int) -> list[int]:
    found = []
    for i in range(times):
        found.append(i)
        i += 10
        found.append(i)
    return found


def numbers(times: int) -> list[int]:
    i = 7

    def generate() -> Iterator[int]:
        j = 9
        for j in range(times):
            yield j
        yield j + 100

    return [*generate(), i]


for index in range(0):
    pass
number = 7
for number in range(4, 4):
    pass


def main() -> None:
    for times in (0, 3):
        print(before(times), unset(times), in_else(times), captured(times), changed(times), numbers(times))
    print(in_else(1), again(), paired([]), paired(["a"]), number)
    try:
        print(index)
    except NameError:
        print("no index")
