"""Random expressions for a bool or a float."""

from typing import TYPE_CHECKING

from tests.fuzz.kinds import BYTES, FLOAT, INT, STR, Kind, list_of

if TYPE_CHECKING:
    from tests.fuzz.expressions import Expressions

TEXT_TESTS = (
    *("isdigit", "isalpha", "isspace", "isupper", "islower", "isalnum", "isascii"),
    *("isdecimal", "istitle", "isprintable", "isnumeric"),
)
FLOATS = (0.0, 1.0, -1.0, 0.5, 2.5, -0.0, 3.14159, 1e10, 1e-7, 1e16, 123456.789, 1e300, 0.1, 1 / 3)


def boolean(make: "Expressions", depth: int) -> str:
    """A bool."""
    if depth <= 0:
        return make.pick(
            lambda: "True",
            lambda: "False",
            lambda: f"({make.integer(0)[0]} < {make.integer(0)[0]})",
        )
    kind = make.rng.choice((INT, INT, STR, BYTES, FLOAT, Kind("tuple", (INT, STR)), list_of(INT)))
    ordered = [c.name for c in make.scope.classes.values() if c.ordered]
    if ordered and make.rng.random() < 0.2:
        kind = Kind("class", class_name=make.rng.choice(ordered))
    compare = make.rng.choice(("<", "<=", "==", "!=", ">", ">="))
    below = depth - 1
    return make.pick(
        lambda: f"({make.of(kind, below)} {compare} {make.of(kind, below)})",
        lambda: f"({make.of(kind, below)} {compare} {make.of(kind, below)})",
        lambda: f"({make.integer(0)[0]} <= {make.integer(below)[0]} < {make.integer(0)[0]})",
        lambda: f"({make.boolean(below)} and {make.boolean(below)})",
        lambda: f"({make.boolean(below)} or {make.boolean(below)})",
        lambda: f"(not {make.of(kind, below)})",
        lambda: f"({make.text(below)} in {make.text(below)})",
        lambda: f"({make.integer(0)[0]} not in list({make.of(list_of(INT), below)}))",
        lambda: f"({make.text(0)} in {make.of(Kind('dict', (STR, INT)), below)})",
        lambda: f"({make.octets(0)} in {make.of(Kind('set', (BYTES,)), below)})",
        lambda: f"({make.view(below)} == {make.rng.choice((make.view, make.octets))(below)})",
        lambda: f"({make.small(0)} in {make.view(below)})",
        lambda: f"{make.text(below)}.startswith({make.text(0)})",
        lambda: f"{make.text(below)}.endswith({make.text(0)})",
        lambda: f"{make.text(below)}.{make.rng.choice(TEXT_TESTS)}()",
        lambda: f"any(i > {make.small(0)} for i in {make.of(list_of(INT), below)})",
        lambda: f"all(t != {make.text(0)} for t in {make.of(list_of(STR), below)})",
        lambda: f"bool({make.of(kind, below)})",
    )


def real(make: "Expressions", depth: int) -> str:
    """A float; never a NaN, whose sign bit is nobody's business."""
    if depth <= 0:
        value = make.rng.choice(FLOATS)
        return f"({value!r})"
    a, b, below = make.real(depth - 1), make.real(depth - 1), depth - 1
    return make.pick(
        lambda: f"tame({a} {make.rng.choice('+-*/')} {b})",
        lambda: f"tame({a} {make.rng.choice(('//', '%'))} {b})",
        lambda: f"({make.integer(below)[0]} / {make.integer(below)[0]})",
        lambda: f"float({make.integer(below)[0]})",
        lambda: f"round({a}, {make.rng.randint(0, 4)})",
        lambda: f"(-{a})",
        lambda: f"abs({a})",
        lambda: f"float({make.text(0)})",
        lambda: f"max({a}, {b})",
        lambda: f"tame({a} * {make.small(0)})",
    )
