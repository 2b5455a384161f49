"""What a regular expression is made of: its tree, its flags, its error."""

from typing import Final

# As CPython's `re` numbers them.
IGNORECASE: Final = 2
LOCALE: Final = 4
MULTILINE: Final = 8
DOTALL: Final = 16
UNICODE: Final = 32
VERBOSE: Final = 64
ASCII: Final = 256

# Kinds of nodes.
CHARACTER: Final = 1
ANY: Final = 2
SET: Final = 3
ASSERTION: Final = 4
SEQUENCE: Final = 5
CHOICE: Final = 6
REPEAT: Final = 7
GROUP: Final = 8

# The categories of build/runtime/regex.h; plus 1: what does not belong.
DIGIT: Final = 0
SPACE: Final = 2
WORD: Final = 4
TO_ASCII: Final = 6

# In a set, in the place of a first character: the other number is a category.
CATEGORY: Final = 0x110000

# The assertions of build/runtime/regex.h.
TEXT_START: Final = 0
LINE_START: Final = 1
TEXT_END: Final = 2
LAST_LINE_END: Final = 3
LINE_END: Final = 4
BOUNDARY: Final = 5
NO_BOUNDARY: Final = 6
BOUNDARY_TO_ASCII: Final = 2

UNLIMITED: Final = -1
NO_GROUP: Final = -1


class error(Exception):  # noqa: N801 - CPython's name
    """A pattern that is none, or that cannot be matched in linear time.

    Attributes:
        msg: What is wrong, without the place.
        pattern: The pattern; None when no pattern is at fault.
        pos: Where in it, in characters from 0; None as above.
        lineno: Line of the place, from 1.
        colno: Column of the place, from 1.
    """

    def __init__(
        self, msg: str, pattern: str | bytes | None = None, pos: int | None = None
    ) -> None:
        text = msg
        self.msg = msg
        self.pattern = pattern
        self.pos = pos
        self.lineno: int | None = None
        self.colno: int | None = None
        if pattern is not None and pos is not None:
            source = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
            lineno = source.count("\n", 0, pos) + 1
            colno = pos - source.rfind("\n", 0, pos)
            self.lineno = lineno
            self.colno = colno
            text = f"{msg} at position {pos}"
            if "\n" in source:
                text = f"{text} (line {lineno}, column {colno})"
        super().__init__(text)


class Node:
    """A part of a pattern.

    Attributes:
        kind: CHARACTER to GROUP.
        parts: The parts of a sequence, choice, repetition or group.
        number: The character, assertion or group (NO_GROUP: parentheses that keep nothing); the
            least count of a repetition; of ANY, whether newlines too; of a set, whether it is
            negated.
        most: The largest count of a repetition, or UNLIMITED.
        lazy: A repetition that takes as little as it can.
        ranges: Of a set: pairs of first and last, or of CATEGORY and which, one after the other.
        flags: What held where the part stood.
    """

    def __init__(self, kind: int, number: int, flags: int) -> None:
        self.kind = kind
        self.number = number
        self.flags = flags
        self.parts: list[Node] = []
        self.most = 0
        self.lazy = False
        self.ranges: list[int] = []


class Parsed:
    """A pattern that was read.

    Attributes:
        root: All of it.
        flags: The flags given, and those that it starts with.
        names: Of each group, "" when it has none.
    """

    def __init__(self, root: Node, flags: int, names: list[str]) -> None:
        self.root = root
        self.flags = flags
        self.names = names
