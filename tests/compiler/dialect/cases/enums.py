from enum import Enum, IntEnum, auto, unique


class Colour(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3

    def lower(self) -> str:
        return self.name.lower()

    @property
    def doubled(self) -> int:
        return int(self.value) * 2


class Method(Enum):
    GET = "get"
    PUT = "put"
    ALIAS = "get"


class Level(IntEnum):
    LOW = 1
    HIGH = 5


class Auto(Enum):
    A = auto()
    B = auto()


@unique
class Kind(Enum):
    X = "x"
    Y = "y"

    def __str__(self) -> str:
        return f"kind {self.value}"


def describe(c: Colour) -> str:
    if c is Colour.RED:
        return "red"
    if c == Colour.GREEN:
        return "green"
    return "other"


def by_match(c: Colour) -> int:
    match c:
        case Colour.RED:
            return 1
        case Colour.GREEN | Colour.BLUE:
            return 2


def main() -> None:
    print(Colour.RED, repr(Colour.RED), Colour.RED.name, Colour.RED.value)
    print([c.name for c in Colour], len(Colour), list(Colour))
    print(Colour(2), Colour["BLUE"], Colour(3) is Colour.BLUE)
    try:
        Colour(9)
    except ValueError as error:
        print(error)
    try:
        Colour["PINK"]
    except KeyError as error:
        print(error)
    print(
        describe(Colour.RED), describe(Colour.GREEN), describe(Colour.BLUE), by_match(Colour.BLUE)
    )
    print(Colour.RED.lower(), Colour.BLUE.doubled)
    print(Method.GET.value, Method("put"), Method.ALIAS, Method.ALIAS is Method.GET)
    print({Colour.RED: "r"}[Colour.RED], Colour.RED in (Colour.RED, Colour.BLUE), Colour.RED == 1)
    print(Level.LOW < Level.HIGH, Level.HIGH + 1, int(Level.HIGH), Level.HIGH == 5, Level(5).name)
    print(
        sorted([Level.HIGH, Level.LOW]),
        max(Level.LOW, Level.HIGH),
        f"{Level.LOW:>3}",
        str(Level.LOW),
    )
    print(
        Auto.A.value,
        Auto.B.value,
        isinstance(Colour.RED, Colour),
        hash(Colour.RED) == hash(Colour.RED),
    )
    print(Kind.X.value, Kind("y").name, Kind.X, f"{Kind.Y}")
    name: str = Colour.GREEN.name
    print(name, f"{Colour.GREEN} {Colour.GREEN!r} {Colour.GREEN.value}")
    table = {c: 0 for c in Colour}
    table[Colour.BLUE] += 1
    print(table)
