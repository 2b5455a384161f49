"""Functions that are called in one place become a part of the function that calls them.

    call $increment    ->    local.set 5    local.set 4        the arguments
                             block (result i32)
                               ...                             the body; `return` leaves the block
                             end

That is a call, a frame and some cache lines less for a request, and less for the proxy to compile,
which decides for every call of every function anew what to inline. Where each function's code lies
is kept for backtraces: references of the kinds PART and PART_END stand around it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Final, NamedTuple

from mixer2.compiler.cycles import cycles
from mixer2.compiler.link.instructions import NEED, Instruction, encode, parse
from mixer2.compiler.link.symbols import Function, Piece, Ref, RefKind
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import vector

_CALL: Final = opcodes.CALL[0]
_BLOCK: Final = opcodes.BLOCK[0]
_LOOP: Final = opcodes.LOOP[0]
_OPENING: Final = frozenset({_BLOCK, _LOOP, opcodes.IF[0]})
_END: Final = opcodes.END[0]
_BR: Final = opcodes.BR[0]
_RETURN: Final = opcodes.RETURN[0]
_LOCAL_SET: Final = opcodes.LOCAL_SET[0]
_LOCALS: Final = frozenset({opcodes.LOCAL_GET[0], _LOCAL_SET, opcodes.LOCAL_TEE[0]})
_NO_RESULT: Final = opcodes.BLOCK[1:]

# What an indirect call calls.
_ANY: Final = "*"


class Merged(NamedTuple):
    """The functions of a module after that.

    Attributes:
        functions: Those that are left, in their order.
        parts: Those that are parts of others, by name, as they were.
    """

    functions: list[Function]
    parts: dict[str, Function]


def merge_single_calls(
    functions: list[Function],
    exported: Collection[str],
    named_elsewhere: Collection[str],
    resolve: Callable[[str], str],
) -> Merged:
    """Make parts of functions that one call of one other function calls, outside of loops.

    Functions that may call themselves, directly or by way of others, get no parts: how much of the
    host's stack a call takes is reckoned before (`passes.stack_watch`).

    Args:
        functions: All functions that are compiled.
        exported: Names of those that the host calls.
        named_elsewhere: Names of those that data and bytecode refer to.
        resolve: The name of the function that a name stands for.
    """
    return _Merger(functions, exported, named_elsewhere, resolve).merge()


class _Body:
    """Locals and code of a function."""

    def __init__(self, function: Function) -> None:
        first, *rest = function.pieces
        assert isinstance(first, bytes)
        groups, at = leb128.read_unsigned(first, 0)
        self.locals: list[int] = []
        for _ in range(groups):
            count, at = leb128.read_unsigned(first, at)
            self.locals += [first[at]] * count
            at += 1
        self.code = parse([first[at:], *rest])

    def pieces(self) -> list[Piece]:
        """The body of a function with that."""
        groups = ((type_, len(list(same))) for type_, same in groupby(self.locals))
        declarations = vector(leb128.unsigned(n) + bytes([type_]) for type_, n in groups)
        return [declarations, *encode(self.code)]


class _Merger:
    def __init__(
        self,
        functions: list[Function],
        exported: Collection[str],
        named_elsewhere: Collection[str],
        resolve: Callable[[str], str],
    ) -> None:
        self._functions = {function.name: function for function in functions}
        self._resolve = resolve
        called = {function.name: list(self._called(function)) for function in functions}
        calls = Counter(name for names in called.values() for name in names)
        in_table = {resolve(r.symbol) for r in _refs(functions) if r.kind is RefKind.TABLE_SLOT}
        in_table.update(map(resolve, named_elsewhere))
        kept = {*in_table, *map(resolve, exported)}
        self._single = {name for name in self._functions if calls[name] == 1 and name not in kept}
        graph = {name: set(names) for name, names in called.items()} | {_ANY: in_table}
        for function in functions:
            if any(ref.kind is RefKind.TABLE for ref in _refs([function])):
                graph[function.name].add(_ANY)
        self._recursive = {name for cycle in cycles(graph) for name in cycle}
        self._done: dict[str, Function] = {}
        self._parts: dict[str, Function] = {}

    def merge(self) -> Merged:
        found = [self._complete(function) for function in self._functions.values()]
        return Merged([f for f in found if f.name not in self._parts], self._parts)

    def _complete(self, function: Function) -> Function:
        """A function with its parts."""
        if function.name not in self._done:
            self._done[function.name] = function
            if function.name in self._recursive:
                return function
            callees = [self._functions[n] for n in self._called(function) if n in self._single]
            taken = {
                callee.name: self._complete(callee)
                for callee in callees
                if callee.runs_rarely <= function.runs_rarely
            }
            if taken:
                self._done[function.name] = self._with_parts(function, taken)
        return self._done[function.name]

    def _called(self, function: Function) -> Iterator[str]:
        return (self._resolve(r.symbol) for r in _refs([function]) if r.kind is RefKind.FUNCTION)

    def _with_parts(self, function: Function, callees: Mapping[str, Function]) -> Function:
        body = _Body(function)
        code: list[Instruction] = []
        constructs: list[int] = []
        name = function.display_name
        for instruction in body.code:
            opcode, immediates = instruction
            if opcode in _OPENING:
                constructs.append(opcode)
            elif opcode == _END and constructs:
                constructs.pop()
            elif opcode == _CALL and _LOOP not in constructs:
                call = immediates[0]
                assert isinstance(call, Ref)
                callee = callees.get(self._resolve(call.symbol))
                if callee is not None:
                    code += _spliced(callee, body, call, len(function.type.parameters))
                    self._parts[callee.name] = self._functions[callee.name]
                    name = name or callee.display_name
                    continue
            code.append(instruction)
        body.code = code
        return replace(function, pieces=body.pieces(), display_name=name)


def _refs(functions: Iterable[Function]) -> Iterator[Ref]:
    return (p for function in functions for p in function.pieces if isinstance(p, Ref))


def _spliced(callee: Function, body: _Body, call: Ref, parameters: int) -> Iterator[Instruction]:
    """The code in place of a call. The locals of the callee become locals of the body."""
    assert len(callee.type.results) <= 1, f"{callee.name} has more results than a block"
    part, count = _Body(callee), len(callee.type.parameters)
    first = parameters + len(body.locals)
    body.locals += [*callee.type.parameters, *part.locals]
    for argument in reversed(range(count)):
        yield _LOCAL_SET, (first + argument,)
    yield NEED, (replace(call, kind=RefKind.PART, symbol=callee.name),)
    yield _BLOCK, (callee.type.results or _NO_RESULT,)
    depth = 0
    for opcode, immediates in part.code:
        if opcode in _LOCALS:
            local = immediates[0]
            assert isinstance(local, int)
            yield opcode, (first + local,)
        elif opcode == _RETURN:
            yield _BR, (depth,)
        else:
            depth += (opcode in _OPENING) - (opcode == _END)
            yield opcode, immediates
    yield NEED, (Ref(RefKind.PART_END),)
