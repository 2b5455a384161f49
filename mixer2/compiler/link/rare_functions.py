"""The functions of a module that can be bytecode: those that no request runs through."""

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from mixer2.compiler.link.bytecode import Bytecode
from mixer2.compiler.link.bytecode_translation import UntranslatableError, translate
from mixer2.compiler.link.reach import LINKER_SYMBOLS
from mixer2.compiler.link.symbols import Data, Function, Ref, RefKind, SymbolTable

# Bytes of a function that what compiled code calls in its place does not pay for.
SMALL = 48

# Places that are known only when bytecode has its.
_LAID_OUT_LAST = LINKER_SYMBOLS - {"__stack_pointer", "__indirect_function_table"}


class RareCode(NamedTuple):
    """Functions that are bytecode.

    Attributes:
        bytecodes: The functions, by name.
        entered: Those that compiled functions call, too, or the host.
    """

    bytecodes: dict[str, Bytecode]
    entered: list[Function]


class RareFunctions:
    """Finds them.

    Args:
        table: All symbols.
        needed: The symbols that the module needs.
        exports: The functions that the host calls.
        same: Functions that are no more, each with the one that does the same.
    """

    def __init__(
        self,
        table: SymbolTable,
        needed: Iterable[str],
        exports: Iterable[str],
        same: Mapping[str, str],
    ) -> None:
        self._table = table
        self._needed = set(needed)
        self._exports = [same.get(name, name) for name in exports]
        self._same = same

    def find(self, *, at_least: int) -> RareCode:
        """The functions, translated; none when they have fewer bytes than that."""
        symbols = [self._table[name] for name in sorted(self._needed) if name not in self._same]
        functions = [symbol for symbol in symbols if isinstance(symbol, Function)]
        often = self._run_often(functions)
        rare = [function for function in functions if function.name not in often]
        if sum(map(_size, rare)) < at_least:
            return RareCode({}, [])
        found = {}
        for function in rare:
            if not _LAID_OUT_LAST & set(_symbols(function)):
                with suppress(UntranslatableError):
                    found[function.name] = translate(function, self._table.function_type)
        for name in self._entered(functions, found).intersection(found):
            if found[name].size < SMALL:
                del found[name]
        entered = sorted(self._entered(functions, found).intersection(found))
        return RareCode(found, [found[name].function for name in entered])

    def _run_often(self, functions: list[Function]) -> set[str]:
        """Those that requests run through, or may: compiled Python says it itself."""
        by_name = {function.name: function for function in functions}
        pending = [f for f in functions if f.file and not f.runs_rarely]
        in_table = {*self._exports, *self._in_data()}
        in_table |= {name for f in functions for name in self._named(f, RefKind.TABLE_SLOT)}
        pending += [by_name[name] for name in in_table if name in by_name]
        pending = [function for function in pending if not function.runs_rarely]
        found = {function.name for function in pending}
        while pending:
            for name in self._named(pending.pop(), RefKind.FUNCTION):
                function = by_name.get(name)
                if function and name not in found and not function.runs_rarely:
                    found.add(name)
                    pending.append(function)
        return found

    def _entered(self, functions: Iterable[Function], rare: Container[str]) -> set[str]:
        """Those that the host, compiled functions or any by way of the table may call."""
        found = {*self._exports, *self._in_data()}
        for function in functions:
            if function.name not in rare:
                found.update(self._named(function, RefKind.FUNCTION))
            found.update(self._named(function, RefKind.TABLE_SLOT))
        return found

    def _in_data(self) -> Iterator[str]:
        for name in self._needed:
            data = self._table[name]
            if isinstance(data, Data):
                for ref in data.refs:
                    is_kept = ref.gate is None or ref.gate in self._needed
                    if ref.kind is RefKind.DATA_SLOT and is_kept:
                        yield self._same.get(ref.symbol, ref.symbol)

    def _named(self, function: Function, kind: RefKind) -> Iterator[str]:
        for piece in function.pieces:
            if isinstance(piece, Ref) and piece.kind is kind:
                yield self._same.get(piece.symbol, piece.symbol)


def _symbols(function: Function) -> Iterator[str]:
    return (piece.symbol for piece in function.pieces if isinstance(piece, Ref))


def _size(function: Function) -> int:
    return sum(len(piece) if isinstance(piece, bytes) else 2 for piece in function.pieces)
