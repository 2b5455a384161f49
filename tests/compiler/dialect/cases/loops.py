def find(items: list[int], wanted: int) -> str:
    for i, item in enumerate(items):
        if item == wanted:
            print("found at", i)
            break
    else:
        return "no"
    return "yes"


def countdown(n: int) -> int:
    steps = 0
    while n > 0:
        n -= 1
        if n == 5:
            continue
        if n == 2:
            break
        steps += 1
    else:
        steps += 100
    return steps


def nested() -> list[tuple[int, int]]:
    found = []
    for a in range(4):
        for b in range(4):
            if b == a:
                continue
            if b > 2:
                break
            found.append((a, b))
        else:
            print("never", a)
    return found


def sign(n: int) -> str:
    if n < 0:
        return "minus"
    elif n == 0:
        return "zero"
    else:
        return "plus"


def loop_variable_after() -> None:
    last = -1
    for last in range(3):
        pass
    print(last)
    empty: list[int] = []
    for x in empty:
        print(x)
    for s in "héé":
        print(s)
    for k in {"a": 1, "b": 2}:
        print(k)
    for n in (1, 2, 3):
        print(n, end_of(n))
    for b in b"ab":
        print(b)
    for i in range(10, 0, -3):
        print(i)
    for i in range(3):
        i += 10
        print(i)


def end_of(n: int) -> bool:
    return n == 3


def main() -> None:
    print(find([1, 2, 3], 2), find([1], 9))
    print(countdown(10), countdown(1), countdown(0))
    print(nested())
    print(sign(-4), sign(0), sign(3))
    loop_variable_after()
    n = 0
    while True:
        n += 1
        if n > 3:
            break
    print(n)
    pairs = [(1, "a"), (2, "b")]
    for number, (letter) in pairs:
        print(number, letter)
    for i, (a, b) in enumerate([((1), (2)), (3, 4)]):
        print(i, a, b)
    items = [1, 2, 3]
    for item in items:
        if item < 3:
            items.append(item + 10)
    print(items)
