"""The types that generated programs use."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A type.

    Attributes:
        name: "int", "list", ..., or "class".
        items: Type arguments.
        class_name: For "class".
    """

    name: str
    items: tuple["Kind", ...] = ()
    class_name: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether the type checker infers this very type from any expression of it."""
        return self.name not in ("optional", "function", "row") and not any(
            item.items or item.class_name for item in self.items
        )

    def __str__(self) -> str:
        """The annotation."""
        match self.name:
            case "class":
                return self.class_name
            case "optional":
                return f"{self.items[0]} | None"
            case "row":
                return f"tuple[{self.items[0]}, ...]"
            case "function":
                *parameters, result = map(str, self.items)
                return f"Callable[[{', '.join(parameters)}], {result}]"
            case _ if self.items:
                return f"{self.name}[{', '.join(map(str, self.items))}]"
            case _:
                return self.name


INT, BOOL, FLOAT, STR, BYTES = map(Kind, ("int", "bool", "float", "str", "bytes"))
SCALARS = (INT, INT, STR, STR, BOOL, FLOAT, BYTES)
VIEW = Kind("memoryview")
KEYS = (INT, STR, BYTES)


# How often a scalar is a view.
_VIEWS = 0.08


def list_of(item: Kind) -> Kind:
    """list[item]."""
    return Kind("list", (item,))


def function_of(*items: Kind) -> Kind:
    """A callable; the last item is what it returns."""
    return Kind("function", items)


def random_kind(rng: random.Random, classes: list[str], depth: int = 2) -> Kind:
    """Any type, containers nested up to `depth`."""
    if depth == 0 or rng.random() < 0.45:
        if classes and rng.random() < 0.3:
            return Kind("class", class_name=rng.choice(classes))
        if rng.random() < _VIEWS:
            return VIEW
        return rng.choice(SCALARS)
    match rng.choice(("list", "list", "dict", "tuple", "set", "optional", "row")):
        case "dict":
            return Kind("dict", (random_key(rng), random_kind(rng, classes, depth - 1)))
        case "set":
            return Kind("set", (random_key(rng),))
        case "tuple":
            size = rng.randint(1, 3)
            return Kind("tuple", tuple(random_kind(rng, classes, depth - 1) for _ in range(size)))
        case "optional":
            item = random_kind(rng, classes, depth - 1)
            return item if item.name == "optional" else Kind("optional", (item,))
        case name:
            return Kind(name, (random_kind(rng, classes, depth - 1),))


def random_key(rng: random.Random) -> Kind:
    """What can be the key of a dict, and sorted."""
    if rng.random() < 0.2:
        return Kind("tuple", (rng.choice(KEYS), rng.choice(KEYS)))
    return rng.choice(KEYS)


def is_ordered(kind: Kind) -> bool:
    """Whether the text of a value is the same everywhere: that of a set or a view is not."""
    return kind.name not in ("set", "memoryview") and all(map(is_ordered, kind.items))
