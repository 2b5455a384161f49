"""Value and function types of WebAssembly, and vectors of encoded items."""

from collections.abc import Iterable
from typing import NamedTuple

from mixer2.compiler.wasm import leb128

I32 = 0x7F
I64 = 0x7E
F64 = 0x7C

VALUE_TYPE_NAMES = {I32: "i32", I64: "i64", F64: "f64"}


class FunctionType(NamedTuple):
    """Parameters and results, one byte per value type."""

    parameters: bytes
    results: bytes

    def encode(self) -> bytes:
        """The type as it stands in the type section."""
        return (
            b"\x60"
            + leb128.unsigned(len(self.parameters))
            + self.parameters
            + leb128.unsigned(len(self.results))
            + self.results
        )

    def __str__(self) -> str:
        parameters = " ".join(VALUE_TYPE_NAMES.get(t, hex(t)) for t in self.parameters)
        results = " ".join(VALUE_TYPE_NAMES.get(t, hex(t)) for t in self.results)
        return f"({parameters}) -> ({results})"


def vector(items: Iterable[bytes]) -> bytes:
    """A vector: its length, then its encoded items."""
    encoded = list(items)
    return leb128.unsigned(len(encoded)) + b"".join(encoded)


def name(text: str) -> bytes:
    """A name: its UTF-8 bytes, preceded by their number."""
    encoded = text.encode()
    return leb128.unsigned(len(encoded)) + encoded
