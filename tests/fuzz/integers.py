"""Random expressions for an int, with what its absolute value is at most.

An int is always within 63 bits: an operation that could leave that range stands in `limited`,
which raises in CPython what ours raises by itself.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.fuzz.kinds import INT, STR, Kind, list_of

if TYPE_CHECKING:
    from tests.fuzz.expressions import Expressions

LIMIT = (1 << 62) - 1
INTS = (0, 1, -1, 2, 3, 5, 7, 10, -3, 63, 64, 100, 255, 256, 1000, 65535, -65536, 10**9, 1 << 31)
EXTREMES = (LIMIT, -LIMIT, -LIMIT - 1, LIMIT - 1, 1 << 61, 1 << 53, (1 << 53) + 1, 10**18, 1 << 32)


def integer(make: "Expressions", depth: int) -> tuple[str, int]:
    """An expression, and what its absolute value is at most."""
    rng = make.rng
    names = make.scope.of_kind(INT)
    if names and rng.random() < (0.4 if depth > 0 else 0.75):
        return rng.choice(names), LIMIT + 1
    if depth <= 0:
        value = rng.choice(EXTREMES if rng.random() < 0.1 else INTS)
        if value < -LIMIT:
            return "lowest()", LIMIT + 1
        # The compiler computes constants, and refuses one beyond 63 bits: none may grow so.
        return (f"same({value})" if abs(value) > 20 else f"({value})"), abs(value)
    return rng.choice((_arithmetic, _arithmetic, _bits, _measure))(make, depth)


def _within(text: str, bound: int) -> tuple[str, int]:
    return (f"({text})", bound) if bound <= LIMIT else (f"limited({text})", LIMIT + 1)


def _arithmetic(make: "Expressions", depth: int) -> tuple[str, int]:
    a, bound = make.integer(depth - 1)
    match make.rng.choice("+-*/%n^d"):
        case "+" | "-" as operator:
            b, other = make.integer(depth - 1)
            return _within(f"{a} {operator} {b}", bound + other)
        case "*":
            b, other = make.integer(depth - 1)
            return _within(f"{a} * {b}", bound * other)
        case "/":
            b, _ = make.integer(depth - 1)
            return _within(f"{a} // {b}", bound)
        case "%":
            b, other = make.integer(depth - 1)
            return _within(f"{a} % {b}", other)
        case "n":
            return _within(make.rng.choice(("-{}", "abs({})")).format(a), bound)
        case "^":
            power = make.rng.randint(0, 4)
            return _within(f"same({a}) ** {power}", max(bound, 1) ** power)
        case _:
            b, other = make.integer(depth - 1)
            return _within(f"divmod({a}, {b})[{make.rng.randint(0, 1)}]", max(bound, other))


def _bits(make: "Expressions", depth: int) -> tuple[str, int]:
    a, bound = make.integer(depth - 1)
    match make.rng.choice("&|^<>~"):
        case "<":
            return _within(f"same({a}) << {make.small(depth - 1)}", LIMIT + 1)
        case ">":
            return _within(f"{a} >> {make.small(depth - 1)}", bound)
        case "~":
            return _within(f"~{a}", bound + 1)
        case operator:
            b, other = make.integer(depth - 1)
            return f"({a} {operator} {b})", LIMIT + 1 if max(bound, other) > 1 << 30 else 1 << 31


def _measure(make: "Expressions", depth: int) -> tuple[str, int]:
    """An int that is found, counted or read."""
    text = make.text(depth - 1)
    wide = LIMIT + 1
    ways: list[Callable[[], tuple[str, int]]] = [
        lambda: (f"len({make.sized(depth - 1)})", 10**6),
        lambda: (f"{text}.find({make.text(0)})", 10**6),
        lambda: (f"{text}.index({make.text(0)})", 10**6),
        lambda: (f"{text}.count({make.text(0)})", 10**6),
        lambda: (f"ord({text}[{make.small(0)}])", 1 << 21),
        lambda: (f"int({text})", wide),
        lambda: (f"int({make.boolean(depth - 1)})", 1),
        lambda: (f"{make.octets(depth - 1)}[{make.small(0)}]", 255),
        lambda: (f"{make.view(depth - 1)}[{make.small(0)}]", 255),
        lambda: (f"sum({make.view(depth - 1)})", 10**6),
        lambda: (f"sum(i % 100 for i in {make.of(list_of(INT), depth - 1)})", 10**6),
        lambda: (f"max({make.integer(depth - 1)[0]}, {make.integer(depth - 1)[0]})", wide),
        lambda: (f"min({make.of(list_of(INT), depth - 1)})", wide),
        lambda: (f"{make.of(list_of(STR), depth - 1)}.index({text})", 10**6),
        lambda: (f"int({make.integer(depth - 1)[0]}).bit_length()", 64),
        lambda: (
            f"{make.of(Kind('dict', (STR, INT)), depth - 1)}.get({text}, {make.small(0)})",
            wide,
        ),
        lambda: (f"(int({make.real(0)} % 1e9) % 1000)", 1000),
    ]
    return make.rng.choice(ways)()
