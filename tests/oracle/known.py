"""Where the C of mypyc, and its run-time, are known not to do what CPython does. Ours do.

`../reference/mypyc-traps.md` has the ones of its front end, which are mended before the IR.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A message of CPython's for which C has other words.

    Attributes:
        name: Whose message.
        pattern: The words of both.
        instead: What both are read as.
    """

    name: str
    pattern: re.Pattern[str]
    instead: str


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What C does otherwise. Output differs from there on.

    Attributes:
        name: What it is.
        output: A line of either output that tells.
        source: A part of the program, where no line need tell.
    """

    name: str
    output: re.Pattern[str]
    source: re.Pattern[str] | None = None


WORDS = (
    Words(
        "unpacking",
        re.compile(r"(too many|not enough) values to unpack( \(expected [^)]*\))?"),
        "values to unpack",
    ),
    Words("index of a str", re.compile("string index out of range"), "index out of range"),
    Words("list.index", re.compile(r"""["'].* is not in list["']?$"""), "is not in list"),
)

BEHAVIOURS = (
    Behaviour("a list pattern for a tuple", re.compile(r"list object expected; got tuple")),
    Behaviour(
        "send to a generator at its start",
        re.compile("just-started generator"),
        re.compile(r"(\w+) = \w+\(.*\)\n +print\(\1\.send\("),
    ),
)


def read_alike(lines: list[str]) -> list[str]:
    """Lines without the words that differ."""
    for words in WORDS:
        lines = [words.pattern.sub(words.instead, line) for line in lines]
    return lines


def known_behaviour(source: str, lines: Iterable[str]) -> str:
    """The name of what makes a program differ; "" when it is nothing known.

    Args:
        source: The program.
        lines: Of both outputs, from where they differ on.
    """
    found = list(lines)
    for behaviour in BEHAVIOURS:
        if behaviour.source and behaviour.source.search(source):
            return behaviour.name
        if any(behaviour.output.search(line) for line in found):
            return behaviour.name
    return ""
