"""Writes unicode_data.c: what text operations must know about code points beyond ASCII.

The source is the Unicode database of the Python that runs this (3.11: Unicode 14.0). Sets and
mappings are byte streams of LEB128 numbers, with checkpoints so that a look-up decodes few of them.
unicode_table.h says how the streams are read.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FIRST = 0x80
LIMIT = 0x110000
CHECKPOINT_EVERY = 24


def leb128(value: int) -> bytes:
    """Seven bits per byte, lowest first."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def zigzag(value: int) -> int:
    """Small magnitudes, of either sign, to small numbers."""
    return -2 * value - 1 if value < 0 else 2 * value


@dataclass(frozen=True)
class Entry:
    """Code points that behave alike: `count` of them, `stride` apart."""

    start: int
    count: int
    stride: int = 1
    delta: int = 0

    @property
    def end(self) -> int:
        """Behind the last one."""
        return self.start + (self.count - 1) * self.stride + 1


def set_entries(belongs: Callable[[str], bool]) -> Iterator[Entry]:
    """Runs of members."""
    start = None
    for code in range(FIRST, LIMIT + 1):
        member = code < LIMIT and belongs(chr(code))
        if member and start is None:
            start = code
        elif not member and start is not None:
            yield Entry(start, code - start)
            start = None


def case_entries(convert: Callable[[str], str]) -> Iterator[Entry]:
    """Runs with the same distance to their counterpart; every code point or every second one."""
    deltas = {
        code: ord(convert(chr(code))) - code
        for code in range(FIRST, LIMIT)
        if len(convert(chr(code))) == 1 and convert(chr(code)) != chr(code)
    }
    codes = sorted(deltas)
    at = 0
    while at < len(codes):
        start = codes[at]

        def run(stride: int, start: int = start) -> int:
            count = 1
            while deltas.get(start + count * stride) == deltas[start] and not any(
                start + count * stride - skipped in deltas for skipped in range(1, stride)
            ):
                count += 1
            return count

        count, stride = max((run(1), 1), (run(2), 2))
        yield Entry(start, count, stride if count > 1 else 1, deltas[start])
        at += count


def encode_set(entry: Entry, position: int) -> bytes:
    """Distance from the end of the last run, size of the run."""
    return leb128(entry.start - position) + leb128(entry.count)


def encode_case(entry: Entry, position: int) -> bytes:
    """As a set's run, then stride and distance to the counterpart."""
    size = 2 * (entry.count - 1) + entry.stride - 1
    return leb128(entry.start - position) + leb128(size) + leb128(zigzag(entry.delta))


def rows(data: Iterable[str], per_row: int) -> str:
    """C initialisers in rows."""
    items = list(data)
    lines = [", ".join(items[at : at + per_row]) for at in range(0, len(items), per_row)]
    return "".join(f"    {line},\n" for line in lines)


def table(name: str, entries: Iterable[Entry], encode: Callable[[Entry, int], bytes]) -> str:
    """A UnicodeTable in C."""
    stream = bytearray()
    checkpoints: list[tuple[int, int]] = []
    position = 0
    for number, entry in enumerate(entries):
        if number % CHECKPOINT_EVERY == 0:
            checkpoints.append((position, len(stream)))
        stream += encode(entry, position)
        position = entry.end
    return (
        f"static const uint8_t {name}_stream[] = {{\n{rows(map(str, stream), 24)}}};\n\n"
        f"static const Checkpoint {name}_checkpoints[] = {{\n"
        f"{rows((f'{{{hex(code)}, {offset}}}' for code, offset in checkpoints), 6)}}};\n\n"
        f"const UnicodeTable unicode_{name} = {{\n"
        f"    {name}_stream, {name}_checkpoints, {len(checkpoints)}, {len(stream)},\n}};\n"
    )


def expansions(name: str, convert: Callable[[str], str]) -> str:
    """Code points that become several: a C string of UTF-8, each followed by what it becomes."""
    found = [chr(c) for c in range(FIRST, LIMIT) if len(convert(chr(c))) > 1]
    # The width of what follows is told by a byte that no UTF-8 text starts with.
    data = b"".join(
        c.encode() + bytes([len(convert(c).encode())]) + convert(c).encode() for c in found
    )
    return f"const uint8_t unicode_{name}[] = {{\n{rows(map(str, [*data, 0]), 24)}}};\n"


def source() -> str:
    """The whole C file."""
    head = (
        "/* Written by unicode_data.py; do not edit.\n\n"
        f"   Unicode {unicodedata.unidata_version}, code points from U+0080 on. */\n\n"
        '#include "unicode_table.h"\n'
    )
    parts = [
        head,
        table("printable", set_entries(str.isprintable), encode_set),
        table("alphabetic", set_entries(str.isalpha), encode_set),
        table("alphanumeric", set_entries(str.isalnum), encode_set),
        table("digit", set_entries(str.isdigit), encode_set),
        table("decimal", set_entries(str.isdecimal), encode_set),
        table("numeric", set_entries(str.isnumeric), encode_set),
        table("lowercase", set_entries(str.islower), encode_set),
        table("uppercase", set_entries(str.isupper), encode_set),
        table("identifier_start", set_entries(str.isidentifier), encode_set),
        table("identifier_part", set_entries(lambda c: f"a{c}".isidentifier()), encode_set),
        table("titlecase", set_entries(lambda c: unicodedata.category(c) == "Lt"), encode_set),
        table("to_lower", case_entries(str.lower), encode_case),
        table("to_upper", case_entries(str.upper), encode_case),
        table("to_title", case_entries(str.title), encode_case),
        table("to_folded", case_entries(str.casefold), encode_case),
        expansions("lower_expansions", str.lower),
        expansions("upper_expansions", str.upper),
        expansions("title_expansions", str.title),
        expansions("folded_expansions", str.casefold),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    Path(__file__).with_name("unicode_data.c").write_text(source(), encoding="ascii")
