"""Random expressions for str and bytes."""

from typing import TYPE_CHECKING

from tests.fuzz.kinds import FLOAT, INT, SCALARS, STR, VIEW, list_of

if TYPE_CHECKING:
    from tests.fuzz.expressions import Expressions

STRINGS = (
    *("", "a", "b", "abc", "Hello World", "x=1;y=2", " pad ", "12", "-7", "a,b,,c", "\\n", "{}%s"),
    *(
        "é",
        "straße",
        "日本語",
        "😀😀",
        "naïve café",
        "Ωmega",
        "\x00",
        "\x7f\x80",
        "\ud800",
        "tab\there",
    ),
    *("line\nbreak\r\nend", "'quoted'", '"', "ǅ", "ﬁn", "ŉ", "\u2028", "\uff10\uff11"),
)
BYTE_STRINGS = (b"", b"a", b"abc", b"\x00\xff", b"key=value", b"a,b,c", b"  x ", b"'", b"12")


def text(make: "Expressions", depth: int) -> str:
    """A str."""
    if depth <= 0:
        names = make.scope.of_kind(STR)
        if names and make.rng.random() < 0.5:
            return make.rng.choice(names)
        text = make.rng.choice(STRINGS)
        # mypyc wants a lone surrogate written so.
        return "chr(55296)" if text == "\ud800" else ascii(text)
    a, b, n, below = make.text(depth - 1), make.text(0), make.small(0), depth - 1
    simple = (
        "upper",
        "lower",
        "title",
        "capitalize",
        "swapcase",
        "casefold",
        "strip",
        "lstrip",
        "expandtabs",
    )
    return make.pick(
        lambda: f"({a} + {b})",
        lambda: f"({a} * {make.small(0)})",
        lambda: f"{a}[{n}]",
        lambda: f"{a}[{slice_(make)}]",
        lambda: f"{a}.{make.rng.choice(simple)}()",
        lambda: f"{a}.strip({b})",
        lambda: f"{a}.replace({b}, {make.text(0)})",
        lambda: f"{a}.replace({b}, {make.text(0)}, {n})",
        lambda: f"{a}.join({make.of(list_of(STR), below)})",
        lambda: f"{a}.{make.rng.choice(('zfill', 'center', 'ljust', 'rjust'))}({n})",
        lambda: f"{a}.center({n}, '*')",
        lambda: (
            f"{a}.{make.rng.choice(('partition', 'rpartition'))}({b})[{make.rng.randint(0, 2)}]"
        ),
        lambda: f"{a}.{make.rng.choice(('removeprefix', 'removesuffix'))}({b})",
        lambda: f"str({make.of(make.rng.choice(SCALARS), below)})",
        lambda: f"repr({make.of(make.printable(), below)})",
        lambda: f"chr({make.small(0)} + {make.rng.choice((65, 200, 945, 128512))})",
        lambda: f"hex({make.integer(below)[0]})",
        lambda: f"bin({make.integer(below)[0]})",
        lambda: f"{a}.encode().decode()",
        lambda: f"{make.octets(below)}.decode()",
        lambda: f"{make.octets(below)}.decode('latin-1')",
        lambda: f"{make.octets(below)}.hex()",
        lambda: f"{make.view(below)}.hex()",
        lambda: f"str({make.view(below)}, 'latin-1')",
        lambda: formatted(make),
        lambda: formatted(make),
        lambda: f"('%s|%d|%5.2f' % ({a}, {make.integer(below)[0]}, {make.real(below)}))",
        lambda: (
            f"'{{!r}}-{{:>5}}'.format({make.of(make.printable(), below)}, {make.integer(0)[0]})"
        ),
        lambda: f"sorted({make.of(list_of(STR), below)})[{n}]",
    )


def formatted(make: "Expressions") -> str:
    """An f-string. Before Python 3.12 quotes and backslashes cannot stand in its fields."""
    specs = {
        INT: ("", ":d", ":05d", ":x", ":>8", ":,", ":+d", ":^9", ":#b", ":e"),
        STR: ("", "!r", ":>6", ":*^7", ":.2", "!s:<5", "!a"),
        FLOAT: ("", ":.2f", ":e", ":g", ":10.3f", "!r", ":,.1f", ":%", ":08.1f", ":.0f"),
    }
    parts = []
    for _ in range(make.rng.randint(1, 3)):
        kind = make.rng.choice(tuple(specs))
        names = make.scope.of_kind(kind)
        value = make.rng.choice(names) if names else {INT: "42", STR: "str(1)", FLOAT: "2.5"}[kind]
        parts.append(f"{{{value}{make.rng.choice(specs[kind])}}}")
    return "f'" + " ".join(parts) + "'"


def slice_(make: "Expressions") -> str:
    """What stands in the brackets of a slice."""
    bounds = [
        make.rng.choice(("", "", str(make.rng.randint(-6, 6)), make.small(0))) for _ in range(2)
    ]
    step = make.rng.choice(("", "", "", ":2", ":-1", ":-2", ":3"))
    return f"{bounds[0]}:{bounds[1]}{step}"


def octets(make: "Expressions", depth: int) -> str:
    """A bytes object."""
    if depth <= 0:
        return repr(make.rng.choice(BYTE_STRINGS))
    a, b = make.octets(depth - 1), make.octets(0)
    return make.pick(
        lambda: f"({a} + {b})",
        lambda: f"({a} * {make.small(0)})",
        lambda: f"{a}[{slice_(make)}]",
        lambda: f"{make.text(depth - 1)}.encode()",
        lambda: f"{a}.replace({b}, {make.octets(0)})",
        lambda: f"{b}.join([{a}, {make.octets(0)}])",
        lambda: f"{a}.{make.rng.choice(('strip', 'upper', 'lower', 'lstrip'))}()",
        lambda: f"bytes([{make.integer(0)[0]} % 256, {make.small(0)}])",
        lambda: f"bytes({make.view(depth - 1)})",
        lambda: f"{make.view(depth - 1)}.tobytes()",
        lambda: f"{b}.join([memoryview({a}), {make.octets(0)}])",
    )


def view(make: "Expressions", depth: int) -> str:
    """A memoryview."""
    if depth <= 0:
        return f"memoryview({make.octets(0)})"
    whole = make.of(VIEW, depth - 1)
    return make.pick(
        lambda: f"memoryview({make.octets(depth - 1)})",
        lambda: f"{whole}[{slice_(make)}]",
        lambda: f"{whole}[{slice_(make)}]",
        lambda: f"memoryview({whole})",
        lambda: f"{whole}.toreadonly()",
    )
