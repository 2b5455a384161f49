"""Header maps of which nothing need be kept: their methods become host calls.

    r1 = self.request_headers
    r3 = r1.get("x-tenant")             ->   r3 = pal.header_calls.get(0, "x-tenant")
    dec_ref r1

`HeaderMap` fetches a map as a whole, for the reads that follow. Where no second read can follow,
one header is less to fetch, and a map that is only written needs no object. That holds for a map
of `HttpContext` when, in the whole program,

- it is only asked for to call a method on it at once, and no class has one of its own;
- at most one of these calls reads, and one header only: one whose name stands there, and is not
  `host`, which Envoy has as `:authority` but finds under both names;
- that one is of the stream itself, stands in a callback that comes once for each stream, outside of
  loops, and nothing but the dispatcher calls the callback.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncDecl, FuncIR
from mypyc.ir.ops import (
    Assign,
    BasicBlock,
    Branch,
    Call,
    DecRef,
    GetAttr,
    Integer,
    LoadLiteral,
    MethodCall,
    Op,
)
from mypyc.ir.rtypes import int_rprimitive

from mixer2.compiler.callbacks import DISPATCH, ONCE_A_STREAM
from mixer2.compiler.emit.names import literal_text
from mixer2.compiler.frontend.entry import ENTRY_MODULE
from mixer2.compiler.passes.values import all_ops, drop_values, replace_value, successors

_CONTEXT: Final = "pal.context.HttpContext"
_CALLS: Final = "pal.header_calls"

# Proxy-Wasm ABI 0.2.1, "Header map types".
_MAPS: Final = {
    "request_headers": 0,
    "request_trailers": 1,
    "response_headers": 2,
    "response_trailers": 3,
}
_READS: Final = {"get": "get", "__contains__": "contains"}
_WRITES: Final = {"set": "replace", "add": "add", "remove": "remove"}
_FORGET: Final = "forget"
_HOST: Final = "host"

_DISPATCHERS: Final = frozenset({DISPATCH, ENTRY_MODULE})


@dataclass(frozen=True, slots=True)
class _Use:
    """A map that is asked for, and the one call on it; None when something else is done with it."""

    function: FuncIR
    map: GetAttr
    call: MethodCall | None

    @property
    def method(self) -> str:
        return self.call.method if self.call else ""


def call_header_maps_directly(functions: list[FuncIR], classes: Iterable[ClassIR]) -> None:
    """Make host calls of methods of header maps.

    Args:
        functions: All functions of the program; their ops are changed.
        classes: All its classes.
    """
    calls = {
        function.name: function.decl
        for function in functions
        if function.decl.module_name == _CALLS
    }
    streams = [c for c in classes if any(b.fullname == _CONTEXT for b in c.mro)]
    uses: dict[str, list[_Use]] = {name: [] for name in _MAPS}
    named = _called_or_named(functions)
    for function in functions:
        for use in _uses(function):
            uses[use.map.attr].append(use)
    for name, found in uses.items():
        reads = [use for use in found if use.method in _READS]
        if (
            name not in named
            and not any(_has_its_own(class_, name) for class_ in streams)
            and len(reads) <= 1
            and all(use.method in (*_READS, *_WRITES, _FORGET) for use in found)
            and all(_can_come_alone(use, streams, named) for use in reads)
        ):
            _call_directly(found, calls)


def _has_its_own(stream: ClassIR, name: str) -> bool:
    members = (stream.method_decls, stream.properties, stream.attributes)
    return stream.fullname != _CONTEXT and any(name in found for found in members)


def _can_come_alone(read: _Use, streams: list[ClassIR], named: set[str]) -> bool:
    """Whether a read needs nothing but the one header, and no other follows it."""
    function = read.function
    assert read.call is not None
    header = literal_text(read.call.args[0])
    return (
        header is not None
        and header.lower() != _HOST
        and read.map.obj is function.arg_regs[0]
        and not any(isinstance(op, Assign) and op.dest is read.map.obj for op in all_ops(function))
        and function.name not in named
        and _comes_once(read, {stream.fullname for stream in streams})
    )


def _uses(function: FuncIR) -> Iterator[_Use]:
    maps = [
        op
        for op in all_ops(function)
        if isinstance(op, GetAttr) and op.attr in _MAPS and _is_of_stream(op)
    ]
    for map_ in maps:
        users = [op for op in all_ops(function) if map_ in op.sources() and not _is_harmless(op)]
        match users:
            case [MethodCall(obj=receiver, args=arguments) as call] if (
                receiver is map_ and map_ not in arguments
            ):
                yield _Use(function, map_, call)
            case _:
                yield _Use(function, map_, None)


def _is_of_stream(op: GetAttr) -> bool:
    _, owner = op.class_type.class_ir.attr_details(op.attr)
    return owner.fullname == _CONTEXT


def _is_harmless(user: Op) -> bool:
    return isinstance(user, DecRef) or (isinstance(user, Branch) and user.op == Branch.IS_ERROR)


def _called_or_named(functions: list[FuncIR]) -> set[str]:
    """Names of methods that others than the dispatcher call, and all that stands in texts."""
    names: set[str] = set()
    for function in functions:
        if function.decl.module_name in _DISPATCHERS:
            continue
        for op in all_ops(function):
            if isinstance(op, MethodCall):
                names.add(op.method)
            elif isinstance(op, Call):
                names.add(op.fn.name)
            elif isinstance(op, LoadLiteral) and isinstance(op.value, str):
                names.add(op.value)
    return names


def _comes_once(use: _Use, streams: set[str]) -> bool:
    """Whether a call happens at most once for each stream."""
    function = use.function
    owner = f"{function.decl.module_name}.{function.class_name}"
    if function.name not in ONCE_A_STREAM or owner not in streams:
        return False
    block = next(block for block in function.blocks if use.call in block.ops)
    return not _is_in_loop(block)


def _is_in_loop(block: BasicBlock) -> bool:
    pending = successors(block)
    seen: set[BasicBlock] = set()
    while pending:
        reached = pending.pop()
        if reached is block:
            return True
        if reached not in seen:
            seen.add(reached)
            pending += successors(reached)
    return False


def _call_directly(uses: list[_Use], calls: dict[str, FuncDecl]) -> None:
    for use in uses:
        assert use.call is not None
        if use.method == _FORGET:
            drop_values(use.function, {use.call, use.map})
            continue
        declaration = calls[{**_READS, **_WRITES}[use.method]]
        map_type = Integer(_MAPS[use.map.attr], int_rprimitive)
        call = Call(declaration, [map_type, *use.call.args], use.call.line)
        replace_value(use.function, use.call, call)
        for block in use.function.blocks:
            block.ops = [call if op is use.call else op for op in block.ops]
        drop_values(use.function, {use.map})
