"""The border of a Wasm module: its imports and exports with their types, read from its bytes.

wasmtime's Python API ends the process when it meets a type it has no name for, such as v128; and
such types at the border are what must be found. Only the sections that matter are read.
Source: WebAssembly core specification 3.0, "Binary Format".
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from mixer2.testhost.errors import LoadError

_NUMBERS: Final = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128"}
_HOST_REFERENCES: Final = {0x70: "funcref", 0x6F: "externref"}
_REF_NULL: Final = 0x63
_REF: Final = 0x64
_FUNC, _STRUCT, _ARRAY = 0x60, 0x5F, 0x5E
_REC, _SUB, _SUB_FINAL = 0x4E, 0x50, 0x4F
_TYPES, _IMPORTS, _FUNCTIONS, _TABLES, _MEMORIES, _GLOBALS, _EXPORTS, _TAGS = (
    *(1, 2, 3, 4, 5),
    *(6, 7, 13),
)


class ItemKind(Enum):
    """What an import or export is; the value is its number in the format."""

    FUNCTION = 0
    TABLE = 1
    MEMORY = 2
    GLOBAL = 3
    TAG = 4


@dataclass(frozen=True, slots=True)
class Item:
    """An import or export.

    Attributes:
        name: Its name; of an import, behind the module's name and a dot.
        kind: What it is.
        type: `i32 i32 -> i32` of a function, the value type of a global, "" otherwise. References
            to functions and host values are `funcref` and `externref`, all others `ref`.
        pages: Pages of a memory at first, of 64 KiB.
    """

    name: str
    kind: ItemKind
    type: str = ""
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Interface:
    """The border of a module."""

    imports: tuple[Item, ...]
    exports: tuple[Item, ...]


def read_interface(wasm: bytes) -> Interface:
    """Imports and exports of a module that has been validated.

    Raises:
        LoadError: it is no core module, or of a format that is not known here.
    """
    if wasm[:8] != b"\0asm\1\0\0\0":
        raise LoadError("Failed to load Wasm bytecode: no core module of version 1")
    try:
        return _InterfaceReader(wasm).read()
    except (IndexError, KeyError, UnicodeDecodeError, ValueError) as error:
        raise LoadError(f"Failed to load Wasm bytecode: {error!r}") from error


class _InterfaceReader:
    """One pass over the sections."""

    def __init__(self, wasm: bytes) -> None:
        self._wasm = wasm
        self._at = 8
        self._types: list[str] = []
        self._items: dict[ItemKind, list[Item]] = {kind: [] for kind in ItemKind}
        self._imports: list[Item] = []
        self._exports: list[Item] = []

    def read(self) -> Interface:
        while self._at < len(self._wasm):
            section = self._byte()
            end = self._number() + self._at
            if end > len(self._wasm):
                raise ValueError("a section leaves the module")
            self._section(section)
            self._at = end
        return Interface(tuple(self._imports), tuple(self._exports))

    def _section(self, section: int) -> None:
        if section == _TYPES:
            for _ in range(self._number()):
                self._type_group()
        elif section == _IMPORTS:
            for _ in range(self._number()):
                name = f"{self._name()}.{self._name()}"
                item = self._described(name, ItemKind(self._byte()))
                self._items[item.kind].append(item)
                self._imports.append(item)
        elif section == _FUNCTIONS:
            functions = self._items[ItemKind.FUNCTION]
            for _ in range(self._number()):
                functions.append(Item("", ItemKind.FUNCTION, self._types[self._number()]))
        elif section == _MEMORIES:
            for _ in range(self._number()):
                self._items[ItemKind.MEMORY].append(self._described("", ItemKind.MEMORY))
        elif section == _GLOBALS:
            for _ in range(self._number()):
                self._items[ItemKind.GLOBAL].append(self._described("", ItemKind.GLOBAL))
                self._skip_constant()
        elif section == _TAGS:
            for _ in range(self._number()):
                self._items[ItemKind.TAG].append(self._described("", ItemKind.TAG))
        elif section == _EXPORTS:
            for _ in range(self._number()):
                name, kind, index = self._name(), ItemKind(self._byte()), self._number()
                known = self._items[kind]
                item = known[index] if index < len(known) else Item("", kind)
                self._exports.append(Item(name, kind, item.type, item.pages))

    def _described(self, name: str, kind: ItemKind) -> Item:
        match kind:
            case ItemKind.FUNCTION:
                return Item(name, kind, self._types[self._number()])
            case ItemKind.TABLE:
                words = self._value_type()
                self._limits()
                return Item(name, kind, words)
            case ItemKind.MEMORY:
                return Item(name, kind, pages=self._limits())
            case ItemKind.GLOBAL:
                words = self._value_type()
                self._byte()
                return Item(name, kind, words)
            case ItemKind.TAG:
                self._byte()
                return Item(name, kind, self._types[self._number()])

    def _type_group(self) -> None:
        if self._wasm[self._at] == _REC:
            self._at += 1
            for _ in range(self._number()):
                self._type()
        else:
            self._type()

    def _type(self) -> None:
        form = self._byte()
        if form in (_SUB, _SUB_FINAL):
            for _ in range(self._number()):
                self._number()
            form = self._byte()
        if form == _FUNC:
            arguments = [self._value_type() for _ in range(self._number())]
            results = [self._value_type() for _ in range(self._number())]
            self._types.append(words(arguments, results))
        elif form == _STRUCT:
            for _ in range(self._number()):
                self._value_type()
                self._byte()
            self._types.append("struct")
        elif form == _ARRAY:
            self._value_type()
            self._byte()
            self._types.append("array")
        else:
            raise ValueError(f"type {form:#x}")

    def _value_type(self) -> str:
        code = self._byte()
        if code in (_REF, _REF_NULL):
            return _HOST_REFERENCES.get(self._number(), "ref")
        return _NUMBERS.get(code) or _HOST_REFERENCES.get(code, "ref")

    def _limits(self) -> int:
        flags = self._byte()
        minimum = self._number()
        if flags & 1:
            self._number()
        if flags & 8:
            self._number()
        return minimum

    def _skip_constant(self) -> None:
        """Pass a constant expression; those of validated modules end with `end`."""
        while (opcode := self._byte()) != 0x0B:
            if opcode in (0x41, 0x42, 0x23, 0xD2, 0xD0):
                self._number()
            elif opcode in (0x43, 0x44):
                self._at += 4 if opcode == 0x43 else 8
            elif opcode == 0xFD:
                self._number()
                self._at += 16
            elif opcode == 0xFB:
                self._skip_gc_constant(self._number())
            elif opcode not in (0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E):
                raise ValueError(f"constant with opcode {opcode:#x}")

    def _skip_gc_constant(self, opcode: int) -> None:
        if opcode in (0, 1, 6, 7):
            self._number()
        elif opcode == 8:
            self._number()
            self._number()

    def _byte(self) -> int:
        self._at += 1
        return self._wasm[self._at - 1]

    def _number(self) -> int:
        """LEB128; signed ones are passed over by it as well, their value is of no interest."""
        result = shift = 0
        while True:
            byte = self._byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    def _name(self) -> str:
        size = self._number()
        self._at += size
        if self._at > len(self._wasm):
            raise ValueError("a name leaves the module")
        return self._wasm[self._at - size : self._at].decode()


def words(arguments: list[str], results: list[str]) -> str:
    """A function type as Envoy words it."""
    return f"{' '.join(arguments) or 'void'} -> {' '.join(results) or 'void'}"
