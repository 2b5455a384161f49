"""From offsets in a module to functions and the author's lines: what makes sense of a backtrace."""

from bisect import bisect_left
from dataclasses import dataclass

from mixer2.compiler.link.symbols import Function, Ref
from mixer2.compiler.wasm import leb128

_CODE_SECTION = 10


@dataclass(frozen=True, slots=True)
class FunctionLines:
    """Where one function lies in a module.

    Attributes:
        start, end: Offsets of its body, from the start of the module.
        name: As tracebacks show it; the symbol of what has no Python name.
        file: The author's; "" for the run-time.
        calls: Offsets of calls, ascending, each with its line.
    """

    start: int
    end: int
    name: str
    file: str
    calls: tuple[tuple[int, int], ...]

    def line_at(self, offset: int) -> int:
        """The line of the call at an offset, or of the next one; 0 when there is none."""
        index = bisect_left(self.calls, offset, key=lambda call: call[0])
        nearest = self.calls[index : index + 1] or self.calls[-1:]
        return nearest[0][1] if nearest else 0


def function_lines(
    wasm: bytes, functions: list[Function], encoded: list[list[bytes]]
) -> list[FunctionLines]:
    """Where the functions of a module lie.

    Args:
        wasm: The module.
        functions: Its functions, in their order.
        encoded: The pieces of each body as bytes. What was put in front of all calls meanwhile does
            no harm: places are counted from the end.
    """
    found = []
    bodies = _bodies(wasm)
    for function, pieces, (start, end) in zip(functions, encoded, bodies, strict=True):
        rest = sum(map(len, pieces))
        calls = []
        for piece, code in zip(function.pieces, pieces, strict=True):
            if isinstance(piece, Ref) and piece.line and function.file:
                # The opcode stands before the reference.
                calls.append((end - rest - 1, piece.line))
            rest -= len(code)
        name = function.display_name or function.name
        found.append(FunctionLines(start, end, name, function.file, tuple(calls)))
    return found


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
