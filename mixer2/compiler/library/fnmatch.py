"""Shell patterns for compiled filters: what `import fnmatch` means in profile aot.

Case counts, as on POSIX systems. Matching takes at most the product of both lengths.
"""

from collections.abc import Iterable
from typing import Final, TypeVar

_Text = TypeVar("_Text", bound="str | bytes")

_NOTHING: Final = -1
_ANY: Final = ord("?")
_ANY_MANY: Final = ord("*")
_SET: Final = ord("[")
_SET_END: Final = ord("]")
_NOT: Final = ord("!")
_TO: Final = ord("-")


def fnmatch(name: _Text, pat: _Text) -> bool:
    """Whether a pattern of `*`, `?`, `[...]` and `[!...]` matches all of a name."""
    return fnmatchcase(name, pat)


def fnmatchcase(name: _Text, pat: _Text) -> bool:
    """Whether a pattern of `*`, `?`, `[...]` and `[!...]` matches all of a name."""
    return _matches(_characters(pat), _characters(name))


def filter(names: Iterable[_Text], pat: _Text) -> list[_Text]:  # noqa: A001
    """The names that a pattern matches."""
    pattern = _characters(pat)
    return [name for name in names if _matches(pattern, _characters(name))]


def _characters(text: str | bytes) -> list[int]:
    if isinstance(text, bytes):
        return list(text)
    return [ord(character) for character in text]


def _matches(pattern: list[int], name: list[int]) -> bool:
    place = 0
    at = 0
    # The last star, and where the characters that it leaves begin.
    star = _NOTHING
    left = 0
    while True:
        if place < len(pattern) and pattern[place] == _ANY_MANY:
            place += 1
            star = place
            left = at
            continue
        if at == len(name):
            return place == len(pattern)
        behind = _step(pattern, place, name[at]) if place < len(pattern) else _NOTHING
        if behind != _NOTHING:
            place = behind
            at += 1
        elif star == _NOTHING:
            return False
        else:
            left += 1
            at = left
            place = star


def _step(pattern: list[int], place: int, character: int) -> int:
    """The place behind what takes a character; _NOTHING when it does not."""
    token = pattern[place]
    if token == _SET:
        end = _set_end(pattern, place + 1)
        if end != _NOTHING:
            return end + 1 if _set_takes(pattern[place + 1 : end], character) else _NOTHING
    return place + 1 if token in (_ANY, character) else _NOTHING


def _set_end(pattern: list[int], place: int) -> int:
    """Where the bracket is that closes a set; the first character may be one."""
    if place < len(pattern) and pattern[place] == _NOT:
        place += 1
    place += 1
    while place < len(pattern):
        if pattern[place] == _SET_END:
            return place
        place += 1
    return _NOTHING


def _set_takes(members: list[int], character: int) -> bool:
    negated = members[0] == _NOT
    place = 1 if negated else 0
    found = False
    is_first = True
    while place < len(members):
        low = members[place]
        place += 1
        high = low
        if place + 1 < len(members) and members[place] == _TO:
            high = members[place + 1]
            place += 2
        if is_first and low == _NOT == high and place > 1 and not negated:
            # As CPython: ranges that hold nothing vanish, and then this comes first.
            negated = True
        elif low <= high:
            is_first = False
            found = found or low <= character <= high
    return found != negated
