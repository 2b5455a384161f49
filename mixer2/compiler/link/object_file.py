"""Reading a relocatable Wasm object: the run-time as `wasm-ld --relocatable` wrote it.

Source: WebAssembly tool conventions, "Linking" (version 2 of the `linking` section).
"""

from typing import NamedTuple

from mixer2.compiler.layout import slot_gate
from mixer2.compiler.link.symbols import (
    Data,
    DataRef,
    Function,
    Import,
    Piece,
    Ref,
    RefKind,
    SymbolTable,
)
from mixer2.compiler.wasm import leb128
from mixer2.compiler.wasm.types import FunctionType

_TYPE, _IMPORT, _FUNCTION, _CODE, _DATA = 1, 2, 3, 10, 11

_SYMBOL_FUNCTION, _SYMBOL_DATA, _SYMBOL_GLOBAL, _SYMBOL_SECTION, _, _SYMBOL_TABLE = range(6)
_FLAG_LOCAL, _FLAG_UNDEFINED, _FLAG_EXPLICIT_NAME = 0x02, 0x10, 0x40
_SUBSECTION_SEGMENTS, _SUBSECTION_SYMBOLS = 5, 8

# Relocation types, and how many bytes they fill.
_CODE_RELOCATIONS = {
    0: (RefKind.FUNCTION, 5),
    1: (RefKind.TABLE_SLOT, 5),
    3: (RefKind.OFFSET, 5),
    4: (RefKind.ADDRESS, 5),
    6: (RefKind.TYPE, 5),
    7: (RefKind.STACK_POINTER, 5),
    20: (RefKind.TABLE, 5),
}
_DATA_RELOCATIONS = {2: RefKind.DATA_SLOT, 5: RefKind.DATA_ADDRESS}
_WITH_ADDEND = {3, 4, 5}


class ObjectFileError(Exception):
    """The object is not what this reader knows; the run-time was built by other tools."""


class _Relocation(NamedTuple):
    type: int
    offset: int
    target: int
    addend: int


class _SymbolInfo(NamedTuple):
    kind: int
    name: str
    place: int
    offset: int = 0
    size: int = 0
    defined: bool = True


class _Reader:
    def __init__(self, data: bytes, offset: int = 0) -> None:
        self.data = data
        self.offset = offset

    def byte(self) -> int:
        self.offset += 1
        return self.data[self.offset - 1]

    def unsigned(self) -> int:
        offset = self.offset
        value = self.data[offset]
        if value < 0x80:
            self.offset = offset + 1
            return value
        value, self.offset = leb128.read_unsigned(self.data, offset)
        return value

    def signed(self) -> int:
        value, self.offset = leb128.read_signed(self.data, self.offset)
        return value

    def bytes(self) -> bytes:
        size = self.unsigned()
        self.offset += size
        return self.data[self.offset - size : self.offset]

    def text(self) -> str:
        return self.bytes().decode()

    def at_end(self) -> bool:
        return self.offset >= len(self.data)


def read_object(data: bytes) -> SymbolTable:
    """All symbols of a relocatable object.

    Local symbols get the number of their entry appended, since several files may use one name.

    Raises:
        ObjectFileError: a section, symbol or relocation of unknown kind.
    """
    if data[:8] != b"\0asm\x01\0\0\0":
        raise ObjectFileError("not a WebAssembly module")
    return _ObjectFile(data).read()


