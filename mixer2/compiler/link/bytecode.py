"""Functions that run rarely, as instructions for a function of the run-time.

The proxy compiles all of a module before the first request. What runs once, when a configuration is
read, takes longer to compile than to interpret, and its instructions are data, which is packed.

They are WebAssembly's own, with branches as jumps; build/runtime/bytecode.c has the differences.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from mixer2.compiler.link.symbols import Function, Ref, RefKind
from mixer2.compiler.wasm.types import FunctionType

JUMPS_REACH: Final = 0xFFFF
"""The last place in a function that a jump can lead to."""

# Bytes of a jump's target, and of a number of 32 bits in LEB128.
_JUMP: Final = 2
_LONGEST_REF: Final = 5


class Label(NamedTuple):
    """A place that jumps lead to; takes no room."""

    number: int


class Jump(NamedTuple):
    """The two bytes of a jump's target."""

    label: int


Item = bytes | Ref | Label | Jump


class Bytecode(NamedTuple):
    """A function whose references and jumps are still by name."""

    function: Function
    items: list[Item]

    def callees(self) -> Iterable[str]:
        """Symbols of the functions that it calls, as often as it does."""
        for item in self.items:
            if isinstance(item, Ref) and item.kind is RefKind.FUNCTION:
                yield item.symbol

    def types(self) -> Iterable[FunctionType]:
        """Types of the calls by way of the table."""
        for item in self.items:
            if isinstance(item, Ref) and item.type is not None:
                yield item.type

    @property
    def size_at_most(self) -> int:
        """Bytes that it surely does not exceed."""
        longest = {Ref: _LONGEST_REF, Jump: _JUMP, Label: 0}
        return sum(len(i) if isinstance(i, bytes) else longest[type(i)] for i in self.items)

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return sum(len(item) if isinstance(item, bytes) else 2 for item in self.items)

    def encode(self, number_of: Callable[[Ref], bytes]) -> bytes:
        """Its bytes.

        Args:
            number_of: Says what stands in the place of a reference.
        """
        code = bytearray()
        places: dict[int, int] = {}
        jumps: list[tuple[int, int]] = []
        # The header has no references, and is not counted.
        header = self.items[0]
        assert isinstance(header, bytes)
        for item in self.items[1:]:
            if isinstance(item, bytes):
                code += item
            elif isinstance(item, Ref):
                code += number_of(item)
            elif isinstance(item, Label):
                places[item.number] = len(code)
            else:
                jumps.append((len(code), item.label))
                code += bytes(_JUMP)
        for at, label in jumps:
            code[at : at + _JUMP] = places[label].to_bytes(_JUMP, "little")
        return header + bytes(code)
