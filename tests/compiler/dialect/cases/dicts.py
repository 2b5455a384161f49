def main() -> None:
    d = {"b": 1, "a": 2}
    d["c"] = 3
    d["b"] += 10
    print(d, len(d), d["a"], d.get("z"), d.get("z", 0), "a" in d, "q" not in d, list(d), sorted(d))
    print(d.pop("a"), d.pop("zz", -1), d.setdefault("n", 5), d.setdefault("n", 6), d)
    for k, v in d.items():
        print(k, v)
    for k in d.keys():
        print(k)
    print(list(d.values()), sum(d.values()), max(d, key=lambda k: d[k]), dict(d) == d, d.copy() is d)
    d.update({"x": 1, "b": 0})
    d.update(y=2)
    print(d, {**d, "z": 1}, d | {"q": 9}, dict([("a", 1)]), dict(a=1, b=2), {v: k for k, v in d.items()})
    del d["x"]
    print(d.popitem(), d, list(reversed(d)))
    try:
        d["missing"]
    except KeyError as error:
        print(error, repr(error))
    try:
        del d["missing"]
    except KeyError as error:
        print(error)
    try:
        for k in d:
            d[k + "!"] = 1
    except RuntimeError as error:
        print(error)
    d.clear()
    print(d, not d, {1: "a", 2.5: "b", (1, 2): "c", None: "d", True: "e", b"x": "f"})
    counts: dict[str, int] = {}
    for c in "hello":
        counts[c] = counts.get(c, 0) + 1
    print(counts, sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    groups: dict[int, list[str]] = {}
    for w in ["a", "bb", "c"]:
        groups.setdefault(len(w), []).append(w)
    print(groups, {"a": {"b": 1}}["a"]["b"])
    optional: dict[str, int | None] = {"a": None}
    print(optional.get("a"), optional.get("b"), optional.get("a", 5))
    default: int | None = None
    numbers = {"a": 1}
    print(numbers.get("b", default), numbers.get("a", default))
    keys = numbers.keys()
    print("a" in keys, keys == {"a"}, 1 in numbers.values(), ("a", 1) in numbers.items(), len(keys), dict.fromkeys(["a", "b"], 0))
    numbers |= {"c": 3}
    print(numbers, list(numbers.items())[0], dict(zip("ab", [1, 2])), next(iter(numbers)))
    for i, (k, v) in enumerate(numbers.items()):
        print(i, k, v)
