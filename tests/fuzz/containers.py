"""Random expressions for containers, instances and functions."""

from typing import TYPE_CHECKING

from tests.fuzz.kinds import BYTES, INT, STR, Kind, list_of
from tests.fuzz.texts import slice_

if TYPE_CHECKING:
    from tests.fuzz.expressions import Expressions


def _items(make: "Expressions", kind: Kind, depth: int) -> str:
    return ", ".join(make.of(kind, depth - 1) for _ in range(make.rng.randint(1, 3)))


def list_(make: "Expressions", kind: Kind, depth: int) -> str:
    item = kind.items[0]
    ways = [lambda: f"[{_items(make, item, depth)}]"]
    if depth > 0:
        whole = make.of(kind, depth - 1)
        ways += [
            lambda: f"({whole} + {make.of(kind, depth - 1)})",
            lambda: f"({whole} * {make.small(0)})",
            lambda: f"{whole}[{slice_(make)}]",
            lambda: comprehension(make, item, depth, "[", "]"),
            lambda: comprehension(make, item, depth, "[", "]"),
            lambda: f"list({make.of(Kind('row', (item,)), depth - 1)})",
            lambda: f"list(reversed({whole}))",
            lambda: f"[*{whole}, {make.of(item, depth - 1)}]",
            lambda: f"{whole}.copy()",
        ]
        if item in (INT, STR, BYTES):
            ways += [
                lambda: f"sorted({whole})",
                lambda: f"sorted({make.of(Kind('set', (item,)), depth - 1)}, reverse=True)",
                lambda: f"list({make.of(Kind('dict', (item, INT)), depth - 1)})",
            ]
        if item == INT:
            ways += [
                lambda: (
                    f"list(range({make.small(0)}, {make.small(0)}, {make.rng.choice((1, 2, -1))}))"
                ),
                lambda: f"list({make.octets(depth - 1)})",
                lambda: f"list({make.view(depth - 1)})",
                lambda: f"{make.view(depth - 1)}.tolist()",
            ]
        if item == STR:
            text = make.text(depth - 1)
            ways += [
                lambda: f"list({text})",
                lambda: f"{text}.split()",
                lambda: f"{text}.split({make.text(0)}, {make.rng.randint(-1, 2)})",
                lambda: f"{text}.rsplit({make.text(0)}, {make.rng.randint(-1, 2)})",
                lambda: f"{text}.splitlines({make.rng.choice(('', 'True'))})",
            ]
    return make.rng.choice(ways)()


def comprehension(make: "Expressions", item: Kind, depth: int, left: str, right: str) -> str:
    """A list, set or generator of `item`."""
    source = make.rng.choice((INT, STR))
    name = make.scope.name("c")
    iterable = make.of(list_of(source), depth - 1)
    make.scope.variables.append({name: source})
    make.scope.loops *= 4
    make.scope.read_only.add(name)
    value, condition = make.of(item, depth - 1), make.boolean(min(depth - 1, 1))
    make.scope.loops //= 4
    make.scope.variables.pop()
    test = f" if {condition}" if make.rng.random() < 0.5 else ""
    return f"{left}{value} for {name} in {iterable}{test}{right}"


def dict_(make: "Expressions", kind: Kind, depth: int) -> str:
    key, value = kind.items
    ways = [
        lambda: (
            "{"
            + ", ".join(
                f"{make.of(key, depth - 1)}: {make.of(value, depth - 1)}"
                for _ in range(make.rng.randint(1, 3))
            )
            + "}"
        )
    ]
    if depth > 0:
        ways += [
            lambda: "{**" + f"{make.of(kind, depth - 1)}, **{make.of(kind, depth - 1)}" + "}",
            lambda: f"({make.of(kind, depth - 1)} | {make.of(kind, depth - 1)})",
            lambda: f"{make.of(kind, depth - 1)}.copy()",
        ]
        if key == INT:
            ways.append(lambda: comprehension(make, value, depth, "{len(str(0)): ", "}"))
    return make.rng.choice(ways)()


def set_(make: "Expressions", kind: Kind, depth: int) -> str:
    ways = [lambda: "{" + _items(make, kind.items[0], depth) + "}"]
    if depth > 0:
        ways += [
            lambda: (
                f"({make.of(kind, depth - 1)} {make.rng.choice('|&-^')} {make.of(kind, depth - 1)})"
            ),
            lambda: f"set({make.of(list_of(kind.items[0]), depth - 1)})",
            lambda: comprehension(make, kind.items[0], depth, "{", "}"),
        ]
    return make.rng.choice(ways)()


def tuple_(make: "Expressions", kind: Kind, depth: int) -> str:
    return "(" + "".join(f"{make.of(item, depth - 1)}, " for item in kind.items) + ")"


def row(make: "Expressions", kind: Kind, depth: int) -> str:
    if depth > 0 and make.rng.random() < 0.5:
        return f"tuple({make.of(list_of(kind.items[0]), depth - 1)})"
    return f"({_items(make, kind.items[0], depth)},)"


def optional(make: "Expressions", kind: Kind, depth: int) -> str:
    if depth <= 0 or make.rng.random() < 0.3:
        return "None"
    return make.of(kind.items[0], depth - 1)


def instance(make: "Expressions", kind: Kind, depth: int) -> str:
    choices = make.scope.subclasses(kind.class_name) if depth > 0 else [kind.class_name]
    name = make.rng.choice(choices)
    class_ = make.scope.classes[name]
    if class_.members:
        return make.rng.choice(class_.members)
    given = len(class_.parameters) - make.rng.randint(0, class_.defaults)
    arguments = [make.of(k, depth - 1) for _, k in class_.parameters[:given]]
    if arguments and class_.defaults and make.rng.random() < 0.4:
        arguments[-1] = f"{class_.parameters[given - 1][0]}={arguments[-1]}"
    return f"{name}({', '.join(arguments)})"


def function(make: "Expressions", kind: Kind, depth: int) -> str:
    *parameters, result = kind.items
    fitting = [
        f.name
        for f in make.scope.affordable()
        if f.parameters == tuple(parameters)
        and f.result == result
        and not f.is_generator
        and f.cost < 50
    ]
    if fitting and make.rng.random() < 0.5:
        return make.rng.choice(fitting)
    names = [make.scope.name("q") for _ in parameters]
    make.scope.read_only.update(names)
    with make.scope.inner_function(dict(zip(names, parameters, strict=True))):
        body = make.of(result, min(depth - 1, 1))
    return f"(lambda {', '.join(names)}: {body})"
