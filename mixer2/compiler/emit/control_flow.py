"""Basic blocks to Wasm's structured control flow.

    1. `Graph`: successors, and the blocks reachable from the entry in reverse postorder.
    2. `make_reducible`: a loop that is entered in several places (a generator's resume point
       inside a loop) gets one header that dispatches on a label variable.
    3. `Structure`: blocks nested by dominance. A block that joins several paths ends a `block`;
       a block that is jumped back to starts a `loop`; every other block stands where its only
       predecessor ends.

Source: N. Ramsey, "Beyond Relooper: recursive translation of unstructured control flow to
structured control flow", ICFP 2022.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Graph:
    """Blocks by number; 0 is the entry.

    Attributes:
        successors: For each block, where it may go, in the order of its terminator.
        dispatchers: For each block added by `make_reducible`, its targets by label.
        relabelled: For an edge (from, to) that now goes to a dispatcher: the dispatchers on its
            way, the one to jump to last, each with the label to set.
    """

    successors: list[list[int]]
    dispatchers: dict[int, list[int]] = field(default_factory=dict)
    relabelled: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=dict)

    def target(self, source: int, target: int) -> int:
        """Where the edge from `source` to `target` goes now."""
        moved = self.relabelled.get((source, target))
        return moved[-1][0] if moved else target

    def flow(self, block: int) -> list[int]:
        """Successors with relabelled edges resolved."""
        return [self.target(block, target) for target in self.successors[block]]


def reverse_postorder(graph: Graph) -> list[int]:
    """The reachable blocks; each before those it dominates."""
    order: list[int] = []
    seen = {0}
    stack = [(0, iter(graph.flow(0)))]
    while stack:
        block, targets = stack[-1]
        for target in targets:
            if target not in seen:
                seen.add(target)
                stack.append((target, iter(graph.flow(target))))
                break
        else:
            order.append(block)
            stack.pop()
    order.reverse()
    return order


def immediate_dominators(graph: Graph, order: list[int]) -> dict[int, int]:
    """The closest dominator of each reachable block (the entry's is itself).

    Source: Cooper, Harvey, Kennedy, "A simple, fast dominance algorithm".
    """
    position = {block: index for index, block in enumerate(order)}
    predecessors = _predecessors(graph, order)
    dominator = {0: 0}
    changed = True
    while changed:
        changed = False
        for block in order[1:]:
            new: int | None = None
            # The last first: from there one goes up a chain of dominators once, not from each.
            for predecessor in reversed(predecessors[block]):
                if predecessor not in dominator:
                    continue
                new = (
                    predecessor
                    if new is None
                    else _common_dominator(predecessor, new, dominator, position)
                )
            assert new is not None
            if dominator.get(block) != new:
                dominator[block] = new
                changed = True
    return dominator


def _common_dominator(
    left: int, right: int, dominator: dict[int, int], position: dict[int, int]
) -> int:
    while left != right:
        while position[left] > position[right]:
            left = dominator[left]
        while position[right] > position[left]:
            right = dominator[right]
    return left


def _predecessors(graph: Graph, order: Sequence[int]) -> dict[int, list[int]]:
    predecessors: dict[int, list[int]] = {block: [] for block in order}
    for block in order:
        for target in graph.flow(block):
            predecessors[target].append(block)
    return predecessors


def make_reducible(graph: Graph) -> None:
    """Give every loop one entry."""
    while entries := _irreducible_entries(graph):
        dispatcher = len(graph.successors)
        graph.successors.append(entries)
        graph.dispatchers[dispatcher] = entries
        for block in range(dispatcher):
            for target in graph.successors[block]:
                if (now := graph.target(block, target)) in entries:
                    label = entries.index(now)
                    graph.relabelled.setdefault((block, target), []).append((dispatcher, label))


def _irreducible_entries(graph: Graph) -> list[int]:
    """Entries of a loop that has more than one, or nothing."""
    order = reverse_postorder(graph)
    dominator = immediate_dominators(graph, order)
    position = {block: index for index, block in enumerate(order)}
    if all(
        position[target] > position[source] or _dominates(target, source, dominator)
        for source in order
        for target in graph.flow(source)
    ):
        return []
    return _find_irreducible(graph, order, set(order), set())


def _dominates(above: int, below: int, dominator: dict[int, int]) -> bool:
    while below not in (above, 0):
        below = dominator[below]
    return below == above


def _find_irreducible(
    graph: Graph, order: list[int], inside: set[int], headers: set[int]
) -> list[int]:
    """Look into each loop of `inside`, outermost first; edges to `headers` do not count."""
    seen: set[int] = set()
    for block in order:
        if block in seen or block not in inside:
            continue
        loop = _cycle_through(graph, block, inside, headers)
        seen |= loop
        if not loop:
            continue
        entries = {
            target
            for source in order
            if source not in loop
            for target in graph.flow(source)
            if target in loop
        }
        # An inner loop is also entered from the header of the loop around it.
        entries |= {
            target
            for source in loop & headers
            for target in graph.flow(source)
            if target in loop - headers
        }
        if len(entries) > 1:
            return sorted(entries)
        if found := _find_irreducible(graph, order, loop, headers | entries):
            return found
    return []


def _cycle_through(graph: Graph, block: int, inside: set[int], headers: set[int]) -> set[int]:
    """All blocks on cycles through `block` that stay inside and avoid edges to headers."""
    forward = _spread(block, lambda b: [t for t in graph.flow(b) if t in inside - headers])
    sources: dict[int, list[int]] = {}
    for source in inside:
        for target in graph.flow(source):
            if target in inside and target not in headers:
                sources.setdefault(target, []).append(source)
    backward = _spread(block, lambda b: sources.get(b, []))
    return forward & backward


def _spread(start: int, step: Callable[[int], list[int]]) -> set[int]:
    seen: set[int] = set()
    pending = [start]
    while pending:
        for target in step(pending.pop()):
            if target not in seen:
                seen.add(target)
                pending.append(target)
    return seen


def looping_blocks(graph: Graph) -> set[int]:
    """The blocks that may run again after they ran."""
    order = reverse_postorder(graph)
    position = {block: index for index, block in enumerate(order)}
    predecessors = _predecessors(graph, order)
    looping: set[int] = set()
    for header in order:
        ends = [p for p in predecessors[header] if position[p] >= position[header]]
        if ends:
            looping |= {header, *ends}
            pending = [end for end in ends if end != header]
            seen = {header, *pending}
            while pending:
                for block in predecessors[pending.pop()]:
                    if block not in seen:
                        seen.add(block)
                        pending.append(block)
            looping |= seen
    return looping


class Scopes:
    """The Wasm constructs around a place.

    Attributes:
        depth: How many there are.
    """

    def __init__(self) -> None:
        self.depth = 0
        self._levels: dict[tuple[str, int], int] = {}

    def enter(self, kind: str, block: int = -1) -> None:
        """Enter the `loop` of a block, the `block` before one, or an `if`."""
        self._levels[kind, block] = self.depth
        self.depth += 1

    def leave(self) -> None:
        """Leave the innermost."""
        self.depth -= 1

    def depth_of(self, kind: str, block: int) -> int:
        """How many scopes out an enclosing `loop` or `block` is."""
        return self.depth - 1 - self._levels[kind, block]


class Structure:
    """Walks the blocks in structured order and calls back for code.

    Args:
        graph: A reducible graph.
        emit_block: Emits one block's code; it calls `branch` for each way out.
        open_scope: Emits the start of a `block` or `loop`.
        close_scope: Emits the end of one.
        emit_jump: Emits a jump to the scope that many levels out.
    """

    def __init__(
        self,
        graph: Graph,
        emit_block: Callable[[int, "Structure"], None],
        open_scope: Callable[[str], None],
        close_scope: Callable[[str], None],
        emit_jump: Callable[[int], None],
    ) -> None:
        self._graph = graph
        self._emit_block = emit_block
        self._open = open_scope
        self._close = close_scope
        self._jump = emit_jump
        order = reverse_postorder(graph)
        dominator = immediate_dominators(graph, order)
        self._position = {block: index for index, block in enumerate(order)}
        predecessors = _predecessors(graph, order)
        before = self._position
        self._merges = {b for b in order if sum(before[p] < before[b] for p in predecessors[b]) > 1}
        self._loops = {b for b in order if any(before[p] >= before[b] for p in predecessors[b])}
        self._children: dict[int, list[int]] = {block: [] for block in order}
        for block in order[1:]:
            self._children[dominator[block]].append(block)
        self.scopes = Scopes()

    def walk(self) -> None:
        """Emit everything."""
        self._tree(0)

    def branch(self, source: int, target: int) -> None:
        """Emit the way from `source` to `target`: a jump, or the target itself."""
        depth = self.jump_depth(source, target)
        if depth is None:
            self._tree(target)
        else:
            self._jump(depth)

    def jump_depth(self, source: int, target: int) -> int | None:
        """How many scopes out the jump goes; None when the target's code follows instead."""
        if self._position[target] <= self._position[source]:
            return self.scopes.depth_of("loop", target)
        if target in self._merges:
            return self.scopes.depth_of("block", target)
        return None

    def _tree(self, block: int) -> None:
        joins = sorted(
            (child for child in self._children[block] if child in self._merges),
            key=lambda child: -self._position[child],
        )
        if block in self._loops:
            self._open("loop")
            self.scopes.enter("loop", block)
            self._within(block, joins)
            self.scopes.leave()
            self._close("loop")
        else:
            self._within(block, joins)

    def _within(self, block: int, joins: list[int]) -> None:
        """The block's code, wrapped in one Wasm `block` for each join that it dominates."""
        for join in joins:
            self._open("block")
            self.scopes.enter("block", join)
        self._emit_block(block, self)
        for join in reversed(joins):
            self.scopes.leave()
            self._close("block")
            self._tree(join)
