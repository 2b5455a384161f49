"""Structured control flow takes the same way through the blocks as the graph does."""

import contextlib
from collections.abc import Iterator

from hypothesis import example, given
from hypothesis import strategies as st

from mixer2.compiler.emit.control_flow import (
    Graph,
    Structure,
    immediate_dominators,
    make_reducible,
    reverse_postorder,
)

MOST_BLOCKS = 9
STEPS = 60


@st.composite
def graphs(draw: st.DrawFn) -> list[list[int]]:
    """Blocks that return, jump, or branch to any block but the entry."""
    count = draw(st.integers(1, MOST_BLOCKS))
    targets = st.integers(1, count - 1) if count > 1 else st.nothing()
    ways = st.lists(targets, max_size=2) if count > 1 else st.just([])
    return [draw(ways) for _ in range(count)]


class Machine:
    """Runs structured code: nested lists of blocks, jumps and scopes."""

    def __init__(self, successors: list[list[int]]) -> None:
        self.graph = Graph([list(s) for s in successors])
        make_reducible(self.graph)
        self.code: list[object] = []
        self._open: list[list[object]] = [self.code]
        self.structure = Structure(
            self.graph, self._block, self._scope, self._close, lambda d: self._emit(("br", d))
        )
        self.structure.walk()

    def _emit(self, item: object) -> None:
        self._open[-1].append(item)

    def _scope(self, kind: str) -> None:
        inner: list[object] = []
        self._emit((kind, inner))
        self._open.append(inner)

    def _close(self, _kind: str) -> None:
        self._open.pop()

    def _go(self, source: int, target: int, structure: Structure) -> None:
        for dispatcher, label in self.graph.relabelled.get((source, target), ()):
            self._emit(("label", dispatcher, label))
        structure.branch(source, self.graph.target(source, target))

    def _block(self, number: int, structure: Structure) -> None:
        targets = self.graph.successors[number]
        if number in self.graph.dispatchers:
            for label, target in enumerate(targets):
                self._conditional(("when", number, label), number, target, structure)
            return
        self._emit(("visit", number))
        if not targets:
            self._emit(("return",))
        elif len(targets) == 1:
            self._go(number, targets[0], structure)
        else:
            self._conditional(("decide",), number, targets[0], structure)
            self._go(number, targets[1], structure)

    def _conditional(
        self, test: tuple[object, ...], source: int, target: int, structure: Structure
    ) -> None:
        inner: list[object] = []
        self._emit(("if", test, inner))
        self._open.append(inner)
        structure.scopes.enter("if")
        self._go(source, target, structure)
        structure.scopes.leave()
        self._open.pop()

    def run(self, decisions: Iterator[bool]) -> list[int]:
        """The blocks visited, at most STEPS of them."""
        self._visited: list[int] = []
        self._labels: dict[object, object] = {}
        with contextlib.suppress(StopIteration):
            self._execute(self.code, decisions)
        return self._visited

    def _execute(self, code: list[object], decisions: Iterator[bool]) -> int:
        """Run; the result is how many scopes a jump still has to leave, -1 when at the end."""
        for item in code:
            assert isinstance(item, tuple)
            left = self._step(item, decisions)
            if left >= 0:
                return left
        return -1

    def _step(self, item: tuple[object, ...], decisions: Iterator[bool]) -> int:
        match item:
            case ("visit", int(number)):
                if len(self._visited) >= STEPS:
                    raise StopIteration
                self._visited.append(number)
            case ("return",):
                raise StopIteration
            case ("label", dispatcher, label):
                self._labels[dispatcher] = label
            case ("br", int(depth)):
                return depth
            case ("if", test, list(inner)):
                if self._holds(test, decisions):
                    return self._execute(inner, decisions) - 1
            case ("block", list(inner)):
                return self._execute(inner, decisions) - 1
            case ("loop", list(inner)):
                while (left := self._execute(inner, decisions)) == 0:
                    pass
                return left - 1
            case _:
                raise AssertionError(item)
        return -1

    def _holds(self, test: object, decisions: Iterator[bool]) -> bool:
        match test:
            case ("decide",):
                return next(decisions)
            case ("when", dispatcher, label):
                return self._labels[dispatcher] == label
        raise AssertionError(test)


def walk(successors: list[list[int]], decisions: Iterator[bool]) -> list[int]:
    """The same way, straight through the graph."""
    visited = [0]
    while len(visited) < STEPS and (targets := successors[visited[-1]]):
        if len(targets) == 1:
            visited.append(targets[0])
        else:
            visited.append(targets[0] if next(decisions) else targets[1])
    return visited


@given(graphs(), st.lists(st.booleans(), min_size=STEPS, max_size=STEPS))
@example([[1, 2], [2, 3], [1, 3], []], [True, True, False] * 20)
@example([[1, 2], [2], [3, 1], [4, 2], [1, 5], []], [True, False] * 30)
def test_structured_code_goes_the_same_way(
    successors: list[list[int]], decisions: list[bool]
) -> None:
    assert Machine(successors).run(iter(decisions)) == walk(successors, iter(decisions))


@given(graphs())
def test_every_loop_has_one_entry_in_the_end(successors: list[list[int]]) -> None:
    graph = Graph(successors)
    make_reducible(graph)
    order = reverse_postorder(graph)
    dominator = immediate_dominators(graph, order)
    position = {block: index for index, block in enumerate(order)}
    for source in order:
        for target in graph.flow(source):
            if position[target] <= position[source]:
                above = source
                while above not in (target, 0):
                    above = dominator[above]
                assert above == target, f"{source} jumps back into the middle of a loop at {target}"
