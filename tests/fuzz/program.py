"""Whole random programs: a module with classes, functions and a `main` that calls them."""

import random

from tests.fuzz.kinds import BOOL, INT, STR, Kind, is_ordered, random_kind
from tests.fuzz.scope import Class, Function, Scope
from tests.fuzz.statements import Statements

# A difference of the dialect: beyond 63 bits an int raises. CPython is made to do so too.
PRELUDE = """\
LIMIT = 4611686018427387903


def limited(x: int) -> int:
    if x > LIMIT or x < -LIMIT - 1:
        raise OverflowError("int too large for 63 bits")
    return x


def same(x: int) -> int:
    return x


def lowest() -> int:
    return -LIMIT - 1


def tame(x: float) -> float:
    return x if -1e300 < x < 1e300 else 0.25


def show(x: object) -> str:
    return ascii(x)


class Guard:
    def __init__(self, name: str, swallow: bool) -> None:
        self.name = name
        self.swallow = swallow

    def __enter__(self) -> int:
        print("enter", show(self.name))
        return len(self.name)

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        print("exit", error is None)
        return self.swallow
"""
PRELUDE_NAME = "fuzz_prelude"

IMPORTS = f"""\
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import NamedTuple

from {PRELUDE_NAME} import LIMIT, Guard, limited, lowest, same, show, tame
"""


