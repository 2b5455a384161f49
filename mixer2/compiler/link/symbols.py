"""Symbols: functions, data and imports, with references to each other still by name.

The emitter makes symbols, the object file of the run-time is read into symbols, and the linker
turns what is reachable into one module. Code and data are kept as pieces: bytes, and between
them `Ref`s which the linker replaces by an index or an address of minimal length.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from mixer2.compiler.wasm.types import FunctionType


class RefKind(Enum):
    """What takes a reference's place in the code (an integer in LEB128, or four bytes in data)."""

    FUNCTION = "function index"
    TABLE_SLOT = "slot of a function in the table, signed"
    ADDRESS = "address of data, signed"
    OFFSET = "address of data as a load or store's offset, unsigned"
    TYPE = "index of a function type"
    STACK_POINTER = "index of the stack pointer global"
    TABLE = "index of the one table"
    NEED = "nothing: the symbol is only marked as needed"
    PART = "nothing: the code of another function begins, which is called in this place only"
    PART_END = "nothing: the code of that function ends"
    DATA_SLOT = "slot of a function in the table, four bytes in data"
    DATA_ADDRESS = "address of data, four bytes in data"


@dataclass(frozen=True, slots=True)
class Ref:
    """A place in code that names a symbol, or a function type for `RefKind.TYPE`.

    The author's `line` stands at calls, 0 at others.
    """

    kind: RefKind
    symbol: str = ""
    addend: int = 0
    type: FunctionType | None = None
    line: int = 0


Piece = bytes | Ref


@dataclass(slots=True)
class Function:
    """One function body: local declarations and code, without its size.

    `file` is the author's, "" for what has none. `runs_rarely`: no request runs through it.
    """

    name: str
    type: FunctionType
    pieces: list[Piece]
    display_name: str = ""
    file: str = ""
    runs_rarely: bool = False


@dataclass(slots=True)
class Import:
    """A function of the host."""

    name: str
    module: str
    field: str
    type: FunctionType


@dataclass(slots=True)
class DataRef:
    """Four bytes at `offset` of a data symbol that hold an address or a table slot.

    With a `gate` they stay zero unless the symbol named by it is reachable: what only the gate
    reads is not needed without it.
    """

    offset: int
    kind: RefKind
    symbol: str
    addend: int = 0
    gate: str | None = None


@dataclass(slots=True)
class Data:
    """Bytes in linear memory; `size` beyond `content` is zero."""

    name: str
    content: bytes
    alignment: int = 4
    size: int = 0
    refs: list[DataRef] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.size = max(self.size, len(self.content))


Symbol = Function | Import | Data


class DuplicateSymbolError(Exception):
    """Two definitions of one name: a bug of ours, never the author's."""


class SymbolTable:
    """All symbols by name."""

    def __init__(self) -> None:
        self._symbols: dict[str, Symbol] = {}
        self._lazy: dict[str, Callable[[], Symbol]] = {}
        # Being made now: a recursive function refers to itself.
        self._making: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._symbols or name in self._lazy or name in self._making

    def __getitem__(self, name: str) -> Symbol:
        if name in self._lazy:
            make = self._lazy.pop(name)
            self._making.add(name)
            symbol = make()
            self._making.remove(name)
            self.add(symbol)
        return self._symbols[name]

    def add(self, symbol: Symbol) -> None:
        """Define a symbol.

        Raises:
            DuplicateSymbolError: the name is defined already.
        """
        if symbol.name in self._symbols:
            raise DuplicateSymbolError(f"symbol {symbol.name!r} is defined twice")
        self._symbols[symbol.name] = symbol

    def replace(self, symbol: Symbol) -> None:
        """Put a new definition in the place of one."""
        assert symbol.name in self._symbols, f"{symbol.name} has no definition yet"
        self._symbols[symbol.name] = symbol

    def get(self, name: str) -> Symbol | None:
        """The symbol, or None; a lazy one is made."""
        return self[name] if name in self else None  # noqa: SIM401 - not a dict

    def add_lazily(self, name: str, make: Callable[[], Symbol]) -> None:
        """Define a symbol which is made when it is first asked for."""
        if name in self._symbols or name in self._lazy:
            raise DuplicateSymbolError(f"symbol {name!r} is defined twice")
        self._lazy[name] = make

    def copy(self) -> "SymbolTable":
        """A table that can grow without this one growing."""
        table = SymbolTable()
        table._symbols = dict(self._symbols)
        return table

    def function_type(self, name: str) -> FunctionType:
        """Type of a function or import."""
        symbol = self[name]
        assert not isinstance(symbol, Data), f"{name} is data"
        return symbol.type

    def names(self) -> list[str]:
        """Names of all symbols that are made, in that order."""
        return list(self._symbols)
