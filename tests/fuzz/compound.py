"""Random statements with a body: blocks, loops, handlers, closures."""

from typing import TYPE_CHECKING

from tests.fuzz.kinds import BOOL, INT, STR, Kind, function_of, is_ordered, list_of, random_kind
from tests.fuzz.simple import classes, cut, declare, variable

if TYPE_CHECKING:
    from tests.fuzz.statements import Statements

# What a loop runs at most.
ROUNDS = 4
CAUGHT = (
    *("ValueError", "LookupError", "ArithmeticError", "Exception", "(KeyError, ValueError)"),
    *("IndexError", "OverflowError", "ZeroDivisionError", "UnicodeError", "(TypeError, Exception)"),
)


def if_(body: "Statements") -> list[str]:
    lines = [f"if {body.make.boolean(2)}:", *body.block()]
    if body.rng.random() < 0.3:
        lines += [f"elif {body.make.boolean(2)}:", *body.block()]
    if body.rng.random() < 0.5:
        lines += ["else:", *body.block()]
    return lines


def loop(body: "Statements", head: str, names: dict[str, Kind], first: list[str]) -> list[str]:
    before, body.in_loop = body.in_loop, True
    body.scope.loops *= ROUNDS
    body.scope.variables.append(names)
    body.scope.read_only.update(names)
    inside = body.block()
    body.scope.variables.pop()
    body.scope.loops //= ROUNDS
    body.in_loop = before
    lines = [head, *(f"    {line}" for line in first), *inside]
    if body.rng.random() < 0.25:
        lines += ["else:", *body.block()]
    return lines


def for_(body: "Statements") -> list[str]:
    name, other = body.scope.name("i"), body.scope.name("i")
    item = body.rng.choice((INT, STR, BOOL))
    items = body.make.of(list_of(item), 2)
    match body.rng.randint(0, 7):
        case 0:
            return loop(
                body, f"for {name} in range({body.make.small(1)} % {ROUNDS}):", {name: INT}, []
            )
        case 1:
            return loop(body, f"for {name} in {items}[:{ROUNDS}]:", {name: item}, [])
        case 2:
            head = f"for {name}, {other} in enumerate({items}[:{ROUNDS}], {body.make.small(0)}):"
            return loop(body, head, {name: INT, other: item}, [])
        case 3:
            mapping = body.make.of(Kind("dict", (STR, item)), 2)
            head = f"for {name}, {other} in {mapping}.items():"
            return loop(body, head, {name: STR, other: item}, [])
        case 4:
            head = f"for {name}, {other} in zip({items}[:{ROUNDS}], {body.make.text(1)}):"
            return loop(body, head, {name: item, other: STR}, [])
        case 5:
            head = f"for {name} in sorted({body.make.of(Kind('set', (STR,)), 2)})[:{ROUNDS}]:"
            return loop(body, head, {name: STR}, [])
        case 6:
            return loop(body, f"for {name} in reversed({items}[:{ROUNDS}]):", {name: item}, [])
        case _:
            return loop(body, f"for {name} in {body.make.octets(1)}[:{ROUNDS}]:", {name: INT}, [])


def while_(body: "Statements") -> list[str]:
    name = body.scope.name("w")
    head = f"while {name} < {ROUNDS} and {body.make.boolean(1)}:"
    return [f"{name} = 0", *loop(body, head, {name: INT}, [f"{name} += 1"])]


# What stops a loop that looks for characters, or for bytes.
STOPS = (
    *("{} == '='", "{} == ';' or {} == 'a'", "{} in ' ,;'", "{} < '!'", "{} > 'y'", "{} != 'a'"),
    *("'a' <= {} <= 'c'", "{} in '=;,ab'", "ord({}) >= 128", "{} == 'é'"),
)
BYTE_STOPS = (
    *("{} == 61", "{} < 32 or {} == 34", "{} >= 128", "{} in (44, 59)", "{} != 97", "{} & 32 == 0"),
    *("97 <= {} < 100", "{} > 120", "{} == 255"),
)


