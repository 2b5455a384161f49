"""Which functions watch the stack, and what each takes of it.

On every cycle of calls some function must watch it; not all of them need to, since watching is
code. A watching function answers for those that it calls and that do not: between two that watch,
there is never more than `_UNWATCHED` bytes of others.
"""

from collections.abc import Iterable, Mapping

from mypyc.ir.func_ir import FuncIR

from mixer2.compiler.passes.call_graph import ANYTHING, CallGraph

# What a call may take of the host's stack, bytes: a fixed part, and 8 bytes for each local, of
# which there are about half as many as ops.
_CALL_OVERHEAD = 96
_BYTES_PER_OP = 4
# The same for functions of the run-time that stand between two functions of the program.
_RUNTIME_CALLS = 256

_UNWATCHED = 1024


def watch_stack(graph: CallGraph, functions: Iterable[FuncIR]) -> dict[str, int]:
    """Choose the functions that watch the stack.

    Returns:
        By full name: bytes of the host's stack that a call takes, with those that it answers for.
    """
    own = {function.decl.fullname: _own_use(function) for function in functions}
    own[ANYTHING] = _RUNTIME_CALLS
    uses: dict[str, int] = {}
    for cycle in graph.cycles():
        # Constructors have no body of their own: a small one is made for them.
        weights = {name: own.get(name, _CALL_OVERHEAD) for name in cycle}
        inside = {name: graph.called(name) & cycle for name in cycle}
        uses |= {
            name: use
            for name, use in _Cycle(inside, weights).watching(own.keys()).items()
            if name in own
        }
    return uses


def _own_use(function: FuncIR) -> int:
    return _CALL_OVERHEAD + _BYTES_PER_OP * sum(len(block.ops) for block in function.blocks)


class _Cycle:
    """A set of functions each of which can call each, by way of others."""

    def __init__(self, called: Mapping[str, set[str]], weights: Mapping[str, int]) -> None:
        self._called = called
        self._weights = weights
        self._callers: dict[str, set[str]] = {name: set() for name in called}
        for name, targets in called.items():
            for target in targets:
                self._callers[target].add(name)
        self._unwatched: set[str] = set()

    def watching(self, can_watch: Iterable[str]) -> dict[str, int]:
        able = set(can_watch) - {ANYTHING}
        self._unwatched = set(self._called) - able
        for name in sorted(able & set(self._called), key=lambda n: (self._weights[n], n)):
            above = self._longest(name, self._callers, name)
            below = self._longest(name, self._called, name)
            if above is None or below is None:
                continue
            if above + self._weights[name] + below <= _UNWATCHED:
                self._unwatched.add(name)
        return {
            name: self._weights[name] + (self._longest(name, self._called, None) or 0)
            for name in sorted(set(self._called) - self._unwatched)
        }

    def _longest(self, name: str, edges: Mapping[str, set[str]], start: str | None) -> int | None:
        """The most that unwatched functions behind `name` take; None when `start` is among them."""
        most = 0
        for target in edges[name]:
            if target == start:
                return None
            if target in self._unwatched:
                further = self._longest(target, edges, start)
                if further is None:
                    return None
                most = max(most, self._weights[target] + further)
        return most
