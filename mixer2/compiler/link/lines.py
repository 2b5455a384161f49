"""From offsets in a module to functions and the author's lines: what makes sense of a backtrace."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mixer2.compiler.link.symbols import Function, Ref, RefKind
from mixer2.compiler.wasm import leb128

_CODE_SECTION = 10


@dataclass(frozen=True, slots=True)
class FunctionLines:
    """Where the code of one function lies in a module.

    Attributes:
        start, end: Offsets of its body, from the start of the module.
        symbol: Its name for the linker.
        name: As tracebacks show it; the symbol of what has no Python name.
        file: The author's; "" for the run-time.
        calls: Offsets of calls, ascending, each with its line.
        parts: The functions whose code is a part of its own, by offset.
    """

    start: int
    end: int
    symbol: str
    name: str
    file: str
    calls: tuple[tuple[int, int], ...]
    parts: tuple["FunctionLines", ...] = ()

    @property
    def own_size(self) -> int:
        """Bytes without those of its parts."""
        return self.end - self.start - sum(part.end - part.start for part in self.parts)

    def line_at(self, offset: int) -> int:
        """The line of the call at an offset, or of the next one; 0 when there is none."""
        index = bisect_left(self.calls, offset, key=lambda call: call[0])
        nearest = self.calls[index : index + 1] or self.calls[-1:]
        return nearest[0][1] if nearest else 0

    def at(self, offset: int) -> "list[tuple[FunctionLines, int]]":
        """The functions whose code is at an offset, the innermost first, and the line of each."""
        for part in self.parts:
            if part.start <= offset < part.end:
                return [*part.at(offset), (self, self.line_at(part.start))]
        return [(self, self.line_at(offset))]

    def with_parts(self) -> "Iterator[FunctionLines]":
        """This function, its parts, and theirs."""
        yield self
        for part in self.parts:
            yield from part.with_parts()


def function_lines(
    wasm: bytes,
    functions: list[Function],
    encoded: list[list[bytes]],
    parts: Mapping[str, Function],
) -> list[FunctionLines]:
    """Where the functions of a module lie.

    Args:
        wasm: The module.
        functions: Its functions, in their order.
        encoded: The pieces of each body as bytes, without what was put in front of all calls
            meanwhile (`inlining`).
        parts: The functions that are parts of these, by name.
    """
    return [
        _lines(function, pieces, _Body(wasm[start:end], start, b"".join(pieces)), parts)
        for function, pieces, (start, end) in zip(functions, encoded, _bodies(wasm), strict=True)
    ]


class _Body:
    """A function body, and what it was before something was put in front of its calls."""

    def __init__(self, body: bytes, start: int, before: bytes) -> None:
        self.end = start + len(body)
        self._start = start
        self._inserted = len(body) - len(before)
        self._kept = len(before)
        if self._inserted:
            pairs = enumerate(zip(before, body, strict=False))
            self._kept = next((at for at, (old, new) in pairs if old != new), len(before))

    def place(self, at: int) -> int:
        """The offset in the module of what was at an offset in the body."""
        return self._start + at + (self._inserted if at > self._kept else 0)


class _Place:
    """A function, or a part of one, that is gone through."""

    def __init__(self, function: Function, start: int) -> None:
        self.function = function
        self.start = start
        self.calls: list[tuple[int, int]] = []
        self.parts: list[FunctionLines] = []

    def note_call(self, offset: int, line: int) -> None:
        if line and self.function.file:
            self.calls.append((offset, line))

    def lines(self, end: int) -> FunctionLines:
        function = self.function
        name = function.display_name or function.name
        calls, parts = tuple(self.calls), tuple(self.parts)
        return FunctionLines(self.start, end, function.name, name, function.file, calls, parts)


def _lines(
    function: Function, encoded: list[bytes], body: _Body, parts: Mapping[str, Function]
) -> FunctionLines:
    around = [_Place(function, body.place(0))]
    at = 0
    for piece, code in zip(function.pieces, encoded, strict=True):
        if isinstance(piece, Ref):
            if piece.kind is RefKind.PART:
                around[-1].note_call(body.place(at), piece.line)
                around.append(_Place(parts[piece.symbol], body.place(at)))
            elif piece.kind is RefKind.PART_END:
                part = around.pop()
                around[-1].parts.append(part.lines(body.place(at)))
            else:
                # The opcode stands before the reference.
                around[-1].note_call(body.place(at) - 1, piece.line)
        at += len(code)
    return around[0].lines(body.end)


def _bodies(wasm: bytes) -> list[tuple[int, int]]:
    """Start and end of each function body."""
    at = 8
    while at < len(wasm):
        kind = wasm[at]
        size, at = leb128.read_unsigned(wasm, at + 1)
        if kind == _CODE_SECTION:
            break
        at += size
    else:
        return []
    count, at = leb128.read_unsigned(wasm, at)
    found = []
    for _ in range(count):
        size, at = leb128.read_unsigned(wasm, at)
        found.append((at, at + size))
        at += size
    return found
