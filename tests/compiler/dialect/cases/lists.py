def main() -> None:
    a = [3, 1, 2]
    a.append(5)
    a.insert(0, 9)
    a.extend([7, 8])
    a += [0]
    print(a, len(a), a[0], a[-1], a[1:3], a[::-1], a[::2], 5 in a, 99 not in a, a.index(5), a.count(1))
    print(a.pop(), a.pop(0), a)
    a.remove(5)
    a.sort()
    print(a, sorted(a, reverse=True))
    a.reverse()
    print(a, a.copy() == a, a is a.copy(), a * 2, a + [1], [0] * 3, list((1, 2)), list("ab"), list(range(3)))
    a[0] = 100
    a[1:3] = [5, 6, 7]
    del a[0]
    del a[0:2]
    print(a)
    a.clear()
    print(a, not a, bool([0]), [1, 2] < [1, 3], [1] == [1.0], [[1], [2]] == [[1], [2]])
    grid = [[0] * 3 for _ in range(2)]
    grid[1][2] = 5
    print(grid, sum(grid[1]), [x for row in grid for x in row])
    for action in ("index", "pop", "remove", "value", "set"):
        items = [1]
        try:
            if action == "index":
                print(items[5])
            elif action == "pop":
                items.pop()
                items.pop()
            elif action == "remove":
                items.remove(9)
            elif action == "set":
                items[3] = 1
            else:
                items.remove(4)
        except (IndexError, ValueError) as error:
            print(type(error).__name__, error)
    first, *middle, last = [1, 2, 3, 4]
    print(first, middle, last)
    x, y = [1, 2]
    x, y = y, x
    print(x, y)
    try:
        p, q = list(range(3))
        print(p, q)
    except ValueError as error:
        print(error)
    try:
        p, q, r = list(range(2))
        print(p, q, r)
    except ValueError as error:
        print(error)
    words = ["b", "a", "c"]
    words.sort(reverse=True)
    print(words, max(words), min(words), "".join(words), words.index("a"), list(reversed(words)))
    mixed: list[int | str] = [1, "a"]
    mixed.append("b")
    print(mixed, list(enumerate(words, 1)), list(zip(words, [1, 2])), [None] * 2, [True, 1.5, b"x", (1,), {"a": 1}])
    nested = [1, [2, [3]]]
    print(nested, any([0, 1]), all([]), any([]), list(map(str, [1, 2])), sum([[1], [2]], []))
    a = [5, 3, 8]
    i = a.index(min(a))
    a[i], a[0] = a[0], a[i]
    a[1] += 10
    print(a, a[-2:], a[:-1], a[5:], a[-1::-1])
    a[::2] = [0, 0]
    print(a)
    del a[::2]
    print(a)
