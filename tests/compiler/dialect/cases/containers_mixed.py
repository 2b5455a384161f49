def main() -> None:
    try:
        d: dict[int, str] = {1: "a"}
        for k in d:
            d[k + 1] = "b"
    except RuntimeError as e:
        print(e)
    s = {1}
    try:
        for i in s:
            s.add(i + 1)
    except RuntimeError as e:
        print(e)
    l = [1, 2, 3]
    for x in l:
        if x < 3:
            l.append(x + 10)
        if len(l) > 6:
            break
    print(l)
    d2 = {"b": 1, "a": 2}
    print(
        sorted(d2),
        sorted(d2.items(), key=lambda kv: kv[1]),
        max(d2, key=lambda k: d2[k]),
        list(reversed(d2)),
        dict(sorted(d2.items())),
        d2 | {"c": 3},
        d2.keys() & {"a"},
        d2.items() == {"a": 2, "b": 1}.items(),
        d2 == {"a": 2, "b": 1},
    )
    d3: dict[object, int] = {1: 1, 1.0: 2, True: 3, "1": 4, (1,): 5, None: 6, b"1": 7}
    print(d3, d3[1], d3[(True,)])
    print(
        dict.fromkeys("ab", 0),
        dict([("a", 1), ("b", 2)]),
        dict(a=1, **{"b": 2}),
        {**d2},
        d2.get("zz"),
        d2.get("zz", 5),
        d2.pop("zz", None),
    )
    print(
        list(zip([1, 2, 3], "ab")),
        list(enumerate("ab", 5)),
        list(map(str, [1, 2])),
        list(filter(None, [0, 1, 2])),
        sum([[1], [2]], []),
        any([]),
        all([]),
        list(range(5, 0, -2)),
        sorted([3, 1, 2], reverse=True),
        sorted(["b", "A", "c"], key=str.lower),
        min([3, 1], key=lambda v: -v),
        max(3, 1, 2),
        min("b", "a"),
        max([], default=0),
    )
    st = {3, 1, 2}
    print(
        sorted(st - {1}),
        sorted(st | {9}),
        st <= {1, 2, 3, 4},
        st.isdisjoint({8}),
        frozenset([1, 2]) == {1, 2},
        hash(frozenset([1, 2])) == hash(frozenset([2, 1])),
        sorted(st.union([5], [6])),
        {1, 2} < {1, 2, 3},
    )
    t = (1, "a", 2.5, None, (1, 2))
    print(
        t,
        t + (1,),
        t * 2,
        t.index("a"),
        t.count(1),
        (1, 2) < (1, 3),
        (1,) < (1, 0),
        () == (),
        t[-1],
        t[1:3],
        hash((1, 2)) == hash((1, 2)),
        len(t),
        2.5 in t,
    )
    big = [5, 3, 9, 1]
    big.sort(key=lambda v: -v)
    print(big, big.index(9), big.count(3), big.copy() == big, big.pop(0), big, big + [1], big * 2)
    nested = [[1, 2], [3]]
    flat = [x for row in nested for x in row if x > 1]
    print(
        flat,
        [[x * y for x in range(3)] for y in range(2)],
        {x: [y for y in range(x)] for x in range(3)},
        list(x for x in "abc"),
        {len(w) for w in ["a", "bb", "cc"]},
    )
    a = [1, 2, 3]
    b = a
    a += [4]
    a *= 2
    print(b is a, b, [1, [2, (3,)]] == [1, [2, (3,)]], [1, 2] < [1, 2, 3], [] < [1], ["a"] + ["b"])
