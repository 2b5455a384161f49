"""Random expressions of a wanted type, as text in parentheses where that matters."""

from collections.abc import Callable
from functools import partial

from tests.fuzz import containers, integers, scalars, texts
from tests.fuzz.kinds import BYTES, INT, SCALARS, STR, VIEW, Kind, list_of
from tests.fuzz.scope import Scope


class Expressions:
    """Makes expressions from the names of a scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.rng = scope.rng

    def of(self, kind: Kind, depth: int) -> str:
        """An expression of a type."""
        if kind == INT:
            return self.integer(depth)[0]
        names = self.scope.of_kind(kind)
        if names and self.rng.random() < (0.35 if depth > 0 else 0.7):
            return self.rng.choice(names)
        if depth > 0 and self.rng.random() < 0.25:
            return self._from_elsewhere(kind, depth)
        made = self._make(kind, depth)
        return made if kind.is_plain else f"{self.scope.identity(kind)}({made})"

    def _make(self, kind: Kind, depth: int) -> str:
        makers: dict[str, Callable[[Expressions, Kind, int], str]] = {
            "bool": lambda make, _, depth: make.boolean(depth),
            "float": lambda make, _, depth: make.real(depth),
            "str": lambda make, _, depth: make.text(depth),
            "bytes": lambda make, _, depth: make.octets(depth),
            "memoryview": lambda make, _, depth: make.view(depth),
            "list": containers.list_,
            "dict": containers.dict_,
            "set": containers.set_,
            "tuple": containers.tuple_,
            "row": containers.row,
            "optional": containers.optional,
            "class": containers.instance,
            "function": containers.function,
        }
        return makers[kind.name](self, kind, depth)

    def pick(self, *ways: Callable[[], str]) -> str:
        """What one of the ways gives."""
        return self.rng.choice(ways)()

    def _from_elsewhere(self, kind: Kind, depth: int) -> str:
        """A call, an attribute, an element or a choice that has the type."""
        ways: list[Callable[[], str]] = [partial(self._choice, kind, depth)]
        ways += [
            partial(self.call, f.name, f.parameters, f.cost, depth, f.defaults, f.star)
            for f in self.scope.affordable()
            if f.result == kind and not f.is_generator
        ]
        for block in self.scope.variables:
            for name, found in block.items():
                ways += self._parts(name, found, kind, depth)
        return self.rng.choice(ways)()

    def _parts(self, name: str, found: Kind, kind: Kind, depth: int) -> list[Callable[[], str]]:
        """Ways from a variable to a value of the type."""
        items = found.items
        match found.name:
            case "class":
                class_ = self.scope.classes[found.class_name]
                methods = class_.methods.items() if self.scope.loops < 60 else ()
                return [
                    *(partial(str, f"{name}.{a}") for a, k in class_.readable if k == kind),
                    *(
                        partial(self.call, f"{name}.{method}", parameters, 60, depth)
                        for method, (parameters, result) in methods
                        if result == kind
                    ),
                ]
            case "function" if items[-1] == kind:
                return [partial(self.call, name, items[:-1], 5, depth)]
            case "list" | "row" if items[0] == kind:
                return [lambda: f"{name}[{self.small(1)}]"]
            case "dict" if items[1] == kind:
                return [lambda: f"{name}[{self.of(items[0], 1)}]"]
            case "tuple":
                return [partial(str, f"{name}[{i}]") for i, k in enumerate(items) if k == kind]
        return []

    def _choice(self, kind: Kind, depth: int) -> str:
        below = depth - 1
        return f"({self.of(kind, below)} if {self.boolean(below)} else {self.of(kind, below)})"

    def call(
        self,
        name: str,
        parameters: tuple[Kind, ...],
        cost: int,
        depth: int,
        defaults: int = 0,
        star: Kind | None = None,
    ) -> str:
        """A call; arguments that have defaults may be missing or named."""
        self.scope.cost += cost * self.scope.loops
        given = len(parameters) - self.rng.randint(0, defaults)
        arguments = [self.of(kind, depth - 1) for kind in parameters[:given]]
        if defaults and given == len(parameters) and self.rng.random() < 0.5:
            arguments[-1] = f"p{given}={arguments[-1]}"
        elif star is not None:
            arguments += [self.of(star, depth - 1) for _ in range(self.rng.randint(0, 2))]
            if self.rng.random() < 0.4:
                arguments.append(f"*{self.of(list_of(star), depth - 1)}[:4]")
        return f"{name}({', '.join(arguments)})"

    def integer(self, depth: int) -> tuple[str, int]:
        """An int, and what its absolute value is at most."""
        if depth > 0 and self.rng.random() < 0.15:
            return self._from_elsewhere(INT, depth), integers.LIMIT + 1
        return integers.integer(self, depth)

    def small(self, depth: int) -> str:
        """An int of at most three digits."""
        text, bound = self.integer(depth)
        return text if bound < 100 else f"({text} % {self.rng.choice((3, 7, 10))})"

    def boolean(self, depth: int) -> str:
        """A bool."""
        return scalars.boolean(self, depth)

    def real(self, depth: int) -> str:
        """A float."""
        return scalars.real(self, depth)

    def text(self, depth: int) -> str:
        """A str."""
        return texts.text(self, depth)

    def octets(self, depth: int) -> str:
        """A bytes object."""
        return texts.octets(self, depth)

    def view(self, depth: int) -> str:
        """A memoryview."""
        return texts.view(self, depth)

    def sized(self, depth: int) -> str:
        """Something that has a length."""
        item = self.rng.choice(SCALARS)
        kinds = (STR, BYTES, VIEW, list_of(item), Kind("dict", (STR, item)), Kind("row", (item,)))
        return self.of(self.rng.choice(kinds), depth)

    def printable(self) -> Kind:
        """A type whose text is the same everywhere: dicts and lists, not sets."""
        item = self.rng.choice(SCALARS)
        return self.rng.choice(
            (item, item, list_of(item), Kind("tuple", (item, INT)), Kind("dict", (STR, item)))
        )