class Generator:
    """Makes one program.

    Args:
        seed: The same seed makes the same program.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.classes: dict[str, Class] = {}
        self.functions: list[Function] = []
        self.errors: list[str] = []
        self.identities: dict[Kind, str] = {}

    def source(self) -> str:
        """The module."""
        parts = [IMPORTS]
        parts += [self._error(number) for number in range(self.rng.randint(1, 2))]
        parts += [self._class(number) for number in range(self.rng.randint(0, 2))]
        parts += [self._function(number) for number in range(self.rng.randint(1, 3))]
        parts.append(self._main())
        for kind, name in self.identities.items():
            parts.append(f"def {name}(x: {kind}) -> {kind}:\n    return x\n")
        return "\n\n".join(parts)

    def _scope(self, variables: dict[str, Kind]) -> Scope:
        scope = Scope(self.rng, self.classes, self.functions, self.identities)
        scope.variables = [dict(variables)]
        return scope

    def _error(self, number: int) -> str:
        name = f"Error{number}"
        base = self.rng.choice(("Exception", "ValueError", "LookupError", *self.errors))
        self.errors.append(name)
        return f"class {name}({base}):\n    pass\n"

    def _class(self, number: int) -> str:
        if self.rng.random() < 0.3:
            return self._dataclass(number)
        bases = [c for c in self.classes.values() if not c.final_fields]
        base = self.rng.choice(bases) if bases and self.rng.random() < 0.6 else None
        class_ = Class(f"Class{number}", base.name if base else "", [])
        earlier = list(self.classes)
        own = [
            (f"{'abcd'[i]}{number}", random_kind(self.rng, earlier, 1))
            for i in range(self.rng.randint(0 if base else 1, 3))
        ]
        inherited = base.parameters if base else []
        class_.parameters = [*inherited, *own]
        class_.methods = dict(base.methods) if base else {}
        lines = [f"class {class_.name}{f'({base.name})' if base else ''}:"]
        shown = ", ".join(f"{n}: {k}" for n, k in class_.parameters)
        lines.append(f"    def __init__(self{', ' if shown else ''}{shown}) -> None:")
        if base:
            lines.append(f"        super().__init__({', '.join(n for n, _ in inherited)})")
        lines += [f"        self.{name} = {name}" for name, _ in own]
        lines += self._repr(class_)
        overridden = [name for name in class_.methods if self.rng.random() < 0.5]
        for name in overridden:
            lines += self._method(class_, name, *class_.methods[name])
        for index in range(self.rng.randint(0, 2)):
            name = f"method{number}_{index}"
            kinds = tuple(random_kind(self.rng, earlier, 1) for _ in range(self.rng.randint(0, 2)))
            result = random_kind(self.rng, earlier, 1)
            lines += self._method(class_, name, kinds, result)
            class_.methods[name] = (kinds, result)
        self.classes[class_.name] = class_
        return "\n".join(lines) + "\n"

    def _repr(self, class_: Class) -> list[str]:
        shown = " ".join(f"{{self.{name}!a}}" for name, k in class_.parameters if is_ordered(k))
        return ["", "    def __repr__(self) -> str:", f"        return f'{class_.name}({shown})'"]

    def _method(self, class_: Class, name: str, kinds: tuple[Kind, ...], result: Kind) -> list[str]:
        parameters = {f"p{i}": kind for i, kind in enumerate(kinds)}
        scope = self._scope({**parameters, **{f"self.{n}": k for n, k in class_.parameters}})
        scope.read_only = {f"self.{n}" for n, _ in class_.parameters}
        # Made before the class can be used: it and what comes later do not exist yet.
        saved, self.functions[:] = list(self.functions), []
        body = Statements(scope, result, self.errors, is_generator=False).body(2)
        self.functions[:] = saved
        shown = "".join(f", {n}: {k}" for n, k in parameters.items())
        head = ["", f"    def {name}(self{shown}) -> {result}:"]
        return [*head, *(f"        {line}" for line in body)]

    def _dataclass(self, number: int) -> str:
        frozen = self.rng.random() < 0.5
        class_ = Class(f"Data{number}", "", [], frozen=frozen, final_fields=True)
        class_.parameters = [
            (f"{'abcd'[i]}{number}", random_kind(self.rng, list(self.classes), 1))
            for i in range(self.rng.randint(1, 3))
        ]
        # Text of a set depends on its order, and text with surrogates cannot be logged.
        class_.parameters = [(n, k if is_ordered(k) else INT) for n, k in class_.parameters]
        self.classes[class_.name] = class_
        lines = ["@dataclass(frozen=True)" if frozen else "@dataclass", f"class {class_.name}:"]
        return "\n".join([*lines, *(f"    {n}: {k}" for n, k in class_.parameters)]) + "\n"

    def _function(self, number: int) -> str:
        name = f"function{number}"
        kinds = tuple(
            random_kind(self.rng, list(self.classes), 1) for _ in range(self.rng.randint(0, 3))
        )
        result = random_kind(self.rng, list(self.classes))
        is_generator = self.rng.random() < 0.2
        defaults = 0
        if kinds and self.rng.random() < 0.3:
            kinds, defaults = (*kinds, self.rng.choice((INT, STR, BOOL))), 1
        scope = self._scope({f"p{i}": kind for i, kind in enumerate(kinds)})
        statements = Statements(scope, result, self.errors, is_generator=is_generator)
        parameters = [f"p{i}: {kind}" for i, kind in enumerate(kinds)]
        if defaults:
            parameters[-1] = f"p{len(kinds)}: {kinds[-1]} = {DEFAULTS[kinds[-1]]}"
            scope.variables[0] = {
                **{f"p{i}": kind for i, kind in enumerate(kinds[:-1])},
                f"p{len(kinds)}": kinds[-1],
            }
        body = statements.body(self.rng.randint(2, 6))
        abandonable = not statements.yields_protected
        self.functions.append(
            Function(name, kinds, result, scope.cost, is_generator, defaults, abandonable)
        )
        returns = f"Iterator[{result}]" if is_generator else str(result)
        lines = [f"def {name}({', '.join(parameters)}) -> {returns}:"]
        return "\n".join([*lines, *(f"    {line}" for line in body)]) + "\n"

    def _main(self) -> str:
        lines = ["def main() -> None:"]
        for function in self.functions:
            for _ in range(3):
                scope = self._scope({})
                scope.functions = []
                make = Statements(scope, INT, [], is_generator=False).make
                call = make.call(function.name, function.parameters, 0, 2, function.defaults)
                if function.is_generator:
                    call = f"list({call})"
                lines += [
                    "    try:",
                    f"        print('{function.name}', show({shown(function, call)}))",
                    "    except Exception as error:",
                    "        print(type(error).__name__, show(str(error)))",
                ]
        return "\n".join(lines) + "\n"


DEFAULTS = {INT: "7", STR: "'default'", BOOL: "True"}


def shown(function: Function, call: str) -> str:
    """What is shown of a result."""
    if is_ordered(function.result):
        return call
    if function.result.name == "set":
        return f"[sorted(s) for s in {call}]" if function.is_generator else f"sorted({call})"
    return f"len([{call}])"


def program(seed: int) -> str:
    """The source of the program that a seed makes."""
    return Generator(seed).source()
