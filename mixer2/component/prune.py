"""Code that no filter can reach is made small.

Functions keep their places, since the snapshot knows them by number; their bodies go. Which ones is
said in build/component/removed.txt, by the names that componentize-py's modules carry.
"""

from dataclasses import dataclass
from typing import Final

from mixer2.component.errors import ComponentError
from mixer2.component.wasm_format import (
    CODE,
    CUSTOM,
    FUNCTION,
    Reader,
    custom_section,
    leb,
    module,
    read_imports,
    sections,
)

# No locals, `unreachable`, `end`.
_TRAP: Final = b"\0\0\x0b"

_FUNCTION_NAMES: Final = 1


class UnknownFunctionError(ComponentError):
    """A function to be removed is not there: the list belongs to other code."""


@dataclass(frozen=True, slots=True)
class Range:
    """Functions from one to another, both included."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Removed:
    """What is taken out.

    Attributes:
        modules: Modules of the standard library that cannot be imported any more.
        ranges: The functions.
    """

    modules: list[str]
    ranges: list[Range]


def read_removed(text: str) -> Removed:
    """Read a list of what is taken out: headings `[module ...]`, lines `first .. last`."""
    removed = Removed([], [])
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        if line.startswith("["):
            removed.modules.extend(line.strip("[]").split())
        elif line:
            first, _, last = line.partition(" .. ")
            removed.ranges.append(Range(first, last or first))
    return removed


def function_names(wasm: bytes) -> dict[int, str]:
    """Names of a module's functions by index, from its name section."""
    for kind, content in sections(wasm):
        if kind != CUSTOM:
            continue
        section, rest = custom_section(content)
        if section == "name":
            return _names(rest)
    return {}


def prune(wasm: bytes, ranges: list[Range]) -> tuple[bytes, set[Range]]:
    """Empty the functions of a module that lie in one of the ranges.

    Args:
        wasm: A module with a name section.
        ranges: What to empty; those that the module has no part of are for other modules.

    Returns:
        The module, and the ranges that it has.

    Raises:
        UnknownFunctionError: a range has a start and no end.
    """
    names = function_names(wasm)
    imported = sum(one.kind == FUNCTION for one in read_imports(wasm))
    order = {name: index - imported for index, name in reversed(names.items())}
    emptied: set[int] = set()
    found = set()
    for one in ranges:
        if one.first not in order:
            continue
        start = order[one.first]
        end = next(
            (
                i - imported
                for i, name in names.items()
                if name == one.last and i - imported >= start
            ),
            None,
        )
        if end is None:
            raise UnknownFunctionError(f"{one.last} does not follow {one.first}")
        emptied.update(range(start, end + 1))
        found.add(one)
    parts = [
        (kind, _without(content, emptied) if kind == CODE else content)
        for kind, content in sections(wasm)
    ]
    return module(parts), found


def _without(code: bytes, emptied: set[int]) -> bytes:
    reader = Reader(code, "code section")
    count = reader.number()
    bodies = []
    for index in range(count):
        body = reader.take(reader.number())
        bodies.append(_TRAP if index in emptied else body)
    return leb(count) + b"".join(leb(len(body)) + body for body in bodies)


def _names(content: bytes) -> dict[int, str]:
    reader = Reader(content, "name section")
    while not reader.is_at_end:
        kind = reader.byte()
        size = reader.number()
        if kind == _FUNCTION_NAMES:
            return {reader.number(): reader.name() for _ in range(reader.number())}
        reader.take(size)
    return {}