class _ObjectFile:
    def __init__(self, data: bytes) -> None:
        self._sections: dict[int, bytes] = {}
        self._custom: dict[str, bytes] = {}
        reader = _Reader(data, 8)
        while not reader.at_end():
            kind, body = reader.byte(), reader.bytes()
            if kind == 0:
                custom = _Reader(body)
                name = custom.text()
                self._custom[name] = body[custom.offset :]
            else:
                self._sections[kind] = body
        self._types = self._read_types()
        self._imports: list[Import] = []
        self._read_imports()
        self._function_types = self._read_function_types()
        self._segments: list[tuple[str, int]] = []
        self._symbols: list[_SymbolInfo] = []
        self._code_refs: dict[tuple[int, int, int], tuple[Ref, int]] = {}
        self._read_linking()
        self._code_relocations = self._read_relocations("reloc.CODE")
        self._data_relocations = self._read_relocations("reloc.DATA")

    def read(self) -> SymbolTable:
        table = SymbolTable()
        for import_ in self._imports:
            table.add(import_)
        self._add_functions(table)
        self._add_data(table)
        return table

    def _section(self, kind: int) -> _Reader:
        return _Reader(self._sections.get(kind, b"\0"))

    def _read_types(self) -> list[FunctionType]:
        reader = self._section(_TYPE)
        types = []
        for _ in range(reader.unsigned()):
            if reader.byte() != 0x60:
                raise ObjectFileError("a type that is not a function type")
            types.append(FunctionType(reader.bytes(), reader.bytes()))
        return types

    def _read_imports(self) -> None:
        reader = self._section(_IMPORT)
        for _ in range(reader.unsigned()):
            module, field, kind = reader.text(), reader.text(), reader.byte()
            if kind == 0:
                type_ = self._types[reader.unsigned()]
                self._imports.append(Import(field, module, field, type_))
            elif kind in (1, 2):
                if kind == 1:
                    reader.byte()
                if reader.unsigned() & 1:
                    reader.unsigned()
                reader.unsigned()
            elif kind == 3:
                reader.byte()
                reader.byte()
            else:
                raise ObjectFileError(f"import {module}.{field} of kind {kind}")

    def _read_function_types(self) -> list[FunctionType]:
        reader = self._section(_FUNCTION)
        return [self._types[reader.unsigned()] for _ in range(reader.unsigned())]

    def _read_linking(self) -> None:
        reader = _Reader(self._custom["linking"])
        if (version := reader.unsigned()) != 2:
            raise ObjectFileError(f"linking section of version {version}, not 2")
        while not reader.at_end():
            kind, body = reader.byte(), _Reader(reader.bytes())
            if kind == _SUBSECTION_SYMBOLS:
                self._symbols = [self._read_symbol(body, n) for n in range(body.unsigned())]
            elif kind == _SUBSECTION_SEGMENTS:
                for _ in range(body.unsigned()):
                    name, alignment_log2, _flags = body.text(), body.unsigned(), body.unsigned()
                    self._segments.append((name, 1 << alignment_log2))

    def _read_symbol(self, reader: _Reader, number: int) -> _SymbolInfo:
        kind, flags = reader.byte(), reader.unsigned()
        defined = not flags & _FLAG_UNDEFINED
        if kind in (_SYMBOL_FUNCTION, _SYMBOL_GLOBAL, _SYMBOL_TABLE):
            index = reader.unsigned()
            named = defined or bool(flags & _FLAG_EXPLICIT_NAME)
            name = reader.text() if named else ""
            if kind == _SYMBOL_FUNCTION and not defined:
                name = self._imports[index].name
            if flags & _FLAG_LOCAL and kind == _SYMBOL_FUNCTION:
                name = f"{name}#{number}"
            return _SymbolInfo(kind, name, index, defined=defined)
        if kind == _SYMBOL_DATA:
            name = reader.text()
            if not defined:
                return _SymbolInfo(kind, name, -1, defined=False)
            index, offset, size = reader.unsigned(), reader.unsigned(), reader.unsigned()
            if flags & _FLAG_LOCAL:
                name = f"{name}#{number}"
            return _SymbolInfo(kind, name, index, offset, size)
        if kind == _SYMBOL_SECTION:
            return _SymbolInfo(kind, "", reader.unsigned())
        raise ObjectFileError(f"symbol of kind {kind}")

    def _read_relocations(self, section: str) -> list[_Relocation]:
        if section not in self._custom:
            return []
        reader = _Reader(self._custom[section])
        reader.unsigned()
        relocations = []
        for _ in range(reader.unsigned()):
            type_, offset, index = reader.byte(), reader.unsigned(), reader.unsigned()
            addend = reader.signed() if type_ in _WITH_ADDEND else 0
            relocations.append(_Relocation(type_, offset, index, addend))
        return relocations

    def _add_functions(self, table: SymbolTable) -> None:
        names: dict[int, list[str]] = {}
        for symbol in self._symbols:
            if symbol.kind == _SYMBOL_FUNCTION and symbol.defined:
                names.setdefault(symbol.place - len(self._imports), []).append(symbol.name)
        reader = self._section(_CODE)
        relocations = iter(self._code_relocations)
        relocation = next(relocations, None)
        for index in range(reader.unsigned()):
            size = reader.unsigned()
            start, end = reader.offset, reader.offset + size
            pieces: list[Piece] = []
            position = start
            while relocation is not None and relocation.offset < end:
                meaning = relocation.type, relocation.target, relocation.addend
                if meaning not in self._code_refs:
                    self._code_refs[meaning] = self._code_ref(relocation)
                ref, width = self._code_refs[meaning]
                pieces.append(reader.data[position : relocation.offset])
                pieces.append(ref)
                position = relocation.offset + width
                relocation = next(relocations, None)
            pieces.append(reader.data[position:end])
            reader.offset = end
            for name in names.get(index, []):
                table.add(Function(name, self._function_types[index], pieces))

    def _code_ref(self, relocation: _Relocation) -> tuple[Ref, int]:
        if relocation.type not in _CODE_RELOCATIONS:
            raise ObjectFileError(f"relocation of type {relocation.type} in code")
        kind, width = _CODE_RELOCATIONS[relocation.type]
        if kind is RefKind.TYPE:
            return Ref(kind, type=self._types[relocation.target]), width
        symbol = self._symbols[relocation.target]
        return Ref(kind, symbol.name, relocation.addend), width

    def _add_data(self, table: SymbolTable) -> None:
        contents, starts = self._read_segments()
        by_segment: dict[int, list[_Relocation]] = {}
        segment = 0
        for relocation in self._data_relocations:
            while relocation.offset >= starts[segment] + len(contents[segment]):
                segment += 1
            by_segment.setdefault(segment, []).append(relocation)
        for symbol in self._symbols:
            if symbol.kind != _SYMBOL_DATA or not symbol.defined or symbol.name in table:
                continue
            content = contents[symbol.place][symbol.offset : symbol.offset + symbol.size]
            start = starts[symbol.place] + symbol.offset
            refs = [
                self._data_ref(relocation, symbol.name, start)
                for relocation in by_segment.get(symbol.place, [])
                if start <= relocation.offset < start + symbol.size
            ]
            alignment = self._segments[symbol.place][1]
            if not any(content) and not refs:
                content = b""
            table.add(Data(symbol.name, content, alignment, symbol.size, refs))

    def _read_segments(self) -> tuple[list[bytes], list[int]]:
        reader = self._section(_DATA)
        contents, starts = [], []
        for _ in range(reader.unsigned()):
            if reader.unsigned() != 0 or reader.byte() != 0x41:
                raise ObjectFileError("a data segment that is not active at a constant")
            reader.signed()
            reader.byte()
            body = reader.bytes()
            starts.append(reader.offset - len(body))
            contents.append(body)
        return contents, starts

    def _data_ref(self, relocation: _Relocation, owner: str, start: int) -> DataRef:
        if relocation.type not in _DATA_RELOCATIONS:
            raise ObjectFileError(f"relocation of type {relocation.type} in data")
        offset = relocation.offset - start
        return DataRef(
            offset,
            _DATA_RELOCATIONS[relocation.type],
            self._symbols[relocation.target].name,
            relocation.addend,
            slot_gate(owner, offset, is_exception=owner.startswith("Exc_"))
            if owner.endswith("_Type")
            else None,
        )
