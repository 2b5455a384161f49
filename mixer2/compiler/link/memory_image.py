"""What linear memory holds at the start: the order of it, and segments, zero where none lies."""

import re
from collections.abc import Iterable, Iterator

from mixer2.compiler.link.symbols import Data
from mixer2.compiler.wasm import leb128, opcodes

# Zeros that a segment would have to hold, so that beginning another one behind them is shorter:
# that costs 7 bytes, and an eighth when it takes two to say the length.
_LONG_RUN = re.compile(rb"\0{9,}")

_ACTIVE = b"\x00"


def active_segment(address: int, content: bytes) -> bytes:
    """A segment that lies at an address from the start."""
    place = opcodes.I32_CONST + leb128.signed(address) + opcodes.END
    return _ACTIVE + place + leb128.unsigned(len(content)) + content


def active_segments(address: int, memory: bytes) -> Iterator[bytes]:
    """Segments of a data section.

    Args:
        address: Where `memory` begins.
        memory: What lies there when the module has been instantiated.
    """
    start = 0
    for run in [*(match.span() for match in _LONG_RUN.finditer(memory)), (len(memory),) * 2]:
        if run[0] > start:
            yield active_segment(address + start, memory[start : run[0]])
        start = run[1]


def in_memory_order(data: Iterable[Data], *, zeros_first: bool) -> list[Data]:
    """Data in the order in which it lies in memory: what is initialised side by side."""
    data = list(data)
    initialised = sorted((d for d in data if d.content), key=_by_kind)
    zeros = sorted((d for d in data if not d.content), key=_by_alignment)
    return [*zeros, *initialised] if zeros_first else [*initialised, *zeros]


def _by_alignment(data: Data) -> int:
    """Large alignments first: no padding between equal ones."""
    return -data.alignment


def _by_kind(data: Data) -> tuple[int, str]:
    """Among equal alignments, what looks alike side by side: that packs better."""
    return -data.alignment, data.name.partition(":")[0] if ":" in data.name else ""
