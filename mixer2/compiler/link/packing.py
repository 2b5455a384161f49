"""Static data made smaller: LZMA without a header; build/runtime/unpack.c makes it whole again."""

import lzma
from typing import Any, Final

from mixer2.compiler.link.symbols import Function, Piece, Ref, RefKind
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import FunctionType

# What the unpacking function has been compiled for.
_LITERAL_CONTEXT_BITS: Final = 3

_FILTERS: Final[list[dict[str, Any]]] = [
    {
        "id": lzma.FILTER_LZMA1,
        "preset": 9 | lzma.PRESET_EXTREME,
        "lc": _LITERAL_CONTEXT_BITS,
        "lp": 0,
        "pb": 0,
    }
]


def pack(data: bytes) -> bytes:
    """The packed text of data."""
    return lzma.compress(data, format=lzma.FORMAT_RAW, filters=_FILTERS)


def unpacking(symbol: str, start: str) -> Function:
    """The function that makes static data whole, and then calls the one that starts the module."""
    pieces: list[Piece] = [b"\0"]
    for place in ("__heap_base", "__data_start", "__data_end"):
        pieces += [opcodes.I32_CONST, Ref(RefKind.ADDRESS, place)]
    for function in ("unpack", start):
        pieces += [opcodes.CALL, Ref(RefKind.FUNCTION, function)]
    return Function(symbol, FunctionType(b"", b""), [*pieces, opcodes.END])
