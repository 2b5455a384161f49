from enum import Enum, IntEnum, auto, unique


class C(Enum):
    A = 1
    B = 2
    ALIAS = 1

    @property
    def low(self) -> str:
        return self.name.lower()

    @classmethod
    def default(cls) -> "C":
        return cls.B

    def __str__(self) -> str:
        return f"C.{self.value}"


@unique
class L(IntEnum):
    LOW = auto()
    MID = 10
    HIGH = auto()


def never_reached(level: L) -> L:
    # A tuple with items is true: mypy gives what follows no types.
    if not (level, "abc"):
        return (L.LOW if level > 3 else L.MID) if level != 7 else L.HIGH
    return L.HIGH if level > 3 else L.LOW


def main() -> None:
    print(
        C.A,
        repr(C.A),
        C.ALIAS is C.A,
        C["B"],
        C(2),
        [c.name for c in C],
        len(C),
        C.A.low,
        C.default(),
        C.A in C,
        C.A == C.ALIAS,
        C.A != C.B,
    )
    print(
        L.LOW < L.HIGH,
        L.HIGH + 1,
        L(10).name,
        sorted(L, reverse=True),
        int(L.MID),
        f"{L.MID} {L.MID:03d}",
        str(L.LOW),
        repr(L.LOW),
        L.LOW == 1,
        L.HIGH.value,
    )
    for bad in (7, 0):
        try:
            print(C(bad))
        except ValueError as e:
            print(e)
    try:
        print(C["NOPE"])
    except KeyError as e:
        print(repr(e))
    try:
        print(L(99))
    except ValueError as e:
        print(e)
    print({C.A: "a"}, hash(C.A) == hash(C.ALIAS), f"{C.A}", f"{C.A!r:>12}")
    print(never_reached(L.LOW), never_reached(L.MID))
