def main() -> None:
    a = list(range(10))
    t = tuple(a)
    s = "0123456789é😀"
    b = b"0123456789"
    r = range(10)
    for i, j, k in (
        (None, None, -1),
        (8, 2, -2),
        (-3, None, None),
        (None, -3, None),
        (2, 8, 3),
        (100, -100, -3),
        (-100, 100, 4),
        (5, 5, 1),
        (0, 0, -1),
        (-1, -11, -1),
        (3, 1, 1),
    ):
        print(a[i:j:k], t[i:j:k], s[i:j:k], b[i:j:k], r[i:j:k])
    a[2:5] = [20, 30]
    print(a)
    a[::2] = [0] * len(a[::2])
    print(a)
    try:
        a[::2] = [1]
    except ValueError as e:
        print(e)
    del a[1::3]
    print(a)
    a[5:2] = [99]
    print(a)
    a[:] = []
    print(a)
    try:
        print(b[::0])
    except ValueError as e:
        print(e)
    x = bytearray(b"abcdef")
    x[1:3] = b"ZZZ"
    x[-1] = 65
    del x[0]
    print(x, x[::-1], x[1:-1])
    for idx in (10, -11):
        for seq in ("list", "tuple", "str", "bytes", "bytearray", "range"):
            try:
                if seq == "list":
                    print(list(range(10))[idx])
                elif seq == "tuple":
                    print(t[idx])
                elif seq == "str":
                    print("0123456789"[idx])
                elif seq == "bytes":
                    print(b[idx])
                elif seq == "bytearray":
                    print(bytearray(b)[idx])
                else:
                    print(r[idx])
            except IndexError as e:
                print(e)
    try:
        x[0] = 256
    except ValueError as e:
        print(e)
    try:
        bytes([300])
    except ValueError as e:
        print(e)
    try:
        list(range(3)).pop(7)
    except IndexError as e:
        print(e)
    try:
        [].pop()
    except IndexError as e:
        print(e)
    sl = slice(1, 8, 2)
    print(list(range(10))[sl], sl.start, sl.stop, sl.step, sl.indices(5))
