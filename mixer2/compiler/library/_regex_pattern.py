"""Compiled patterns and their matches."""

from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, TypeVar, cast, overload

from . import _regex_engine
from ._regex_template import Template

Text = TypeVar("Text", bound="str | bytes")
_Default = TypeVar("_Default")

_SEARCH: Final = 0
_MATCH: Final = 1
_FULL_MATCH: Final = 2
_END: Final = (1 << 62) - 1
_SLOT_BYTES: Final = 4

# Of a pattern's text, what its repr shows.
_SHOWN_LENGTH: Final = 200

# In the order in which CPython shows them; that a text is Unicode goes without saying.
_UNICODE: Final = 32
_FLAG_NAMES: Final = (
    (2, "re.IGNORECASE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (_UNICODE, "re.UNICODE"),
    (64, "re.VERBOSE"),
    (256, "re.ASCII"),
)


class Pattern(Generic[Text]):
    """A regular expression.

    Attributes:
        pattern: Its text.
        flags: As given, and those that it starts with.
        groups: How many groups it has.
        names: Of each group, "" when it has none.
    """

    def __init__(self, pattern: Text, flags: int, names: tuple[str, ...], program: bytes) -> None:
        self.pattern = pattern
        self.flags = flags
        self.groups = len(names)
        self.names = names
        self._program = program

    @property
    def groupindex(self) -> dict[str, int]:
        """Groups that have names."""
        return {name: group for group, name in enumerate(self.names, start=1) if name != ""}

    def match(self, string: Text, pos: int = 0, endpos: int = _END) -> "Match[Text] | None":
        """The match at `pos`."""
        return self._find(string, pos, endpos, _MATCH)

    def fullmatch(self, string: Text, pos: int = 0, endpos: int = _END) -> "Match[Text] | None":
        """The match from `pos` to `endpos`."""
        return self._find(string, pos, endpos, _FULL_MATCH)

    def search(self, string: Text, pos: int = 0, endpos: int = _END) -> "Match[Text] | None":
        """The first match at or behind `pos`."""
        return self._find(string, pos, endpos, _SEARCH)

    def finditer(self, string: Text, pos: int = 0, endpos: int = _END) -> "Iterator[Match[Text]]":
        """All matches that do not overlap."""
        scan = _Scan(self, string, pos, endpos)
        while scan.next():
            yield Match(self, string, pos, endpos, scan.slots)

    def findall(self, string: Text, pos: int = 0, endpos: int = _END) -> list[Any]:
        """The texts of all matches: their groups, where the pattern has some."""
        scan = _Scan(self, string, pos, endpos)
        found: list[Any] = []
        while scan.next():
            if self.groups == 0:
                found.append(_regex_engine.group(string, scan.slots, 0))
            elif self.groups == 1:
                found.append(self._group_or_empty(string, scan.slots, 1))
            else:
                groups = range(1, self.groups + 1)
                texts = [self._group_or_empty(string, scan.slots, group) for group in groups]
                found.append(tuple(texts))
        return found

    def split(self, string: Text, maxsplit: int = 0) -> list[Any]:
        """The texts between the matches, and the groups of these."""
        scan = _Scan(self, string, 0, _END)
        parts: list[Any] = []
        done = 0
        count = 0
        while (maxsplit == 0 or count < maxsplit) and scan.next():
            parts.append(_regex_engine.part(string, done, scan.start))
            groups = range(1, self.groups + 1)
            parts += [_regex_engine.group(string, scan.slots, group) for group in groups]
            done = scan.end
            count += 1
        parts.append(_regex_engine.part(string, done, scan.limit))
        return parts

    def sub(
        self, repl: "Text | Callable[[Match[Text]], Text]", string: Text, count: int = 0
    ) -> Text:
        """The text with its matches replaced."""
        return self.subn(repl, string, count)[0]

    def subn(
        self, repl: "Text | Callable[[Match[Text]], Text]", string: Text, count: int = 0
    ) -> tuple[Text, int]:
        """The text with its matches replaced, and how many were."""
        scan = _Scan(self, string, 0, _END)
        parts: list[object] = []
        done = 0
        replaced = 0
        template: Template | None = None
        if isinstance(repl, (str, bytes)):
            template = Template(repl, self.names)
        while (count == 0 or replaced < count) and scan.next():
            parts.append(_regex_engine.part(string, done, scan.start))
            if template is not None:
                _expand(template, string, scan.slots, parts)
            elif not isinstance(repl, (str, bytes)):
                parts.append(repl(Match(self, string, 0, _END, scan.slots)))
            done = scan.end
            replaced += 1
        parts.append(_regex_engine.part(string, done, scan.limit))
        return cast("Text", _joined(parts, string)), replaced

    def _find(self, string: Text, pos: int, endpos: int, mode: int) -> "Match[Text] | None":
        end = _regex_engine.byte_index(string, endpos)
        start = _regex_engine.byte_index(string, pos)
        if start > end:
            return None
        slots = _regex_engine.find(self._program, string, start, end, mode, False)
        if not isinstance(slots, bytes):
            return None
        return Match(self, string, pos, endpos, slots)

    def _group_or_empty(self, string: Text, slots: bytes, group: int) -> object:
        if _regex_engine.byte_place(slots, 2 * group) < 0:
            return _regex_engine.part(string, 0, 0)
        return _regex_engine.group(string, slots, group)

    def __repr__(self) -> str:
        shown = repr(self.pattern)[:_SHOWN_LENGTH]
        is_default = _UNICODE if isinstance(cast("object", self.pattern), str) else 0
        names = [name for flag, name in _FLAG_NAMES if self.flags & flag & ~is_default]
        return f"re.compile({shown}{', ' if names else ''}{'|'.join(names)})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pattern) or self.flags != other.flags:
            return False
        # Compared as what they are: comparing anything would bring the comparisons of all types.
        mine, others = cast("object", self.pattern), cast("object", other.pattern)
        if isinstance(mine, bytes):
            return isinstance(others, bytes) and mine == others
        return isinstance(mine, str) and isinstance(others, str) and mine == others

    def __hash__(self) -> int:
        pattern = self.pattern
        return hash(pattern) if isinstance(pattern, bytes) else hash(cast("str", pattern))


class Match(Generic[Text]):
    """What a pattern matched.

    Attributes:
        re: The pattern.
        string: The text that was looked at.
    """

    def __init__(
        self, pattern: Pattern[Text], string: Text, pos: int, endpos: int, slots: bytes
    ) -> None:
        self.re = pattern
        self.string = string
        self._pos = pos
        self._endpos = endpos
        self._slots = slots

    @property
    def pos(self) -> int:
        """Where the search began."""
        return min(max(self._pos, 0), len(self.string))

    @property
    def endpos(self) -> int:
        """Where the text was taken to end."""
        return min(max(self._endpos, 0), len(self.string))

    @property
    def lastindex(self) -> int | None:
        """The group that was closed last."""
        group = _regex_engine.byte_place(self._slots, 2 * (self.re.groups + 1))
        return None if group < 0 else group

    @property
    def lastgroup(self) -> str | None:
        """The name of the group that was closed last."""
        last = self.lastindex
        return None if last is None else self.re.names[last - 1] or None

    @overload
    def group(self, group: int | str = 0, /) -> Text | Any: ...
    @overload
    def group(
        self, group: int | str, second: int | str, /, *groups: int | str
    ) -> tuple[Text | Any, ...]: ...
    def group(self, *groups: int | str) -> Any:
        """The text of a group, None when it did not match; of several: a tuple.

        Raises:
            IndexError: there is no such group.
        """
        if len(groups) == 0:
            return self._text(0)
        if len(groups) == 1:
            return self._text(self._number(groups[0]))
        return tuple([self._text(self._number(group)) for group in groups])

    def __getitem__(self, group: int | str) -> Text | Any:
        return self._text(self._number(group))

    @overload
    def groups(self) -> tuple[Text | Any, ...]: ...
    @overload
    def groups(self, default: _Default) -> tuple[Text | _Default, ...]: ...
    def groups(self, default: object = None) -> Any:
        """The texts of all groups."""
        return tuple([self._text_or(group, default) for group in range(1, self.re.groups + 1)])

    @overload
    def groupdict(self) -> dict[str, Text | Any]: ...
    @overload
    def groupdict(self, default: _Default) -> dict[str, Text | _Default]: ...
    def groupdict(self, default: object = None) -> Any:
        """The texts of the groups that have names."""
        names = enumerate(self.re.names, start=1)
        return {name: self._text_or(group, default) for group, name in names if name != ""}

    def start(self, group: int | str = 0) -> int:
        """Where a group starts; -1 when it did not match."""
        return _regex_engine.place(self.string, self._slots, 2 * self._number(group))

    def end(self, group: int | str = 0) -> int:
        """Where a group ends; -1 when it did not match."""
        return _regex_engine.place(self.string, self._slots, 2 * self._number(group) + 1)

    def span(self, group: int | str = 0) -> tuple[int, int]:
        """Where a group starts and ends."""
        return self.start(group), self.end(group)

    def expand(self, template: Text) -> Text:
        """A text with references to groups, these put in."""
        parts: list[object] = []
        parsed = Template(template, self.re.names)
        _expand(parsed, self.string, self._slots, parts)
        return cast("Text", _joined(parts, self.string))

    def _number(self, group: int | str) -> int:
        if isinstance(group, int):
            if 0 <= group <= self.re.groups:
                return group
        elif group != "":
            for index in range(len(self.re.names)):
                if self.re.names[index] == group:
                    return index + 1
        raise IndexError("no such group")

    def _text(self, group: int) -> Any:
        return _regex_engine.group(self.string, self._slots, group)

    def _text_or(self, group: int, default: object) -> object:
        text = _regex_engine.group(self.string, self._slots, group)
        return default if text is None else text

    def __repr__(self) -> str:
        return f"<re.Match object; span={self.span()}, match={self.group()!r}>"


class _Scan:
    """Goes from match to match.

    Attributes:
        start: The first byte of the match.
        end: The byte behind it.
        limit: The byte behind the text.
        slots: What the match filled.
    """

    def __init__(self, pattern: Pattern[Any], string: object, pos: int, endpos: int) -> None:
        self._program = pattern._program
        self._string = string
        self.limit = _regex_engine.byte_index(string, endpos)
        self.end = _regex_engine.byte_index(string, pos)
        self.start = -1
        self.slots = b""

    def next(self) -> bool:
        """Go to the next match; False when there is none."""
        if self.end > self.limit:
            return False
        # An empty match is not found again.
        not_empty = self.start == self.end
        slots = _regex_engine.find(
            self._program, self._string, self.end, self.limit, _SEARCH, not_empty
        )
        if not isinstance(slots, bytes):
            return False
        self.slots = slots
        self.start = _regex_engine.byte_place(slots, 0)
        self.end = _regex_engine.byte_place(slots, 1)
        return True


def _expand(template: Template, string: object, slots: bytes, parts: list[object]) -> None:
    for index, literal in enumerate(template.literals):
        if literal != "":
            parts.append(literal if isinstance(string, str) else literal.encode("latin-1"))
        if index < len(template.groups):
            text = _regex_engine.group(string, slots, template.groups[index])
            if text is not None:
                parts.append(text)


def _joined(parts: list[object], string: object) -> object:
    if isinstance(string, str):
        return "".join(cast("list[str]", parts))
    return b"".join(cast("list[bytes]", parts))
