def main() -> None:
    r = range(2, 11, 3)
    print(r, list(r), len(r), r[0], r[-1], 5 in r, 6 in r, r == range(2, 12, 3), list(reversed(r)), r[1:], bool(range(0)))
    print(list(range(5, 0, -2)), range(3), sum(range(101)), max(range(5)))
    try:
        range(1, 2, 0)
    except ValueError as error:
        print(error)
    try:
        print(r[7])
    except IndexError as error:
        print(error)
    step = -1
    for i in range(3, 0, step):
        print(i)
    for i in r:
        print(i)
    for i in range(2, 2):
        print("never", i)
    print([i for i in range(3)], list(zip(range(3), "abc")), sorted(range(3), reverse=True), tuple(range(0, -5, -2)))
    r = range(1, 10, 3)
    print(r.start, r.stop, r.step, r.index(4), r.count(4), r.count(5))
    try:
        print(r.index(5))
    except ValueError as error:
        print(error)
