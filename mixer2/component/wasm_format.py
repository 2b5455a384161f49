"""The binary format of Wasm: numbers, names, sections. Core modules and components share it.

Source: WebAssembly core specification, "Binary Format".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from mixer2.component.errors import MalformedError

MODULE_HEADER: Final = b"\0asm\1\0\0\0"

CUSTOM, TYPES, IMPORTS, FUNCTIONS, TABLES, MEMORIES, GLOBALS, EXPORTS = range(8)
START, ELEMENTS, CODE, DATA, DATA_COUNT = range(8, 13)

FUNCTION, TABLE, MEMORY, GLOBAL = range(4)
"""Kinds of imports and exports."""

_END: Final = 0x0B
_I32_CONST: Final = 0x41
_CONSTANTS: Final = (_I32_CONST, 0x42, 0x23)
"""i32.const, i64.const, global.get: the constant expressions that linkers write."""


class Reader:
    """Reads forward through bytes.

    Args:
        data: The bytes.
        what: What they are, for errors.
    """

    def __init__(self, data: bytes, what: str, at: int = 0) -> None:
        self.data = data
        self.what = what
        self.at = at

    @property
    def is_at_end(self) -> bool:
        """Whether everything was read."""
        return self.at >= len(self.data)

    def byte(self) -> int:
        """One byte."""
        if self.at >= len(self.data):
            raise self.error("more bytes", "the end")
        self.at += 1
        return self.data[self.at - 1]

    def take(self, size: int) -> bytes:
        """So many bytes."""
        if self.at + size > len(self.data):
            raise self.error(f"{size} bytes", f"{len(self.data) - self.at}")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self) -> int:
        """An unsigned number in LEB128."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self) -> int:
        """A signed number in LEB128."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value - (1 << shift) if byte & 0x40 else value

    def name(self) -> str:
        """A name: its size, then UTF-8."""
        try:
            return self.take(self.number()).decode()
        except UnicodeDecodeError as error:
            raise self.error("UTF-8", error) from error

    def limits(self) -> int:
        """Limits of a table or memory; their minimum."""
        flags, minimum = self.byte(), self.number()
        if flags & 1:
            self.number()
        return minimum

    def constant(self) -> bytes:
        """A constant expression of one instruction, as it stands."""
        start = self.at
        opcode = self.byte()
        if opcode not in _CONSTANTS:
            raise self.error("a constant", f"opcode {opcode:#x}")
        self.signed()
        if self.byte() != _END:
            raise self.error("the end of a constant", "another instruction")
        return self.data[start : self.at]

    def error(self, expected: str, found: object) -> MalformedError:
        """The error that something else was found, with the place."""
        return MalformedError(f"{self.what}, byte {self.at}", expected, found)


def leb(value: int) -> bytes:
    """An unsigned number in LEB128."""
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def signed_leb(value: int) -> bytes:
    """A signed number in LEB128."""
    encoded = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        if value == (-1 if byte & 0x40 else 0):
            encoded.append(byte)
            return bytes(encoded)
        encoded.append(byte | 0x80)


def name(text: str) -> bytes:
    """A name."""
    encoded = text.encode()
    return leb(len(encoded)) + encoded


def i32_constant(value: int) -> bytes:
    """The constant expression of an i32."""
    return bytes([_I32_CONST]) + signed_leb(value) + bytes([_END])


def sections(wasm: bytes, what: str = "module") -> Iterator[tuple[int, bytes]]:
    """Id and content of each section of a module or component, in order."""
    reader = Reader(wasm, what, at=8)
    while not reader.is_at_end:
        kind = reader.byte()
        yield kind, reader.take(reader.number())


def custom_section(content: bytes) -> tuple[str, bytes]:
    """Name and content of a custom section."""
    reader = Reader(content, "custom section")
    found = reader.name()
    return found, content[reader.at :]


def module(parts: list[tuple[int, bytes]]) -> bytes:
    """A module of these sections."""
    framed = [bytes([kind]) + leb(len(content)) + content for kind, content in parts]
    return MODULE_HEADER + b"".join(framed)


@dataclass(frozen=True, slots=True)
class Import:
    """An import: `module`.`name`, its kind, and the bytes of kind and type."""

    module: str
    name: str
    kind: int
    described: bytes


@dataclass(frozen=True, slots=True)
class Export:
    """An export: its name, kind, and index."""

    name: str
    kind: int
    index: int


def read_imports(wasm: bytes) -> list[Import]:
    """The imports of a module."""
    return [
        found for kind, content in sections(wasm) if kind == IMPORTS for found in _imports(content)
    ]


def read_exports(wasm: bytes) -> list[Export]:
    """The exports of a module."""
    return [
        found for kind, content in sections(wasm) if kind == EXPORTS for found in _exports(content)
    ]


def rename(
    wasm: bytes,
    rename_import: Callable[[Import], tuple[str, str]],
    rename_export: Callable[[Export], str | None],
) -> bytes:
    """Give a module's imports and exports other names, and drop its custom sections.

    Args:
        wasm: The module.
        rename_import: Module and name of an import.
        rename_export: Name of an export; None leaves it out.
    """
    parts = []
    for kind, content in sections(wasm):
        if kind == CUSTOM:
            continue
        if kind == IMPORTS:
            renamed = []
            for found in _imports(content):
                module_name, item = rename_import(found)
                renamed.append(replace(found, module=module_name, name=item))
            parts.append((kind, encode_imports(renamed)))
        elif kind == EXPORTS:
            named = [(rename_export(found), found) for found in _exports(content)]
            kept = [replace(found, name=new) for new, found in named if new is not None]
            parts.append((kind, encode_exports(kept)))
        else:
            parts.append((kind, content))
    return module(parts)


def encode_imports(imports: list[Import]) -> bytes:
    """An import section."""
    entries = [name(one.module) + name(one.name) + one.described for one in imports]
    return leb(len(entries)) + b"".join(entries)


def encode_exports(exports: list[Export]) -> bytes:
    """An export section."""
    entries = [name(one.name) + bytes([one.kind]) + leb(one.index) for one in exports]
    return leb(len(entries)) + b"".join(entries)


@dataclass(frozen=True, slots=True)
class Global:
    """A global: bytes of its type, and its initial value as a constant expression."""

    type: bytes
    value: bytes


def read_globals(content: bytes) -> list[Global]:
    """The globals of a global section."""
    reader = Reader(content, "global section")
    return [Global(reader.take(2), reader.constant()) for _ in range(reader.number())]


def encode_globals(found: list[Global]) -> bytes:
    """A global section."""
    return leb(len(found)) + b"".join(one.type + one.value for one in found)


def memory_pages(content: bytes) -> int:
    """Initial pages of the one memory of a memory section."""
    reader = Reader(content, "memory section")
    if reader.number() != 1:
        raise reader.error("one memory", "another number")
    return reader.limits()


def with_memory_pages(content: bytes, pages: int) -> bytes:
    """A memory section of one memory, with another number of initial pages."""
    reader = Reader(content, "memory section", at=1)
    flags = reader.byte()
    reader.number()
    return b"\1" + bytes([flags]) + leb(pages) + content[reader.at :]


def function_types(content: bytes) -> list[tuple[bytes, bytes]]:
    """Parameters and results of each function type of a type section, a byte for each."""
    reader = Reader(content, "type section")
    found = []
    for _ in range(reader.number()):
        if reader.byte() != 0x60:
            raise reader.error("a function type", "another")
        parameters = reader.take(reader.number())
        found.append((parameters, reader.take(reader.number())))
    return found


def _imports(content: bytes) -> Iterator[Import]:
    reader = Reader(content, "import section")
    for _ in range(reader.number()):
        module_name, item = reader.name(), reader.name()
        start = reader.at
        kind = reader.byte()
        if kind == FUNCTION:
            reader.number()
        elif kind == TABLE:
            reader.byte()
            reader.limits()
        elif kind == MEMORY:
            reader.limits()
        elif kind == GLOBAL:
            reader.take(2)
        else:
            raise reader.error("function, table, memory or global", f"kind {kind}")
        yield Import(module_name, item, kind, content[start : reader.at])


def _exports(content: bytes) -> Iterator[Export]:
    reader = Reader(content, "export section")
    for _ in range(reader.number()):
        yield Export(reader.name(), reader.byte(), reader.number())
