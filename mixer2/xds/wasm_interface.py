"""What a Wasm module imports and exports, read from its bytes.

Reads just enough of a core module to know its interface and that it is whole. The code itself is
Envoy's to validate.

Source: WebAssembly Core Specification 3.0, "Binary Format".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from mixer2.xds.errors import InvalidModule
from mixer2.xds.wasm_reader import ValueType, WasmReader

MAGIC = b"\0asm"
_CORE = b"\x01\0\0\0"
_COMPONENT = b"\x0d\0\x01\0"

FUNCTION, TABLE, MEMORY, GLOBAL, TAG = range(5)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Extern:
    """One import or export.

    Args:
        name: Of an export; of an import with the module's before it: "env.proxy_log".
        kind: FUNCTION, TABLE, MEMORY, GLOBAL or TAG.
        types: The value types in its type: of a function's parameters and results, of a global,
            of a table's elements.
    """

    name: str
    kind: int
    types: tuple[ValueType, ...] = ()


@dataclass(slots=True)
class Interface:
    """What a module needs and what it offers."""

    imports: list[Extern] = field(default_factory=list)
    exports: list[Extern] = field(default_factory=list)


def read_interface(code: bytes) -> Interface:
    """Read the imports and exports of a core module.

    Raises:
        InvalidModule: `code` is no core module, or not whole; the message says where.
    """
    if code[:4] != MAGIC:
        raise InvalidModule(f"expected a Wasm module, got {code[:8]!r} at its start")
    if code[4:8] == _COMPONENT:
        raise InvalidModule("expected a core module, got a component, which Envoy cannot load")
    if code[4:8] != _CORE:
        raise InvalidModule(f"expected Wasm version 1, got {code[4:8]!r}")
    module = _Module()
    reader = WasmReader(code, 8, len(code))
    while reader.at < reader.end:
        section = reader.byte()
        module.read_section(section, reader.part(reader.number()))
    module.check_whole()
    return module.interface


class _Module:
    """What is known of a module after some of its sections."""

    def __init__(self) -> None:
        self.interface = Interface()
        self._types: list[tuple[ValueType, ...]] = []  # of structs and arrays nothing is kept
        self._functions: list[int] = []  # type indices, imported functions first
        self._tables: list[ValueType] = []
        self._globals: list[ValueType] = []
        self._counted = {"function": 0, "code": 0, "data count": 0, "data": 0}
        self._has_data_count = False

    def read_section(self, section: int, reader: WasmReader) -> None:
        match section:
            case 1:
                for _ in range(reader.number()):
                    self._recursive_types(reader)
            case 2:
                for _ in range(reader.number()):
                    self._import(reader)
            case 3:
                self._counted["function"] = count = reader.number()
                self._functions += [reader.number() for _ in range(count)]
            case 4:
                for _ in range(reader.number()):
                    self._table(reader)
            case 6:
                for _ in range(reader.number()):
                    self._global(reader)
            case 7:
                for _ in range(reader.number()):
                    self._export(reader)
            case 10:
                self._counted["code"] = reader.number()
            case 11:
                self._counted["data"] = reader.number()
            case 12:
                self._has_data_count = True
                self._counted["data count"] = reader.number()

    def check_whole(self) -> None:
        """Sections may be missing at the end of a file that was cut off between two of them."""
        counted = self._counted
        if counted["function"] != counted["code"]:
            raise InvalidModule(
                f"the module is cut off: {counted['function']} functions declared, "
                f"{counted['code']} there"
            )
        if self._has_data_count and counted["data count"] != counted["data"]:
            raise InvalidModule(
                f"the module is cut off: {counted['data count']} data segments declared, "
                f"{counted['data']} there"
            )

    def _recursive_types(self, reader: WasmReader) -> None:
        kind = reader.byte()
        if kind != 0x4E:
            self._sub_type(kind, reader)
            return
        for _ in range(reader.number()):
            self._sub_type(reader.byte(), reader)

    def _sub_type(self, kind: int, reader: WasmReader) -> None:
        if kind in (0x4F, 0x50):  # with super types
            for _ in range(reader.number()):
                reader.number()
            kind = reader.byte()
        types: tuple[ValueType, ...] = ()
        match kind:
            case 0x60:
                types = reader.value_types() + reader.value_types()
            case 0x5F:
                for _ in range(reader.number()):
                    reader.field()
            case 0x5E:
                reader.field()
            case _:
                raise InvalidModule(f"unknown type 0x{kind:02x} at byte {reader.at - 1}")
        self._types.append(types)

    def _import(self, reader: WasmReader) -> None:
        name = f"{reader.name()}.{reader.name()}"
        kind = reader.byte()
        types: tuple[ValueType, ...] = ()
        match kind:
            case 0:
                self._functions.append(reader.number())
                types = _at(self._types, self._functions[-1])
            case 1:
                types = (reader.value_type(),)
                self._tables += types
                reader.limits()
            case 2:
                reader.limits()
            case 3:
                types = (reader.value_type(),)
                self._globals += types
                reader.skip(1)  # mutability
            case 4:
                reader.skip(1)  # attribute
                reader.number()
            case _:
                raise InvalidModule(f"unknown kind of import {kind} at byte {reader.at - 1}")
        self.interface.imports.append(Extern(name, kind, types))

    def _table(self, reader: WasmReader) -> None:
        initialised = reader.next_is(0x40)
        if initialised:
            reader.skip(2)
        self._tables.append(reader.value_type())
        reader.limits()
        if initialised:
            reader.constant()

    def _global(self, reader: WasmReader) -> None:
        self._globals.append(reader.value_type())
        reader.skip(1)  # mutability
        reader.constant()

    def _export(self, reader: WasmReader) -> None:
        name, kind, index = reader.name(), reader.byte(), reader.number()
        types: tuple[ValueType, ...] = ()
        if kind == FUNCTION:
            types = _at(self._types, _at(self._functions, index))
        elif kind == TABLE:
            types = (_at(self._tables, index),)
        elif kind == GLOBAL:
            types = (_at(self._globals, index),)
        self.interface.exports.append(Extern(name, kind, types))


def _at(things: Sequence[T], index: int) -> T:
    if index >= len(things):
        raise InvalidModule(f"the module is damaged: index {index} of {len(things)}")
    return things[index]