def scan(body: "Statements") -> list[str]:
    """A loop that passes over most characters of a text, or bytes."""
    text, place, item = (body.scope.name(prefix) for prefix in ("text", "at", "item"))
    is_text = body.rng.random() < 0.6
    part = body.make.text if is_text else body.make.octets
    stop = body.rng.choice(STOPS if is_text else BYTE_STOPS).replace("{}", item)
    if body.rng.random() < 0.3:
        stop = f"{stop} or {place} == {body.make.small(0)}"
    lines = [f"{text} = ({part(1)} * {body.rng.randint(1, 5)} + {part(0)})[:40]"]
    lines += [f"{place} = {body.rng.randint(-2, 3)}"]
    read = f"{item} = {text}[{place}]"
    skip = [f"if not ({stop}):", "    continue"]
    match body.rng.randint(0, 3):
        case 0:
            head, first = f"for {place} in range(len({text})):", [read, *skip]
        case 1:
            head, first = f"for {item} in {text}:", skip
        case 2:
            head, first = f"while {place} < len({text}):", [read, f"{place} += 1", *skip]
        case _:
            head = f"while {place} < {body.rng.randint(0, 50)}:"
            first = [read, f"{place} += 1", *skip]
    names = {place: INT, item: STR if is_text else INT}
    body.scope.loops *= ROUNDS
    lines += loop(body, head, names, first)
    body.scope.loops //= ROUNDS
    # A loop over an empty range sets its variable in compiled code.
    return [*lines, f"print({place} if {text} else 0)"]


def try_(body: "Statements") -> list[str]:
    body.protected += 1
    lines = ["try:", *body.block()]
    clauses = body.rng.randint(0, 2)
    for caught in body.rng.sample((*CAUGHT, *body.errors), clauses):
        name = body.scope.name("e")
        before, body.in_handler = body.in_handler, True
        inside = body.block()
        body.in_handler = before
        shown = body.rng.choice(("str({})", "repr({})", "type({}).__name__", "repr({}.__cause__)"))
        lines += [
            f"except {caught} as {name}:",
            f"    print(ascii({shown.format(name)}))",
            *inside,
        ]
    if clauses and body.rng.random() < 0.3:
        lines += ["else:", *body.block()]
    if not clauses or body.rng.random() < 0.4:
        before, body.in_finally = body.in_finally, True
        lines += ["finally:", *body.block()]
        body.in_finally = before
    body.protected -= 1
    return lines


def match_(body: "Statements") -> list[str]:
    match body.rng.randint(0, 2):
        case 0:
            lines = [
                f"match {body.make.integer(2)[0]}:",
                "    case 0 | 1:",
                *indented(body.block()),
            ]
            name = body.scope.name("m")
            lines += [
                f"    case {name} if {name} < {body.make.integer(0)[0]}:",
                *indented(body.block()),
            ]
        case 1:
            name = body.scope.name("m")
            lines = [f"match {body.make.of(list_of(INT), 2)}:", f"    case [{name}]:"]
            lines += [f"        print({name})", *indented(body.block())]
            lines += [f"    case [_, *{name}_rest]:", f"        print({name}_rest)"]
        case _:
            lines = [
                f"match {body.make.text(2)}:",
                "    case 'a' | 'abc' | '':",
                *indented(body.block()),
            ]
    return [*lines, "    case _:", *indented(body.block())]


def closure(body: "Statements") -> list[str]:
    """A nested function that reads, and perhaps changes, what is around it."""
    name, parameter = body.scope.name("f"), body.scope.name("a")
    kinds = (body.rng.choice((INT, STR)), body.rng.choice((INT, STR, BOOL)))
    lines = [f"def {name}({parameter}: {kinds[0]}) -> {kinds[1]}:"]
    changed = variable(body, "int", "str")
    with body.scope.inner_function({parameter: kinds[0]}):
        if changed is not None:
            lines += [
                f"    nonlocal {changed[0]}",
                f"    {changed[0]} = {cut(changed[1], body.make.of(changed[1], 2))}",
            ]
        lines.append(f"    return {body.make.of(kinds[1], 2)}")
    body.scope.declare(name, function_of(*kinds), constant=True)
    return lines


def narrow(body: "Statements") -> list[str]:
    """An optional value, used where it is not None."""
    name, inner = body.scope.name("o"), random_kind(body.rng, classes(body), 1)
    if inner.name == "optional":
        inner = INT
    kind = Kind("optional", (inner,))
    lines = [f"{name}: {kind} = {body.make.of(kind, 2)}", f"if {name} is not None:"]
    body.scope.variables.append({name: inner})
    body.scope.read_only.add(name)
    lines += body.block()
    body.scope.variables.pop()
    return [*lines, "else:", *body.block()]


def with_(body: "Statements") -> list[str]:
    name = body.scope.name("h")
    swallow = body.rng.choice(("True", "False"))
    body.protected += 1
    lines = [f"with Guard({body.make.text(0)}, {swallow}) as {name}:", *body.block()]
    body.protected -= 1
    return lines


