"""Random statements without a body of their own."""

from typing import TYPE_CHECKING

from tests.fuzz.kinds import BOOL, BYTES, INT, STR, Kind, list_of, random_kind
from tests.fuzz.scope import Class

if TYPE_CHECKING:
    from tests.fuzz.statements import Statements

# What is assigned is cut to this many items: nothing grows without end.
CUT = 24
SPECS = ("d", ",", "08.3f", ">9", "<6", "^8", "x", "#x", "+", "e", "g", ".3", "%", "s", "c", "_")
FLAGS = ("", "0", "-", "+", " ", "#")
ERRORS = ("ValueError", "KeyError", "IndexError", "TypeError", "RuntimeError", "ArithmeticError")


def yield_(body: "Statements") -> list[str]:
    if body.protected:
        body.yields_protected = True
    return [f"yield {body.make.of(body.result, 2)}"]


def return_(body: "Statements") -> list[str]:
    return [f"return {body.make.of(body.result, 2)}"]


def declare(body: "Statements") -> list[str]:
    kind = random_kind(body.rng, classes(body))
    value = body.make.of(kind, 3)
    name = body.scope.name("v")
    body.scope.declare(name, kind)
    return [f"{name}: {kind} = {cut(kind, value)}"]


def classes(body: "Statements") -> list[str]:
    return list(body.scope.classes)


def cut(kind: Kind, value: str) -> str:
    """Keep what is assigned from growing without end."""
    if kind.name not in ("str", "bytes", "list", "row"):
        return value
    return f"({value})[:{CUT}]"


def assign(body: "Statements") -> list[str]:
    chosen = variable(body)
    if chosen is None:
        return declare(body)
    name, kind = chosen
    return [f"{name} = {cut(kind, body.make.of(kind, 3))}"]


def variable(body: "Statements", *names: str) -> tuple[str, Kind] | None:
    """A variable that may be assigned; of one of these types when they are given."""
    found = [
        (name, kind)
        for block in body.scope.variables
        for name, kind in block.items()
        if name not in body.scope.read_only and (not names or kind.name in names)
    ]
    return body.rng.choice(found) if found else None


def augment(body: "Statements") -> list[str]:
    chosen = variable(body, "int", "str", "list", "float")
    if chosen is None:
        return declare(body)
    name, kind = chosen
    match kind.name:
        case "int":
            operator = body.rng.choice(("+", "-", "*", "//", "%", "&", "|", "^", ">>"))
            return [
                f"{name} %= {body.rng.choice((1000, 99991))}",
                f"{name} {operator}= {body.make.small(1)}",
            ]
        case "float":
            return [f"{name} = tame({name} {body.rng.choice('+-*')} {body.make.real(1)})"]
        case _:
            return [
                f"{name} += {cut(kind, body.make.of(kind, 2))}",
                f"{name} = {name}[-{CUT}:]",
            ]


def change(body: "Statements") -> list[str]:
    """Change a container in place."""
    chosen = variable(body, "list", "dict", "set")
    if chosen is None:
        return declare(body)
    name, kind = chosen
    item = body.make.of(kind.items[0], 2)
    small = body.make.small(1)
    match kind.name:
        case "list":
            ways = [
                f"{name}.append({item})",
                f"{name}.insert({small}, {item})",
                f"{name}.extend({cut(kind, body.make.of(kind, 1))})",
                f"{name}[{small}] = {item}",
                f"{name}.pop()",
                f"{name}.pop({small})",
                f"{name}.reverse()",
                f"del {name}[{small}]",
                f"{name}.clear()",
                f"{name}[{small}:{body.make.small(0)}] = {cut(kind, body.make.of(kind, 1))}",
            ]
            if kind.items[0] in (INT, STR, BYTES):
                ways += [
                    f"{name}.sort()",
                    f"{name}.sort(reverse=True)",
                    f"{name}.remove({item})",
                ]
            return [body.rng.choice(ways), f"del {name}[{CUT}:]"]
        case "dict":
            value = body.make.of(kind.items[1], 2)
            ways = [
                f"{name}[{item}] = {value}",
                f"{name}.setdefault({item}, {value})",
                f"{name}.pop({item})",
                f"{name}.pop({item}, {value})",
                f"{name}.update({body.make.of(kind, 1)})",
                f"del {name}[{item}]",
                f"{name}.popitem()",
            ]
            return [body.rng.choice(ways)]
        case _:
            ways = [f"{name}.add({item})", f"{name}.discard({item})", f"{name}.remove({item})"]
            ways.append(f"{name}.update({body.make.of(list_of(kind.items[0]), 1)})")
            return [body.rng.choice(ways)]


