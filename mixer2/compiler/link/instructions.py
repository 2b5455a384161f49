"""Code as a list of instructions, and back to the pieces of a function body.

An instruction is its opcode and its immediates; what follows the prefix byte 0xfc has
`PREFIX | number` as its opcode. Immediates that the linker fills in are references.
"""

from collections.abc import Iterable

from mixer2.compiler.link.symbols import Piece, Ref
from mixer2.compiler.wasm import leb128

Immediate = int | bytes | Ref
Instruction = tuple[int, tuple[Immediate, ...]]

PREFIX = 0xFC00
NEED = -1
"""Opcode of what is no instruction: a reference that takes no room, and only marks a need."""

# Immediates by opcode: u and s are LEB128 numbers, a digit is that many bytes.
_IMMEDIATES = {
    **dict.fromkeys((0x02, 0x03, 0x04, 0x3F, 0x40), "1"),
    **dict.fromkeys((0x0C, 0x0D, 0x10, *range(0x20, 0x25)), "u"),
    **dict.fromkeys((0x11, *range(0x28, 0x3F)), "uu"),
    **dict.fromkeys((0x41, 0x42), "s"),
    0x43: "4",
    0x44: "8",
    **{PREFIX | number: kinds for number, kinds in {8: "uu", 9: "u", 10: "uu", 11: "u"}.items()},
}
_BR_TABLE = 0x0E
_SIGNED = frozenset({0x41, 0x42})
_PREFIX_BYTE = PREFIX >> 8

# What the parts that code is put together of mean; there are few different ones.
_parsed: dict[bytes, tuple[Instruction, ...]] = {}


def parse(items: Iterable[Piece]) -> list[Instruction]:
    """The instructions of code that comes in any parts; an instruction may spread over several."""
    parser = _Parser()
    for item in items:
        if isinstance(item, Ref):
            parser.add_reference(item)
        elif parser.is_between_instructions() and (known := _parsed.get(item)) is not None:
            parser.code += known
        else:
            parser.add_bytes(item)
    assert parser.is_between_instructions(), "code that ends within an instruction"
    return parser.code


class _Parser:
    def __init__(self) -> None:
        self.code: list[Instruction] = []
        self._opcode = NEED
        self._found: list[Immediate] = []
        self._missing = ""

    def is_between_instructions(self) -> bool:
        return self._opcode == NEED

    def add_reference(self, ref: Ref) -> None:
        if self.is_between_instructions():
            self.code.append((NEED, (ref,)))
        else:
            self._add_immediate(ref)

    def add_bytes(self, part: bytes) -> None:
        starts_clean, first = self.is_between_instructions(), len(self.code)
        at = 0
        while at < len(part):
            at = self._start(part, at) if self.is_between_instructions() else self._go_on(part, at)
        if starts_clean and self.is_between_instructions():
            _parsed[part] = tuple(self.code[first:])

    def _start(self, part: bytes, at: int) -> int:
        self._opcode = part[at]
        at += 1
        if self._opcode == _PREFIX_BYTE:
            number, at = leb128.read_unsigned(part, at)
            self._opcode = PREFIX | number
        elif self._opcode == _BR_TABLE:
            count, at = leb128.read_unsigned(part, at)
            self._found = [count]
            self._missing = "u" * (count + 1)
            return at
        self._missing = _IMMEDIATES.get(self._opcode, "")
        if not self._missing:
            self._finish()
        return at

    def _go_on(self, part: bytes, at: int) -> int:
        kind = self._missing[0]
        value: Immediate
        if kind == "u":
            value, at = leb128.read_unsigned(part, at)
        elif kind == "s":
            value, at = leb128.read_signed(part, at)
        else:
            value = part[at : at + int(kind)]
            at += int(kind)
        self._add_immediate(value)
        return at

    def _add_immediate(self, value: Immediate) -> None:
        self._found.append(value)
        self._missing = self._missing[1:]
        if not self._missing:
            self._finish()

    def _finish(self) -> None:
        self.code.append((self._opcode, tuple(self._found)))
        self._opcode, self._found = NEED, []


def end_of_instruction(code: bytes, at: int) -> int:
    """The offset behind the instruction at `at`."""
    opcode = code[at]
    at += 1
    if opcode == _PREFIX_BYTE:
        number, at = leb128.read_unsigned(code, at)
        opcode = PREFIX | number
    missing = _IMMEDIATES.get(opcode, "")
    if opcode == _BR_TABLE:
        count, at = leb128.read_unsigned(code, at)
        missing = "u" * (count + 1)
    for kind in missing:
        if kind in "us":
            _, at = leb128.read_unsigned(code, at)
        else:
            at += int(kind)
    return at


def encode(code: Iterable[Instruction]) -> list[Piece]:
    """The pieces of code."""
    buffer = bytearray()
    pieces: list[Piece] = []
    for opcode, immediates in code:
        if opcode >= PREFIX:
            buffer += bytes([_PREFIX_BYTE, opcode & 0xFF])
        elif opcode != NEED:
            buffer.append(opcode)
        number = leb128.signed if opcode in _SIGNED else leb128.unsigned
        for immediate in immediates:
            if isinstance(immediate, int):
                buffer += number(immediate)
            elif isinstance(immediate, bytes):
                buffer += immediate
            else:
                pieces += [bytes(buffer), immediate]
                buffer.clear()
    pieces.append(bytes(buffer))
    return pieces
