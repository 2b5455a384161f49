"""Regular expressions for compiled filters: what `import re` means in profile aot.

Guest code, in place of CPython's module of the same name: equal syntax, results and errors, minus
backreferences and lookaround. Matching takes time linear in the text, whatever the pattern, and
memory that depends on the pattern alone. A pattern that is a constant is read when the filter is
compiled (mixer2/compiler/frontend/constant_patterns.py): its errors are the compiler's, and the
module does not carry what reads patterns.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from . import _regex_compiler
from ._regex_pattern import Match as Match
from ._regex_pattern import Pattern as Pattern
from ._regex_pattern import Text
from ._regex_syntax import error as error

NOFLAG: Final = 0
IGNORECASE: Final = 2
I: Final = 2  # noqa: E741 - CPython's name
MULTILINE: Final = 8
M: Final = 8
DOTALL: Final = 16
S: Final = 16
UNICODE: Final = 32
U: Final = 32
VERBOSE: Final = 64
X: Final = 64
ASCII: Final = 256
A: Final = 256

_MOST_CACHED: Final = 64
# Patterns that were read at run time, by their flags, kind and text.
_cache: dict[str, Pattern[Any]] = {}


def compile(pattern: Text | Pattern[Text], flags: int = 0) -> Pattern[Text]:  # noqa: A001
    """A pattern.

    Raises:
        error: it is none, or cannot be matched in linear time.
        ValueError: flags that do not go together.
    """
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError("cannot process flags argument with a compiled pattern")
        return pattern
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else cast("str", pattern)
    key = f"{flags}{'b' if isinstance(pattern, bytes) else 's'}{text}"
    known = _cache.get(key)
    if known is not None:
        return cast("Pattern[Text]", known)
    read = _regex_compiler.compiled(pattern, flags)
    if len(read) == 2:
        raise error(cast("str", read[0]), pattern, cast("int", read[1]))
    names = cast("tuple[str, ...]", read[2])
    found = Pattern(pattern, cast("int", read[1]), names, cast("bytes", read[0]))
    if len(_cache) >= _MOST_CACHED:
        _cache.clear()
    _cache[key] = found
    return found


def ready(pattern: Text, flags: int, names: tuple[str, ...], code: bytes) -> Pattern[Text]:
    """A pattern that was read when the filter was compiled."""
    return Pattern(pattern, flags, names, code)


def match(pattern: Text | Pattern[Text], string: Text, flags: int = 0) -> Match[Text] | None:
    """The match at the beginning of the text."""
    return compile(pattern, flags).match(string)


def fullmatch(pattern: Text | Pattern[Text], string: Text, flags: int = 0) -> Match[Text] | None:
    """The match of all of the text."""
    return compile(pattern, flags).fullmatch(string)


def search(pattern: Text | Pattern[Text], string: Text, flags: int = 0) -> Match[Text] | None:
    """The first match."""
    return compile(pattern, flags).search(string)


def findall(pattern: Text | Pattern[Text], string: Text, flags: int = 0) -> list[Any]:
    """The texts of all matches."""
    return compile(pattern, flags).findall(string)


def finditer(pattern: Text | Pattern[Text], string: Text, flags: int = 0) -> Iterator[Match[Text]]:
    """All matches that do not overlap."""
    return compile(pattern, flags).finditer(string)


def split(
    pattern: Text | Pattern[Text], string: Text, maxsplit: int = 0, flags: int = 0
) -> list[Any]:
    """The texts between the matches."""
    return compile(pattern, flags).split(string, maxsplit)


def sub(
    pattern: Text | Pattern[Text],
    repl: Text | Callable[[Match[Text]], Text],
    string: Text,
    count: int = 0,
    flags: int = 0,
) -> Text:
    """The text with the matches replaced."""
    return compile(pattern, flags).sub(repl, string, count)


def subn(
    pattern: Text | Pattern[Text],
    repl: Text | Callable[[Match[Text]], Text],
    string: Text,
    count: int = 0,
    flags: int = 0,
) -> tuple[Text, int]:
    """The text with the matches replaced, and how many were."""
    return compile(pattern, flags).subn(repl, string, count)


_SPECIAL: Final = "()[]{}?*+-|^$\\.&~# \t\n\r\v\f"


def escape(pattern: Text) -> Text:
    """A pattern that matches this text."""
    if isinstance(pattern, bytes):
        escaped = "".join(["\\" + c if c in _SPECIAL else c for c in pattern.decode("latin-1")])
        return cast("Text", escaped.encode("latin-1"))
    text = cast("str", pattern)
    return cast("Text", "".join(["\\" + c if c in _SPECIAL else c for c in text]))
