"""Reachability: which symbols a module needs, starting from its exports.

Type objects are special: their slots (repr, hash, iterate, ...) are read by one function each,
the gate. A slot keeps its target only when its gate is reachable, so a program that never
prints carries no repr code. Conditional functions are special, too: each has nothing to do where
none of certain others is reachable (build/runtime/object.h).
"""

from mixer2.compiler.layout import CONDITIONAL_FUNCTIONS, OTHERWISE
from mixer2.compiler.link.symbols import Data, DataRef, Function, Ref, SymbolTable


class UndefinedSymbolError(Exception):
    """A reference to a symbol that nobody defines."""

    def __init__(self, symbol: str, referrer: str) -> None:
        super().__init__(f"undefined symbol {symbol!r}, needed by {referrer!r}")
        self.symbol = symbol
        self.referrer = referrer


# Made by the linker itself.
LINKER_SYMBOLS = frozenset(
    {
        *("__heap_base", "__stack_pointer", "__indirect_function_table"),
        *("__data_start", "__data_end"),
    }
)


def reachable(table: SymbolTable, roots: list[str]) -> dict[str, str]:
    """Names of all symbols that `roots` need, each with the symbol that needed it first.

    Raises:
        UndefinedSymbolError: something reachable refers to an unknown symbol.
    """
    return _Reach(table).run(roots)


class _Reach:
    def __init__(self, table: SymbolTable) -> None:
        self._table = table
        self._needed_by: dict[str, str] = {}
        self._pending: list[str] = []
        self._gated: dict[str, list[tuple[str, str]]] = {}
        # Conditional functions that are called, and by whom.
        self._conditional: dict[str, str] = {}

    def run(self, roots: list[str]) -> dict[str, str]:
        for root in roots:
            self._need(root, "the module's exports")
        self._spread()
        for name, referrer in self._conditional.items():
            if name not in self._needed_by:
                self._need(name + OTHERWISE, referrer)
        self._spread()
        return self._needed_by

    def _spread(self) -> None:
        while self._pending:
            name = self._pending.pop()
            symbol = self._table[name]
            if isinstance(symbol, Function):
                for piece in symbol.pieces:
                    if isinstance(piece, Ref) and piece.symbol:
                        self._need(piece.symbol, name)
            elif isinstance(symbol, Data):
                for ref in symbol.refs:
                    self._follow(symbol, ref)
            for target, referrer in self._gated.pop(name, []):
                self._add(target, referrer)

    def _need(self, name: str, referrer: str) -> None:
        conditions = CONDITIONAL_FUNCTIONS.get(name, ())
        if not conditions or any(condition in self._needed_by for condition in conditions):
            self._add(name, referrer)
            return
        self._conditional.setdefault(name, referrer)
        for condition in conditions:
            self._gated.setdefault(condition, []).append((name, referrer))

    def _add(self, name: str, referrer: str) -> None:
        if name in self._needed_by or name in LINKER_SYMBOLS:
            return
        if name not in self._table:
            raise UndefinedSymbolError(name, referrer)
        self._needed_by[name] = referrer
        self._pending.append(name)

    def _follow(self, data: Data, ref: DataRef) -> None:
        if ref.gate is None or ref.gate in self._needed_by:
            self._need(ref.symbol, data.name)
        else:
            self._gated.setdefault(ref.gate, []).append((ref.symbol, data.name))
