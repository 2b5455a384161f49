def main() -> None:
    print([x * 2 for x in range(5)])
    print([x for x in range(10) if x % 2 if x > 3])
    print([(a, b) for a in range(3) for b in range(a)])
    print([[y for y in range(x)] for x in range(4)])
    print({x: x * x for x in range(4)})
    print({k.upper(): v for k, v in {"a": 1, "b": 2}.items() if v > 1})
    print(sorted({x % 3 for x in range(10)}))
    words = ["apple", "bob", "cat"]
    print({len(w): [c for c in w] for w in words})
    print([w[0] for w in words if (n := len(w)) > 3], n)
    base = 10
    print([base + i for i in range(3)])
    print([i if i % 2 else -i for i in range(5)])
    matrix = [[1, 2, 3], [4, 5, 6]]
    print([[row[i] for row in matrix] for i in range(3)])
    print([c for s in ["ab", "cd"] for c in s])
    print([*range(3), *"ab", 9], (*[1, 2], 3), {*[1], 2}, {**{"a": 1}, "b": 2})
    print([f() for f in [lambda: 1, lambda: 2]])
    print([x for x, y in [(1, 2), (3, 4)] if y > 2])
    print(sum([len(w) for w in words]), [w for w in words if w not in ("bob",)])
    print([i for i in reversed(range(4))], [i * s for i, s in enumerate("abc")])
    print([a + b for a, b in zip([1, 2, 3], [10, 20])], {x for x in "aab"} == {"a", "b"})
    x = 5
    print([x for x in range(3)], x)
