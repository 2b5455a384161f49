"""Less inlining by the proxy's compiler, which costs start-up.

Envoy runs V8 without its baseline compiler: every function goes through the optimising one when a
module is loaded, and into each it inlines the calls that come first, callees of up to five times
the caller's size together. In code that consists of small functions that is more than half of the
time a module takes to load, and where a request spends most of its time in the proxy it gains
little (docs/performance.md).

A *sink* is a function of some size that does nothing. Calls of sinks before all other calls of a
function use its allowance up. They are never made: they stand in an `if` of a constant 0, which V8
removes when it has decided what to inline. The `if` stands right before the first call, which in
most short functions is not on the way that is taken, but never in a loop.

Source: V8 14.6, src/wasm/inlining-tree.h (`NoLiftoffBudget`, `BudgetScaleFactor`) and
src/wasm/turboshaft-graph-interface.cc (`should_inline`).
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from mixer2.compiler.link.instructions import end_of_instruction
from mixer2.compiler.link.symbols import Function
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import FunctionType

# V8's numbers: what it takes for a small function, and how many times its own size it inlines into
# a function of a module with few and with many of these.
_SMALL: Final = 50
_LEAST_ALLOWANCE: Final = 50
_FEW, _GROWTH_OF_FEW = 0.25, 2
_MANY, _GROWTH_OF_MANY = 0.5, 5

# What a function keeps of its allowance, bytes: a callee this small is hardly more than its call.
_KEPT: Final = 60

_NEVER: Final = opcodes.I32_CONST + b"\x00" + opcodes.IF

# A declaration of no locals, six bytes long: nothing else of that size is read faster.
_NO_LOCALS: Final = b"\x80\x80\x80\x80\x00\x7f"
_DECLARATIONS: Final = (40, 13, 4)

_CALLS: Final = frozenset({opcodes.CALL[0], opcodes.CALL_INDIRECT[0]})
_LOOP: Final = opcodes.LOOP[0]
_OPENING: Final = frozenset({opcodes.BLOCK[0], _LOOP, opcodes.IF[0]})
_END: Final = opcodes.END[0]


class Sink(NamedTuple):
    """A sink as callers see it: its size, and the code of a call."""

    size: int
    call: bytes


def sinks() -> list[Function]:
    """The sinks, largest first."""
    return [
        Function(f"sink:{count}", FunctionType(b"", b""), [_nothing(count)])
        for count in _DECLARATIONS
    ]


def growth(sizes: Sequence[int]) -> float:
    """How many times its own size V8 inlines into a function.

    Args:
        sizes: Bytes of each function body of the module.
    """
    small = sum(size < _SMALL for size in sizes) / len(sizes)
    share = min(max((small - _FEW) / (_MANY - _FEW), 0.0), 1.0)
    return _GROWTH_OF_FEW * (1 - share) + _GROWTH_OF_MANY * share


def without_inlining(
    body: bytes, callees: Iterable[int], growth: float, sinks: Sequence[Sink]
) -> bytes:
    """A function body that V8 inlines little into.

    Args:
        body: The body, declarations of locals included.
        callees: Sizes of the functions that it calls.
        growth: As `growth` says.
        sinks: The sinks, largest first.
    """
    if not any(_KEPT <= size < _allowance(len(body), growth) for size in callees):
        return body
    at = _before_calls(body)
    calls = b""
    while True:
        # The calls make the body larger, and that the allowance: until they have room.
        needed = _NEVER + _calls(_allowance(len(body) + len(calls), growth), sinks) + opcodes.END
        if len(needed) <= len(calls):
            return body[:at] + needed.ljust(len(calls), opcodes.NOP) + body[at:]
        calls = needed


def _allowance(size: int, growth: float) -> int:
    return max(_LEAST_ALLOWANCE, int(growth * size))


def _calls(allowance: int, sinks: Sequence[Sink]) -> bytes:
    calls = b""
    for sink in sinks:
        while sink.size < allowance and allowance > _KEPT:
            allowance -= sink.size
            calls += sink.call
    return calls


def _nothing(declarations: int) -> bytes:
    return leb128.unsigned(declarations) + _NO_LOCALS * declarations + opcodes.END


def _before_calls(body: bytes) -> int:
    """Where the first call of a function stands, or the outermost loop that it stands in."""
    at = _end_of_locals(body)
    # Where the constructs around a place begin; only loops matter.
    around: list[int | None] = []
    while (opcode := body[at]) not in _CALLS:
        if opcode in _OPENING:
            around.append(at if opcode == _LOOP else None)
        elif opcode == _END:
            if not around:
                break
            around.pop()
        at = end_of_instruction(body, at)
    return next((start for start in around if start is not None), at)


def _end_of_locals(body: bytes) -> int:
    count, at = leb128.read_unsigned(body, 0)
    for _ in range(count):
        _, at = leb128.read_unsigned(body, at)
        at += 1  # the type
    return at
