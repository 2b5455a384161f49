"""Backtraces of a proxy or of wasmtime, with the author's files and lines.

    Proxy-Wasm plugin in-VM backtrace:
      0:  0x1f3c - mixer2_alloc
      1:  0x5a02 - filters.hello.Hello.on_request_headers  (filters/hello.py:12)

V8 tells offsets from the start of the module, and names from its name section; Source: Envoy 1.40,
proxy-wasm-cpp-host src/v8/v8.cc, `getFailMessage`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from mixer2.compiler.artefact import Artefact
from mixer2.compiler.link.lines import FunctionLines

_FRAME = re.compile(r"^\s*\d+:\s+0x(?P<offset>[0-9a-f]+) - (?:<unknown>!)?(?P<name>.+?)\s*$")
_UNNAMED = "unknown(function index:"


class OtherBuildError(Exception):
    """The backtrace is of a module that another source, or another mixer2, gave."""


def symbolize(artefact: Artefact, lines: Iterable[str]) -> Iterator[str]:
    """Add places to the frames of backtraces.

    Args:
        artefact: The module that the log speaks of.
        lines: A log, or a part of one.

    Yields:
        The lines; those that are frames name the author's file and line.

    Raises:
        OtherBuildError: a frame is not where this module has that function.
    """
    functions = artefact.lines
    starts = [function.start for function in functions]
    for number, line in enumerate(lines, 1):
        frame = _FRAME.match(line)
        if frame is None:
            yield line
            continue
        offset = int(frame["offset"], 16)
        index = bisect_right(starts, offset) - 1
        function = functions[index] if index >= 0 else None
        if function is None or offset >= function.end or not _is_named(function, frame["name"]):
            raise OtherBuildError(
                f"line {number} of the log: at 0x{offset:x} this module has "
                f"{function.name if function else 'no function'}, the log {frame['name']}: the log "
                "is of another build"
            )
        yield from _frames(line.rstrip(), frame.start("name"), function.at(offset))


def _is_named(function: FunctionLines, name: str) -> bool:
    # The run-time's functions have no names in the module.
    is_unnamed = name.startswith((_UNNAMED, "<wasm function"))
    return is_unnamed or name == function.name


def _frames(line: str, name_at: int, places: list[tuple[FunctionLines, int]]) -> Iterator[str]:
    """A frame, and one of the same number for each function that it is a part of."""
    innermost, *outer = places
    if not outer:
        yield f"{line}  ({_place(*innermost)})"
        return
    for function, number in (innermost, *(place for place in outer if place[0].file)):
        yield f"{line[:name_at]}{function.name}  ({_place(function, number)})"


def _place(function: FunctionLines, line: int) -> str:
    if not function.file:
        return f"run-time: {function.name.partition('#')[0]}"
    return f"{function.file}:{line}" if line else function.file