def generator_use(body: "Statements") -> list[str]:
    found = [f for f in body.scope.affordable() if f.is_generator and f.result.name != "class"]
    if not found:
        return declare(body)
    function = body.rng.choice(found)
    call = body.make.call(function.name, function.parameters, function.cost, 2)
    name = body.scope.name("i")
    if not function.abandonable:
        call = f"list({call})"
    if body.rng.random() < 0.3:
        first = f"list({call})[:5]"
        return [f"print({f'show({first})' if is_ordered(function.result) else f'len({first})'})"]
    return loop(body, f"for {name} in {call}:", {name: function.result}, [])


def send(body: "Statements") -> list[str]:
    """A nested generator that is sent to, thrown into, closed.

    It has no `finally`: one that is dropped on the way does not run it (docs/dialect.md).
    """
    name, run, got = body.scope.name("f"), body.scope.name("g"), body.scope.name("y")
    with body.scope.inner_function({got: INT}):
        value, last = body.make.text(1), body.make.integer(1)[0]
    end = body.rng.choice(
        (
            f"{run}.close()",
            f"print(next({run}, None))",
            f"print({run}.throw(ValueError('thrown')))",
            f"print({run}.send({body.make.small(0)}))",
        )
    )
    return [
        f"def {name}(x: int) -> Generator[int, int | None, str]:",
        "    try:",
        f"        {got} = (yield x) or 0",
        f"        {got} = (yield {got} % 100) or 0",
        "    except ValueError as problem:",
        "        print('inside', problem)",
        f"        {got} = 3",
        f"    print({last})",
        f"    return {value}",
        f"{run} = {name}({body.make.small(0)})",
        f"print({body.rng.choice(('next({})', '{}.send(5)', 'next({})')).format(run)})",
        "try:",
        f"    print({run}.send({body.make.small(1)}))",
        f"    {end}",
        "except StopIteration as stop:",
        "    print('stop', ascii(stop.value))",
    ]


def match_class(body: "Statements") -> list[str]:
    """An object, matched with classes and shapes."""
    found = [c for c in body.scope.classes.values() if not c.members and c.parameters]
    subject = body.make.of(body.make.printable(), 2)
    lines = []
    if found:
        class_ = body.rng.choice(found)
        name, kind = body.rng.choice(class_.parameters)
        if body.rng.random() < 0.7:
            subject = body.make.of(Kind("class", class_name=class_.name), 2)
        part = "False" if kind == BOOL else "int()" if kind == INT else "_"
        lines = [
            f"    case {class_.name}({name}={part}):",
            f"        print('class {class_.name}')",
        ]
    number, rest, others = (body.scope.name("m") for _ in range(3))
    return [
        f"match as_object({subject}):",
        *lines,
        "    case True | None:",
        "        print('true or none')",
        f"    case int({number}) if {number} > {body.make.small(0)}:",
        # A bool that an int captures is an int when compiled (docs/dialect.md).
        f"        print('int', {number} + 0)",
        "    case '' | 'abc' | b'' | 0.5:",
        "        print('constant')",
        f"    case [_, *{rest}]:",
        f"        print('sequence', len({rest}))",
        f"    case {{'a': _, **{others}}}:",
        f"        print('mapping', len({others}))",
        "    case str() | bytes():",
        *indented(body.block()),
        "    case _:",
        "        print('other')",
    ]


def two_managers(body: "Statements") -> list[str]:
    name = body.scope.name("h")
    first, second = (body.rng.choice(("True", "False")) for _ in range(2))
    body.protected += 1
    inside = body.block()
    body.protected -= 1
    return [
        f"with Guard('outer', {first}), Guard({body.make.text(1)}, {second}) as {name}:",
        *inside,
    ]


def unpack_iterator(body: "Statements") -> list[str]:
    """An iterator that may have too few items, too many, or raise."""
    found = [f for f in body.scope.affordable() if f.is_generator and f.abandonable]
    first, rest = body.scope.name("v"), body.scope.name("v")
    if found and body.rng.random() < 0.6:
        function = body.rng.choice(found)
        source = body.make.call(function.name, function.parameters, function.cost, 1)
    else:
        source = f"iter({body.make.of(list_of(INT), 2)})"
    targets = body.rng.choice((f"{first}, {rest}", f"{first}, *{rest}", f"*{first}, {rest}"))
    return [
        "try:",
        f"    {targets} = {source}",
        "except ValueError as problem:",
        "    print(problem)",
    ]


def indented(lines: list[str]) -> list[str]:
    """One level deeper."""
    return [f"    {line}" for line in lines]
