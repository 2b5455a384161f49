"""The primitives of Wasm's binary format.

Source: WebAssembly Core Specification 3.0, "Binary Format".
"""

from typing import TypeAlias

from mixer2.xds.errors import InvalidModule

I32, I64, F32, F64 = 0x7F, 0x7E, 0x7D, 0x7C
FUNCREF, EXTERNREF = 0x70, 0x6F
_NUMBERS = range(0x7B, 0x80)  # v128, f64, f32, i64, i32
_REFERENCES = range(0x69, 0x75)  # those that are one byte, as funcref
_TYPED_REFERENCES = (0x63, 0x64)  # (ref null ht), (ref ht)
_PACKED = (0x77, 0x78)  # i16, i8

# Constant expressions: opcode -> what follows. The arithmetic opcodes have nothing after them.
_END = 0x0B
_FIXED = {0x43: 4, 0x44: 8}  # f32.const, f64.const: bytes
_ONE_NUMBER = (0x23, 0x41, 0x42, 0xD0, 0xD2)  # global.get, i32.const, i64.const, ref.null, ref.func
_GC_OPERANDS = {0: 1, 1: 1, 6: 1, 7: 1, 8: 2}  # struct.new(_default), array.new(_default, _fixed)

ValueType: TypeAlias = int
"""A value type's first byte; references to any function or host value are FUNCREF, EXTERNREF."""


class WasmReader:
    """A position in a part of a module; every read checks that the part goes on so far."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self._data = data
        self.at = at
        self.end = end

    def byte(self) -> int:
        """Read a byte."""
        self.skip(1)
        return self._data[self.at - 1]

    def next_is(self, *bytes_: int) -> bool:
        """Tell whether one of `bytes_` comes next, and leave it there."""
        return self.at < self.end and self._data[self.at] in bytes_

    def skip(self, size: int) -> None:
        """Pass over `size` bytes."""
        if size > self.end - self.at:
            raise InvalidModule(f"the module is cut off or damaged at byte {self.at}")
        self.at += size

    def number(self) -> int:
        """Read an unsigned LEB128 number. A signed one is passed over in the same way."""
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result
            shift += 7
            if shift >= 70:
                raise InvalidModule(f"a number of more than 64 bits at byte {self.at}")

    def name(self) -> str:
        """Read a name: its size and its UTF-8."""
        size = self.number()
        self.skip(size)
        return self._data[self.at - size : self.at].decode("utf-8", errors="replace")

    def part(self, size: int) -> "WasmReader":
        """Pass over `size` bytes and return a reader of just these."""
        self.skip(size)
        return WasmReader(self._data, self.at - size, self.at)

    def value_type(self) -> ValueType:
        """Read a value type."""
        kind = self.byte()
        if kind in _TYPED_REFERENCES:
            heap_type = self.number()
            return heap_type if heap_type in (FUNCREF, EXTERNREF) else kind
        if kind not in _NUMBERS and kind not in _REFERENCES:
            raise InvalidModule(f"unknown value type 0x{kind:02x} at byte {self.at - 1}")
        return kind

    def value_types(self) -> tuple[ValueType, ...]:
        """Read a vector of value types."""
        return tuple(self.value_type() for _ in range(self.number()))

    def limits(self) -> None:
        """Pass over the limits of a table or a memory."""
        flags = self.byte()
        self.number()
        if flags & 1:
            self.number()

    def field(self) -> None:
        """Pass over the type of a struct's field or of an array's elements."""
        if self.next_is(*_PACKED):
            self.skip(1)
        else:
            self.value_type()
        self.skip(1)  # mutability

    def constant(self) -> None:
        """Pass over a constant expression, its end included."""
        while (opcode := self.byte()) != _END:
            if opcode == 0xFB:  # struct.new, array.new, ref.i31 and the like
                for _ in range(_GC_OPERANDS.get(self.number(), 0)):
                    self.number()
            elif opcode == 0xFD:
                self.number()
                self.skip(16)  # v128.const
            elif opcode in _FIXED:
                self.skip(_FIXED[opcode])
            elif opcode in _ONE_NUMBER:
                self.number()
