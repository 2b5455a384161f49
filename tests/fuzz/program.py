"""Whole random programs: a module with classes, functions and a `main` that calls them."""

import random

from tests.fuzz.classes import Classes
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


def as_object(x: object) -> object:
    return x


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
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum
from typing import NamedTuple

from {PRELUDE_NAME} import LIMIT, Guard, as_object, limited, lowest, same, show, tame

counts: dict[int, int] = {{}}
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
        classes = Classes(self)
        parts += [classes.declare(number) for number in range(self.rng.randint(0, 3))]
        parts += [self._function(number) for number in range(self.rng.randint(1, 3))]
        parts.append(self._main())
        for kind, name in self.identities.items():
            parts.append(f"def {name}(x: {kind}) -> {kind}:\n    return x\n")
        return "\n\n".join(parts)

    def scope(self, variables: dict[str, Kind]) -> Scope:
        scope = Scope(self.rng, self.classes, self.functions, self.identities)
        scope.variables = [dict(variables)]
        return scope

    def _error(self, number: int) -> str:
        name = f"Error{number}"
        base = self.rng.choice(("Exception", "ValueError", "LookupError", *self.errors))
        self.errors.append(name)
        return f"class {name}({base}):\n    pass\n"

    def _function(self, number: int) -> str:
        name = f"function{number}"
        kinds = tuple(
            random_kind(self.rng, list(self.classes), 1) for _ in range(self.rng.randint(0, 3))
        )
        result = random_kind(self.rng, list(self.classes))
        is_generator = self.rng.random() < 0.2
        defaults = 0
        star = self.rng.choice((INT, STR)) if self.rng.random() < 0.2 else None
        if kinds and not star and self.rng.random() < 0.3:
            kinds, defaults = (*kinds, self.rng.choice((INT, STR, BOOL))), 1
        scope = self.scope({f"p{i}": kind for i, kind in enumerate(kinds)})
        if star:
            scope.declare("rest", Kind("row", (star,)), constant=True)
        statements = Statements(scope, result, self.errors, is_generator=is_generator)
        parameters = [f"p{i}: {kind}" for i, kind in enumerate(kinds)]
        if star:
            parameters.append(f"*rest: {star}")
        if defaults:
            parameters[-1] = f"p{len(kinds)}: {kinds[-1]} = {DEFAULTS[kinds[-1]]}"
            scope.variables[0] = {
                **{f"p{i}": kind for i, kind in enumerate(kinds[:-1])},
                f"p{len(kinds)}": kinds[-1],
            }
        body = statements.body(self.rng.randint(1, 5))
        abandonable = not statements.yields_protected
        self.functions.append(
            Function(name, kinds, result, scope.cost, is_generator, defaults, abandonable, star)
        )
        returns = f"Iterator[{result}]" if is_generator else str(result)
        lines = [f"def {name}({', '.join(parameters)}) -> {returns}:"]
        return "\n".join([*lines, *(f"    {line}" for line in body)]) + "\n"

    def _main(self) -> str:
        lines = ["def main() -> None:"]
        for function in self.functions:
            for _ in range(2):
                scope = self.scope({})
                scope.functions = []
                make = Statements(scope, INT, [], is_generator=False).make
                call = make.call(
                    function.name, function.parameters, 0, 2, function.defaults, function.star
                )
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