def print_(body: "Statements") -> list[str]:
    kind = body.make.printable()
    return [f"print({ascii_of(kind, body.make.of(kind, 3))})"]


def unpack(body: "Statements") -> list[str]:
    first, second = body.scope.name("v"), body.scope.name("v")
    if body.rng.random() < 0.3:
        value = f"[{body.make.small(0)}, *{body.make.of(list_of(INT), 2)}]"
        body.scope.declare(first, INT)
        body.scope.declare(second, list_of(INT))
        return [f"{first}, *{second} = {value}"]
    kinds = (body.rng.choice((INT, STR)), body.rng.choice((INT, BOOL)))
    value = body.make.of(Kind("tuple", kinds), 2)
    body.scope.declare(first, kinds[0])
    body.scope.declare(second, kinds[1])
    return [f"{first}, {second} = {value}"]


def set_attribute(body: "Statements") -> list[str]:
    found = [
        (f"{name}.{attribute}", attribute_kind)
        for block in body.scope.variables
        for name, kind in block.items()
        if kind.name == "class" and not body.scope.classes[kind.class_name].frozen
        for attribute, attribute_kind in _settable(body.scope.classes[kind.class_name])
    ]
    if not found:
        return declare(body)
    target, kind = body.rng.choice(found)
    return [f"{target} = {cut(kind, body.make.of(kind, 2))}"]


def _settable(class_: Class) -> list[tuple[str, Kind]]:
    return [*class_.parameters, *((name, class_.properties[name]) for name in class_.settable)]


def global_(body: "Statements") -> list[str]:
    """Change a variable of the module."""
    return [f"counts[{body.make.small(0)}] = counts.get({body.make.small(0)}, 0) + 1"]


def walrus(body: "Statements") -> list[str]:
    name = body.scope.name("v")
    lines = [f"if ({name} := {body.make.integer(2)[0]}) > {body.make.small(0)}:"]
    body.scope.declare(name, INT)
    return [*lines, f"    print({name})"]


def octets_in_place(body: "Statements") -> list[str]:
    """A bytearray, changed and shown."""
    name = body.scope.name("z")
    small = body.make.small(1)
    ways = (
        f"{name}.append({body.make.small(0)} % 256)",
        f"{name}.extend({body.make.octets(1)})",
        f"{name}[{small}] = {body.make.integer(1)[0]}",
        f"{name}[{small}:] = {body.make.octets(0)}",
        f"del {name}[{small}]",
        f"{name}.insert({small}, 7)",
        f"{name} += {body.make.octets(0)}",
        f"{name}.reverse()",
        f"{name}.remove({small})",
    )
    changes = [body.rng.choice(ways) for _ in range(body.rng.randint(1, 3))]
    return [f"{name} = bytearray({body.make.octets(1)}[:9])", *changes, f"print({name})"]


def formatted_by_method(body: "Statements") -> list[str]:
    """Text by `format`, `%` and their specifications, which may be wrong."""
    number, real, text = body.make.integer(1)[0], body.make.real(1), body.make.text(1)
    width = body.rng.randint(0, 12)
    ways = (
        f"'{{0:>{width}}}|{{1!r}}|{{0!s:^7}}'.format({number}, {text})",
        f"'{{a:{body.rng.choice(SPECS)}}}'.format(a={number})",
        f"format({real}, {body.rng.choice(SPECS)!r})",
        f"format({text}, {body.rng.choice(SPECS)!r})",
        f"'%{body.rng.choice(FLAGS)}{width}d|%-5s|%r' % ({number}, {text}, {text})",
        f"'%{body.rng.choice(FLAGS)}{width}.{body.rng.randint(0, 5)}f' % ({real},)",
        f"'%(k)s %(n){body.rng.choice(FLAGS)}x' % {{'k': {text}, 'n': {body.make.small(1)}}}",
    )
    return [f"print(show({body.rng.choice(ways)}))"]


def raise_(body: "Statements") -> list[str]:
    if body.in_handler and body.rng.random() < 0.4:
        return ["raise"]
    name = body.rng.choice((*ERRORS, *body.errors, *body.errors))
    origin = body.rng.choice(("", "", " from None", " from ValueError('cause')"))
    argument = (
        body.make.integer(1)[0]
        if body.rng.random() < 0.3 and name not in body.errors
        else body.make.text(1)
    )
    return [f"raise {name}({argument}){origin}"]


def ascii_of(kind: Kind, text: str) -> str:
    """What shows a value: a lone surrogate cannot be logged as it is."""
    return text if kind.name in ("int", "bool", "float") else f"show({text})"
