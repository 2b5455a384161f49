"""What a place in a generated program can name."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.fuzz.kinds import Kind


@dataclass
class Class:
    """A generated class.

    Attributes:
        base: Name of its base, or "".
        parameters: Of `__init__`, the base's first; each is an attribute of that name.
        methods: Signatures of its methods, inherited ones included.
        members: Of an enum: expressions that give one.
        properties: What can be read besides the parameters.
        settable: Those of the properties that can be set.
        ordered: Whether instances have an order.
        defaults: How many of the last parameters have one.
    """

    name: str
    base: str
    parameters: list[tuple[str, Kind]]
    methods: dict[str, tuple[tuple[Kind, ...], Kind]] = field(default_factory=dict)
    frozen: bool = False
    final_fields: bool = False
    members: tuple[str, ...] = ()
    properties: dict[str, Kind] = field(default_factory=dict)
    settable: tuple[str, ...] = ()
    ordered: bool = False
    defaults: int = 0

    @property
    def readable(self) -> list[tuple[str, Kind]]:
        """Attributes and properties."""
        return [*self.parameters, *self.properties.items()]


@dataclass
class Function:
    """A generated function.

    Attributes:
        parameters: Types.
        result: What it returns, or yields when `is_generator`.
        cost: About how many statements a call runs.
        defaults: How many of the last parameters have one.
        abandonable: A generator that is not run to its end leaves nothing undone.
        star: The type of any further arguments; None when there may be none.
    """

    name: str
    parameters: tuple[Kind, ...]
    result: Kind
    cost: int
    is_generator: bool = False
    defaults: int = 0
    abandonable: bool = True
    star: Kind | None = None


@dataclass
class Scope:
    """Names, and what may be done at this place."""

    rng: random.Random
    classes: dict[str, Class]
    functions: list[Function]
    identities: dict[Kind, str] = field(default_factory=dict)
    variables: list[dict[str, Kind]] = field(default_factory=lambda: [{}])
    read_only: set[str] = field(default_factory=set)
    count: int = 0
    cost: int = 1
    loops: int = 1

    def identity(self, kind: Kind) -> str:
        """A function that returns its argument: a place where the type checker expects `kind`."""
        return self.identities.setdefault(kind, f"as_{len(self.identities)}")

    def name(self, prefix: str) -> str:
        """A new name."""
        self.count += 1
        return f"{prefix}{self.count}"

    @contextmanager
    def inner_function(self, parameters: dict[str, Kind]) -> Iterator[None]:
        """Make expressions for the body of a nested function.

        It sees no other nested function: the two and their variables would be a cycle, which
        stays alive until cycles are looked for.
        """
        outer = self.variables
        self.variables = [
            {name: kind for name, kind in block.items() if kind.name != "function"}
            for block in [*outer, parameters]
        ]
        yield
        self.variables = outer

    def declare(self, name: str, kind: Kind, *, constant: bool = False) -> None:
        """Make a variable known in the innermost block."""
        self.variables[-1][name] = kind
        if constant:
            self.read_only.add(name)

    def of_kind(self, kind: Kind, *, writable: bool = False) -> list[str]:
        """Variables of a type, subclasses included."""
        return [
            name
            for block in self.variables
            for name, found in block.items()
            if (found == kind or (not writable and self.is_subclass(found, kind)))
            and not (writable and name in self.read_only)
        ]

    def is_subclass(self, found: Kind, kind: Kind) -> bool:
        """Whether one class descends from another."""
        if found.name != "class" or kind.name != "class":
            return False
        name = found.class_name
        while name and name != kind.class_name:
            name = self.classes[name].base
        return bool(name)

    def subclasses(self, name: str) -> list[str]:
        """A class and its descendants."""
        base = Kind("class", class_name=name)
        return [c for c in self.classes if self.is_subclass(Kind("class", class_name=c), base)]

    def affordable(self) -> list[Function]:
        """Functions that may be called here without the program running for long."""
        return [f for f in self.functions if f.cost * self.loops < 3000]
