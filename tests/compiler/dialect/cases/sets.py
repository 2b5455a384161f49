def main() -> None:
    s = {3, 1, 2}
    s.add(5)
    s.discard(9)
    s.remove(1)
    print(sorted(s), len(s), 3 in s, 9 not in s, sorted(s | {7}), sorted(s & {3, 5}), sorted(s - {3}), sorted(s ^ {3, 9}))
    print(s == {2, 3, 5}, s < {2, 3, 5, 6}, s <= s, s > {2}, s.isdisjoint({9}), {1}.issubset({1, 2}), {1, 2}.issuperset({1}))
    s.update([8, 9])
    s |= {10}
    s -= {8}
    s &= {2, 9, 10}
    print(sorted(s), sorted(s.union([1])), sorted(s.intersection([2])), sorted(s.difference([2])), {1}, set(), frozenset({1}), frozenset())
    try:
        s.remove(99)
    except KeyError as error:
        print(error)
    f = frozenset(["a", "b"])
    print("a" in f, len(f), f == {"a", "b"}, {f: 1}[frozenset(["b", "a"])], sorted(f), hash(f) == hash(frozenset(f)))
    print(set("aab") == {"a", "b"}, bool(set()), sorted(set([1, 1, 2])), {(1, 2), (1, 2)}, sum({1, 2, 3}))
    s.clear()
    print(s, s.copy())
    one = {"only"}
    print(one.pop(), one)
    try:
        one.pop()
    except KeyError as error:
        print(error)
    for item in {4}:
        print(item)
    print({1, 2} == {2, 1}, {1} != {2}, sorted({x for x in (3, 1, 3)}))
