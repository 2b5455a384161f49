"""Variables that nobody reads, and those that look so."""


def count(times: int) -> int:
    counted = 0
    for _ in range(times):
        counted += 1
    return counted


def nested(times: int) -> int:
    counted = 0
    for _ in range(times):
        for _ in range(times):
            counted += 1
    return counted


def last(times: int) -> object:
    _: object = None
    for _ in range(times):
        pass
    return _


def mixed(items: list[str]) -> object:
    for _ in range(2):
        pass
    for _, item in enumerate(items):
        print(item)
    _ = items
    return _


def unread() -> None:
    number = 2**40
    boxed: object = number
    other: object = number + 1
    print(other)
    del boxed


def failing(times: int) -> int:
    for _ in range(times):
        if times > 2:
            raise ValueError(str(times))
    return times


def main() -> None:
    print(count(0), count(3), nested(3), last(3), mixed(["a", "b"]))
    unread()
    for times in (2, 3):
        try:
            print(failing(times))
        except ValueError as error:
            print("failed", error)
