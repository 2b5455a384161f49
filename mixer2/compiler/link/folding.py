"""Functions with the same body, of which one is enough.

Only of those in which nothing is called, or that no author wrote: backtraces name functions.
"""

from collections.abc import Iterable

from mixer2.compiler.layout import CONDITIONAL_FUNCTIONS, OTHERWISE
from mixer2.compiler.link.symbols import Function, Piece, Ref, SymbolTable


def stand_ins(table: SymbolTable, needed: Iterable[str]) -> dict[str, str]:
    """For each function that others call and that is left out: the name of the one to call.

    Args:
        table: All symbols.
        needed: Those that the module needs.
    """
    names = set(needed)
    functions = [f for s in table.names() if s in names and isinstance(f := table[s], Function)]
    same = equal_functions(functions)
    for name in CONDITIONAL_FUNCTIONS:
        otherwise = name + OTHERWISE
        if name not in names and otherwise in names:
            same[name] = same.get(otherwise, otherwise)
    return same


def equal_functions(functions: Iterable[Function]) -> dict[str, str]:
    """For each function that is like another one: the name of that."""
    same: dict[str, str] = {}
    remaining = [f for f in functions if not f.file or not _calls(f)]
    while True:
        first: dict[tuple[object, ...], str] = {}
        kept = []
        for function in remaining:
            pieces = (_key(piece, same) for piece in function.pieces)
            key = (function.type, function.runs_rarely, *pieces)
            name = first.setdefault(key, function.name)
            if name == function.name:
                kept.append(function)
            else:
                same[function.name] = name
        if len(kept) == len(remaining):
            return {name: _last(same, name) for name in same}
        # Functions that called different but equal ones are equal now.
        remaining = kept


def _calls(function: Function) -> bool:
    return any(isinstance(piece, Ref) and piece.line for piece in function.pieces)


def _key(piece: Piece, same: dict[str, str]) -> object:
    if isinstance(piece, Ref):
        return piece.kind, _last(same, piece.symbol), piece.addend, piece.type
    return piece


def _last(same: dict[str, str], name: str) -> str:
    while name in same:
        name = same[name]
    return name
