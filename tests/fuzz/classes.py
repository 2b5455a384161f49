"""Random classes: plain ones with bases, dataclasses, enums, named tuples."""

from typing import TYPE_CHECKING

from tests.fuzz.expressions import Expressions
from tests.fuzz.kinds import BOOL, BYTES, FLOAT, INT, STR, Kind, is_ordered, random_kind
from tests.fuzz.scope import Class, Function
from tests.fuzz.statements import Statements

if TYPE_CHECKING:
    from tests.fuzz.program import Generator

_COMPARABLE = (INT, STR, BYTES, BOOL, FLOAT)
_DEFAULTS = {INT: "7", STR: "'é'", BYTES: "b'd'", BOOL: "True", FLOAT: "0.5"}
_MEMBERS = ("RED", "GREEN", "BLUE")


class Classes:
    """Makes the classes of a program.

    Args:
        generator: The program's; its tables get the classes, and functions of class methods.
    """

    def __init__(self, generator: "Generator") -> None:
        self._generator = generator
        self._rng = generator.rng
        self._known = generator.classes

    def declare(self, number: int) -> str:
        """A class definition."""
        chance = self._rng.random()
        if chance < 0.25:
            return self._dataclass(number)
        if chance < 0.37:
            return self._enum(number)
        if chance < 0.5:
            return self._named_tuple(number)
        return self._plain(number)

    def _fields(self, number: int, least: int, most: int) -> list[tuple[str, Kind]]:
        return [
            (f"{'abcd'[i]}{number}", random_kind(self._rng, list(self._known), 1))
            for i in range(self._rng.randint(least, most))
        ]

    def _plain(self, number: int) -> str:
        bases = [c for c in self._known.values() if not c.final_fields]
        base = self._rng.choice(bases) if bases and self._rng.random() < 0.6 else None
        class_ = Class(f"Class{number}", base.name if base else "", [])
        own = self._fields(number, 0 if base else 1, 3)
        inherited = base.parameters if base else []
        class_.parameters = [*inherited, *own]
        if base:
            class_.methods = dict(base.methods)
            class_.properties, class_.settable = dict(base.properties), base.settable
        lines = [f"class {class_.name}{f'({base.name})' if base else ''}:"]
        shown = ", ".join(f"{n}: {k}" for n, k in class_.parameters)
        lines.append(f"    def __init__(self{', ' if shown else ''}{shown}) -> None:")
        if base:
            lines.append(f"        super().__init__({', '.join(n for n, _ in inherited)})")
        lines += [f"        self.{name} = {name}" for name, _ in own]
        lines += _repr(class_)
        for name in [name for name in class_.methods if self._rng.random() < 0.5]:
            lines += self._method(class_, name, *class_.methods[name], calls_base=True)
        for index in range(self._rng.randint(0, 2)):
            name = f"method{number}_{index}"
            earlier = list(self._known)
            kinds = tuple(
                random_kind(self._rng, earlier, 1) for _ in range(self._rng.randint(0, 2))
            )
            result = random_kind(self._rng, earlier, 1)
            lines += self._method(class_, name, kinds, result)
            class_.methods[name] = (kinds, result)
        if own and self._rng.random() < 0.5:
            lines += self._property(class_, *self._rng.choice(own), number)
        if self._rng.random() < 0.3:
            lines += self._static_method(class_, number)
        self._known[class_.name] = class_
        return "\n".join(lines) + "\n"

    def _method(
        self,
        class_: Class,
        name: str,
        kinds: tuple[Kind, ...],
        result: Kind,
        *,
        calls_base: bool = False,
    ) -> list[str]:
        parameters = {f"p{i}": kind for i, kind in enumerate(kinds)}
        fields = {f"self.{n}": k for n, k in class_.parameters}
        scope = self._generator.scope({**parameters, **fields})
        scope.read_only = set(fields)
        # Made before the class can be used: it and what comes later do not exist yet.
        functions = self._generator.functions
        saved, functions[:] = list(functions), []
        body = Statements(scope, result, self._generator.errors, is_generator=False).body(1)
        functions[:] = saved
        if calls_base and self._rng.random() < 0.5:
            body[-1] = f"return super().{name}({', '.join(parameters)})"
        shown = "".join(f", {n}: {k}" for n, k in parameters.items())
        head = ["", f"    def {name}(self{shown}) -> {result}:"]
        return [*head, *(f"        {line}" for line in body)]

    def _property(self, class_: Class, field: str, kind: Kind, number: int) -> list[str]:
        name = f"prop{number}"
        class_.properties[name] = kind
        lines = ["", "    @property", f"    def {name}(self) -> {kind}:"]
        lines.append(f"        return self.{field}")
        if self._rng.random() < 0.5:
            class_.settable = (*class_.settable, name)
            lines += ["", f"    @{name}.setter", f"    def {name}(self, value: {kind}) -> None:"]
            lines += ["        print('set')", f"        self.{field} = value"]
        return lines

    def _static_method(self, class_: Class, number: int) -> list[str]:
        scope = self._generator.scope({"x": INT})
        scope.functions = []
        value = Expressions(scope).text(2)
        name = f"make{number}"
        kind = self._rng.choice(("staticmethod", "classmethod"))
        first = "cls, " if kind == "classmethod" else ""
        self._generator.functions.append(Function(f"{class_.name}.{name}", (INT,), STR, 3))
        return [
            "",
            f"    @{kind}",
            f"    def {name}({first}x: int) -> str:",
            f"        return {value}",
        ]

    def _dataclass(self, number: int) -> str:
        class_ = Class(f"Data{number}", "", [], final_fields=True)
        class_.frozen, class_.ordered = self._rng.random() < 0.5, self._rng.random() < 0.4
        class_.parameters = self._fields(number, 1, 3)
        if class_.ordered:
            class_.parameters = [(n, self._rng.choice(_COMPARABLE)) for n, _ in class_.parameters]
        # Text of a set depends on its order, and text with surrogates cannot be logged.
        class_.parameters = [(n, k if is_ordered(k) else INT) for n, k in class_.parameters]
        options = {
            "frozen": class_.frozen,
            "order": class_.ordered,
            "slots": self._rng.random() < 0.3,
        }
        chosen = ", ".join(f"{name}=True" for name, is_set in options.items() if is_set)
        lines = [f"@dataclass({chosen})" if chosen else "@dataclass", f"class {class_.name}:"]
        for index, (name, kind) in enumerate(class_.parameters):
            is_last = index == len(class_.parameters) - 1
            default = ""
            if is_last and self._rng.random() < 0.5:
                if kind in _DEFAULTS:
                    default = f" = {_DEFAULTS[kind]}"
                elif kind.name in ("list", "dict"):
                    default = f" = field(default_factory={kind.name})"
            class_.defaults = bool(default)
            lines.append(f"    {name}: {kind}{default}")
        self._known[class_.name] = class_
        return "\n".join(lines) + "\n"

    def _named_tuple(self, number: int) -> str:
        class_ = Class(f"Row{number}", "", [], frozen=True, final_fields=True, ordered=True)
        kinds = [self._rng.choice(_COMPARABLE) for _ in range(self._rng.randint(1, 3))]
        class_.parameters = [(f"{'xyz'[i]}{number}", kind) for i, kind in enumerate(kinds)]
        lines = [f"class {class_.name}(NamedTuple):"]
        lines += [f"    {name}: {kind}" for name, kind in class_.parameters]
        if self._rng.random() < 0.4:
            lines[-1] += f" = {_DEFAULTS[kinds[-1]]}"
            class_.defaults = 1
        name = class_.parameters[0][0]
        if self._rng.random() < 0.3:
            lines += ["", "    def __str__(self) -> str:", f"        return f'<{{self.{name}!a}}>'"]
        if self._rng.random() < 0.5:
            class_.properties["first"] = kinds[0]
            lines += ["", "    @property", f"    def first(self) -> {kinds[0]}:"]
            lines += [f"        return self.{name}"]
        self._known[class_.name] = class_
        return "\n".join(lines) + "\n"

    def _enum(self, number: int) -> str:
        base = self._rng.choice(("Enum", "IntEnum", "StrEnum"))
        class_ = Class(
            f"Enum{number}", "", [], frozen=True, final_fields=True, ordered=base != "Enum"
        )
        names = _MEMBERS[: self._rng.randint(1, 3)]
        kinds = {"Enum": self._rng.choice((INT, STR)), "IntEnum": INT, "StrEnum": STR}
        kind = kinds[base]
        values = [str(i + 1) if kind == INT else repr(f"é{i}") for i in range(len(names))]
        class_.members = (
            *(f"{class_.name}.{name}" for name in names),
            f"{class_.name}({self._rng.choice(values)})",
            f"{class_.name}[{self._rng.choice(names)!r}]",
        )
        class_.properties = {"label": STR, "text": STR}
        lines = [f"class {class_.name}({base}):"]
        lines += [f"    {name} = {value}" for name, value in zip(names, values, strict=True)]
        lines += ["", "    @property", "    def label(self) -> str:"]
        lines += ["        return f'{self.name}:{self.value}'"]
        lines += ["", "    @property", "    def text(self) -> str:", "        return str(self)"]
        self._known[class_.name] = class_
        return "\n".join(lines) + "\n"


def _repr(class_: Class) -> list[str]:
    shown = " ".join(f"{{self.{name}!a}}" for name, k in class_.parameters if is_ordered(k))
    return ["", "    def __repr__(self) -> str:", f"        return f'{class_.name}({shown})'"]
