"""From reachable symbols to the bytes of a module.

Linear memory, from address 0: the shadow stack (so that an overflow traps instead of writing
over data), initialised data, zero data, heap. Data that is packed lies behind zero data, and
bytecode behind that. Function bodies are copied with every reference replaced by its shortest
encoding.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from mixer2.compiler.link import inlining
from mixer2.compiler.link.bytecode_calls import (
    RUN,
    BytecodeCalls,
    bytecode_of,
    enter,
    entry,
)
from mixer2.compiler.link.folding import stand_ins
from mixer2.compiler.link.lines import FunctionLines, function_lines
from mixer2.compiler.link.memory_image import active_segment, active_segments, in_memory_order
from mixer2.compiler.link.merging import merge_single_calls
from mixer2.compiler.link.packing import pack, unpacking
from mixer2.compiler.link.rare_functions import RareCode, RareFunctions
from mixer2.compiler.link.reach import reachable
from mixer2.compiler.link.symbols import (
    Data,
    DataRef,
    Function,
    Import,
    Ref,
    RefKind,
    Symbol,
    SymbolTable,
)
from mixer2.compiler.wasm import leb128, opcodes, sections
from mixer2.compiler.wasm.types import FunctionType

STACK_SIZE = 32 * 1024
# What locals and operands of bytecode may take of it besides: some 300 calls of functions.
_BYTECODE_STACK_SIZE = 64 * 1024
_PAGE_SIZE = 64 * 1024

# The export that the host calls first, and the function that stands before it.
_START = "_initialize"
_UNPACKING = "unpack:initialise"
# Bytes of static data that are worth the function that unpacks them, and the time that takes.
_WORTH_PACKING = 48 * 1024
# Bytes of code that runs rarely which are worth the function that interprets it.
WORTH_INTERPRETING = 24 * 1024
# Half of it is the allocator's reserve (build/runtime/memory.c).
_HEAP_AT_START = 128 * 1024


@dataclass(frozen=True, slots=True)
class LinkedModule:
    """The module, and what a person may ask about it."""

    wasm: bytes
    function_sizes: dict[str, int]
    data_sizes: dict[str, int]
    imports: list[str]
    needed_by: dict[str, str] = field(repr=False)
    lines: list[FunctionLines] = field(repr=False)


def link(table: SymbolTable, exports: dict[str, str], extra_roots: list[str]) -> LinkedModule:
    """Link what `exports` (exported name -> symbol) need into one module.

    Args:
        table: The run-time's and the program's symbols.
        exports: Functions that the host may call.
        extra_roots: Symbols to keep besides.

    Raises:
        UndefinedSymbolError: something reachable refers to an unknown symbol.
    """
    roots = [*exports.values(), *extra_roots]
    needed = reachable(table, roots)
    start = exports.get(_START, "")
    rare = RareCode({}, [])
    if start:
        functions = RareFunctions(table, needed, roots, stand_ins(table, needed))
        rare = functions.find(at_least=WORTH_INTERPRETING)
    data = sum(len(d.content) for s in needed if isinstance(d := table[s], Data))
    if not start or (data < _WORTH_PACKING and not rare.bytecodes):
        return _Linker(table, roots, needed, rare, is_packed=False).link(exports)
    table.add(unpacking(_UNPACKING, start))
    exports = {**exports, _START: _UNPACKING}
    roots = [*exports.values(), *extra_roots, *([RUN] if rare.bytecodes else [])]
    needed = reachable(table, roots)
    return _Linker(table, roots, needed, rare, is_packed=True).link(exports)


def _by_references(functions: list[Function]) -> list[Function]:
    """The functions that are called most first: the first 128 indices take one byte, not two."""
    calls = Counter(
        piece.symbol
        for function in functions
        for piece in function.pieces
        if isinstance(piece, Ref) and piece.kind is RefKind.FUNCTION
    )
    return sorted(functions, key=lambda function: -calls[function.name])


class _Linker:
    def __init__(
        self,
        table: SymbolTable,
        roots: list[str],
        needed: dict[str, str],
        rare: RareCode,
        *,
        is_packed: bool,
    ) -> None:
        self._needed = needed
        self._is_packed = is_packed
        self._same = stand_ins(table, needed)
        self._bytecodes = rare.bytecodes
        self._calls = BytecodeCalls(rare.bytecodes)
        made = self._add_calls(table, rare.entered) if rare.bytecodes else []
        chosen = [table[symbol] for symbol in table.names() if symbol in needed]
        self._imports = [s for s in chosen if isinstance(s, Import)]
        functions = [
            s
            for s in chosen
            if isinstance(s, Function)
            and s.name not in self._same
            and s.name not in self._bytecodes
        ]
        functions, self._parts = merge_single_calls(
            [*functions, *made], roots, set(self._named_elsewhere(chosen)), self._kept
        )
        # Sinks are called by most functions: they come first.
        self._sinks = inlining.sinks()
        self._functions = [*self._sinks, *_by_references(functions)]
        self._data = in_memory_order(
            (s for s in chosen if isinstance(s, Data)),
            # What is packed lies at the end, since the length of bytecode is known last.
            zeros_first=is_packed,
        )
        self._types: dict[FunctionType, int] = {}
        self._slots: dict[str, int] = {}
        names = [s.name for s in self._imports] + [s.name for s in self._functions]
        self._function_index = {name: index for index, name in enumerate(names)}
        for name_, same in self._same.items():
            if same in self._function_index:
                self._function_index[name_] = self._function_index[same]
        self._address: dict[str, int] = {}
        # What stands where the heap will be.
        self._packed_size = 0
        self._stack_size = STACK_SIZE + (_BYTECODE_STACK_SIZE if self._bytecodes else 0)

    def _add_calls(self, table: SymbolTable, entered: list[Function]) -> list[Function]:
        """What calls between bytecode and compiled functions need."""
        calls = self._calls
        for bytecode in self._bytecodes.values():
            for type_ in bytecode.types():
                calls.type_number(type_)
        names = (self._kept(name) for b in self._bytecodes.values() for name in b.callees())
        callees = (table[name] for name in names)
        calls.number_callees([c for c in callees if not isinstance(c, Data)])
        table.replace(calls.callees())
        return [
            *map(entry, entered),
            *calls.forwards(),
            *(enter(type_) for type_ in {function.type: None for function in entered}),
            calls.call(),
        ]

    def _named_elsewhere(self, chosen: list[Symbol]) -> Iterator[str]:
        """What bytecode and data refer to."""
        for bytecode in self._bytecodes.values():
            yield from (p.symbol for p in bytecode.function.pieces if isinstance(p, Ref))
        for data in chosen:
            if isinstance(data, Data):
                yield from (ref.symbol for ref in data.refs if self._is_needed(ref))

    def _is_needed(self, ref: DataRef) -> bool:
        return ref.gate is None or ref.gate in self._needed

    def _kept(self, symbol: str) -> str:
        return self._same.get(symbol, symbol)

    def link(self, exports: dict[str, str]) -> LinkedModule:
        heap_base = self._lay_out_data()
        encoded = [self._encode_pieces(f) for f in self._functions]
        bodies = self._without_inlining([b"".join(pieces) for pieces in encoded])
        data = self._encode_data()
        pages = -(-(heap_base + max(_HEAP_AT_START, self._packed_size)) // _PAGE_SIZE)
        index = self._function_index
        parts = [
            sections.imports((i.module, i.field, self._type(i.type)) for i in self._imports),
            sections.functions(self._type(f.type) for f in self._functions),
            sections.table(len(self._slots) + 1),
            sections.memory(pages),
            sections.stack_pointer(self._stack_size),
            sections.exports((exported, index[symbol]) for exported, symbol in exports.items()),
            sections.elements(index[symbol] for symbol in self._slots),
            sections.code(bodies),
            sections.data(data),
            sections.names(
                (index[f.name], f.display_name) for f in self._functions if f.display_name
            ),
        ]
        wasm = b"\0asm\x01\0\0\0" + sections.types(self._types) + b"".join(parts)
        lines = function_lines(wasm, self._functions, encoded, self._parts)
        return LinkedModule(
            wasm=wasm,
            function_sizes={f.symbol: f.own_size for whole in lines for f in whole.with_parts()},
            data_sizes={d.name: d.size for d in self._data},
            imports=[f"{i.module}.{i.field}" for i in self._imports],
            needed_by=self._needed,
            lines=lines,
        )

    def _lay_out_data(self) -> int:
        address = self._stack_size
        for data in self._data:
            address = -(-address // data.alignment) * data.alignment
            self._address[data.name] = address
            if data.content:
                self._address.setdefault("__data_start", address)
            address += data.size
            if data.content:
                self._address["__data_end"] = address
        if self._bytecodes:
            address = self._lay_out_bytecode(address)
            self._address["__data_end"] = address
        self._address.setdefault("__data_start", self._stack_size)
        heap_base = -(-address // 16) * 16
        self._address["__heap_base"] = heap_base
        return heap_base

    def _lay_out_bytecode(self, address: int) -> int:
        for name_, bytecode in self._bytecodes.items():
            content = bytecode.encode(self._encode_bytecode_ref)
            self._data.append(Data(bytecode_of(name_), content, 1))
            self._address[bytecode_of(name_)] = address
            address += len(content)
        return address

    def _encode_bytecode_ref(self, ref: Ref) -> bytes:
        if ref.kind is RefKind.FUNCTION:
            return leb128.unsigned(self._calls.callee_number(self._kept(ref.symbol)))
        if ref.kind is RefKind.TYPE:
            assert ref.type is not None
            return leb128.unsigned(self._calls.type_number(ref.type))
        return self._encode_ref(ref)

    def _type(self, type_: FunctionType) -> int:
        return self._types.setdefault(type_, len(self._types))

    def _slot(self, symbol: str) -> int:
        # Slot 0 stays empty: a null function pointer.
        return self._slots.setdefault(self._kept(symbol), len(self._slots) + 1)

    def _encode_ref(self, ref: Ref) -> bytes:
        match ref.kind:
            case RefKind.FUNCTION:
                return leb128.unsigned(self._function_index[ref.symbol])
            case RefKind.TABLE_SLOT:
                return leb128.signed(self._slot(ref.symbol))
            case RefKind.ADDRESS:
                return leb128.signed(self._address[ref.symbol] + ref.addend)
            case RefKind.OFFSET:
                return leb128.unsigned(self._address[ref.symbol] + ref.addend)
            case RefKind.TYPE:
                assert ref.type is not None
                return leb128.unsigned(self._type(ref.type))
            case RefKind.STACK_POINTER | RefKind.TABLE:
                return b"\x00"
            case RefKind.NEED | RefKind.PART | RefKind.PART_END:
                return b""
            case _:
                raise AssertionError(f"{ref.kind} in code")

    def _encode_pieces(self, function: Function) -> list[bytes]:
        return [
            piece if isinstance(piece, bytes) else self._encode_ref(piece)
            for piece in function.pieces
        ]

    def _without_inlining(self, bodies: list[bytes]) -> list[bytes]:
        sizes = {f.name: len(body) for f, body in zip(self._functions, bodies, strict=True)}
        growth = inlining.growth(list(sizes.values()))
        sinks = [
            inlining.Sink(sizes[sink.name], opcodes.CALL + self._encode_ref(call))
            for sink, call in ((s, Ref(RefKind.FUNCTION, s.name)) for s in self._sinks)
        ]
        return [
            inlining.without_inlining(body, self._callee_sizes(function, sizes), growth, sinks)
            for function, body in zip(self._functions, bodies, strict=True)
        ]

    @staticmethod
    def _callee_sizes(function: Function, sizes: dict[str, int]) -> Iterator[int]:
        for piece in function.pieces:
            if isinstance(piece, Ref) and piece.kind is RefKind.FUNCTION and piece.symbol in sizes:
                yield sizes[piece.symbol]

    def _encode_data(self) -> list[bytes]:
        """Segments of all initialised data but long runs of zeros."""
        memory = bytearray()
        start = self._address["__data_start"]
        for data in self._data:
            if not data.content:
                continue
            memory.extend(bytes(self._address[data.name] - start - len(memory)))
            content = bytearray(data.content.ljust(data.size, b"\0"))
            for ref in data.refs:
                if not self._is_needed(ref):
                    value = 0
                elif ref.kind is RefKind.DATA_SLOT:
                    value = self._slot(ref.symbol)
                else:
                    value = self._address[ref.symbol] + ref.addend
                content[ref.offset : ref.offset + 4] = value.to_bytes(4, "little")
            memory.extend(content)
        if self._is_packed:
            # Where the heap begins, which nobody uses yet.
            packed = pack(bytes(memory))
            self._packed_size = len(packed)
            return [active_segment(self._address["__heap_base"], packed)]
        return list(active_segments(start, bytes(memory)))
