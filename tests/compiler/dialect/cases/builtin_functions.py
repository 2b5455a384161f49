def main() -> None:
    print(sorted([3, 1, 2]), sorted(["b", "A"], key=str.lower), sorted([1, 2, 3], key=lambda x: -x), sorted({"b": 1, "a": 2}))
    print(min(3, 1), max([1, 5]), min("b", "a", key=lambda s: s), max([], default=0), min([1.5, 0.5]), max((1, 2), (1, 3)))
    print(sum([1, 2]), sum([0.5, 0.5]), sum([1, 2.5]), sum((1, 2), 10), any([]), all([]), any([0, ""]), all([1, "a"]))
    print(list(zip([1, 2], "ab")), list(zip([1], [2], [3])), list(enumerate("ab", 5)), list(reversed([1, 2])), list(map(len, ["a", "bb"])), list(filter(None, [0, 1])))
    print(isinstance(1, int), isinstance(True, int), isinstance("a", (int, str)), isinstance(None, type(None)), isinstance(1.5, (int, float)), issubclass(bool, int))
    print(type(1).__name__, type("a").__name__, type(None).__name__, type([]).__name__, type(1) is int, type(1) == type(2))
    print(callable(main), callable(5), repr("a"), str(1.5), len("abc"), abs(-1), hash("a") == hash("a"), id(main) == id(main))
    print(divmod(7, 2), pow(2, 3), round(1.5), round(2.567, 1), ord("a"), chr(97), bin(3), hex(10), int("5"), float("2"), bool([]))
    print(next(iter([1])), next(iter([]), "none"), list(iter("ab")), format(5, "03d"), format(1.5, ".2f"), ascii("é"))
    print(getattr(Holder(), "value"), hasattr(Holder(), "value"), hasattr(Holder(), "nothing"), getattr(Holder(), "nothing", "default"))
    h = Holder()
    setattr(h, "value", 6)
    print(h.value, print is not None, NotImplemented is NotImplemented, None is None)
    try:
        max([])
    except ValueError as error:
        print(error)
    for i, (a, b) in enumerate(zip("ab", range(5))):
        print(i, a, b)
    try:
        list(zip([1], [], strict=True))
    except ValueError as error:
        print(error)


class Holder:
    def __init__(self) -> None:
        self.value = 5
