"""The initial contents of linear memory as segments: memory is zero where none of them lies."""

import re
from collections.abc import Iterator

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
