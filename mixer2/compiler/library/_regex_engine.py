"""Matching: functions of the run-time (build/runtime/regex.c).

`text` is a str or bytes; bytes of a str are those of its UTF-8.
"""


def find(program: bytes, text: object, start: int, end: int, mode: int, not_empty: bool) -> object:
    """Where a program matches: the slots, as bytes for the other functions; or None.

    Args:
        program: What `_regex_program.program` gave.
        text: What to look at.
        start: The byte to start at.
        end: The byte behind the text.
        mode: 0: a match there or later, 1: there, 2: from there to `end`.
        not_empty: A match at `start` has a character.
    """
    raise NotImplementedError


def byte_place(slots: bytes, number: int) -> int:
    """The byte where a slot is; -1: it is not filled."""
    raise NotImplementedError


def place(text: object, slots: bytes, number: int) -> int:
    """The index where a slot is; -1: it is not filled."""
    raise NotImplementedError


def byte_index(text: object, index: int) -> int:
    """The byte of an index; beyond the text: of its beginning or end."""
    raise NotImplementedError


def part(text: object, start: int, end: int) -> object:
    """The text between two bytes."""
    raise NotImplementedError


def group(text: object, slots: bytes, number: int) -> object:
    """What a group matched, or None."""
    raise NotImplementedError
