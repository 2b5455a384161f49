"""The cache: which group of nodes shall run which snapshot, and who waits for a change of that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mixer2.xds.messages import Node
from mixer2.xds.snapshot import Snapshot

EVERYONE = ""
"""The group of all nodes, where nobody says otherwise."""

GroupOf: TypeAlias = Callable[[Node], str]
SnapshotOf: TypeAlias = Callable[[Node], Snapshot | None]
Watcher: TypeAlias = Callable[[Snapshot], None]


@dataclass(slots=True, eq=False)
class _Watch:
    """One stream's interest in its node's snapshot, and the version it was told last."""

    node: Node
    tell: Watcher
    version: str = ""

    def offer(self, snapshot: Snapshot | None) -> bool:
        if snapshot is None or snapshot.version == self.version:
            return False
        self.version = snapshot.version
        self.tell(snapshot)
        return True


class SnapshotCache:
    """Holds one snapshot per group of nodes, or asks a function for each node's.

    Args:
        group_of: Puts a node into a group; by default all nodes are in one.
    """

    def __init__(self, group_of: GroupOf = lambda _node: EVERYONE) -> None:
        self._group_of = group_of
        self._snapshots: dict[str, Snapshot] = {}
        self._watches: dict[str, set[_Watch]] = {}
        self._snapshot_of: SnapshotOf = self._of_group

    def set(self, snapshot: Snapshot, group: str = EVERYONE) -> bool:
        """Let a group of nodes run `snapshot`.

        Returns:
            False when the group runs the same content already; then nobody is told.

        Raises:
            InconsistentSnapshot: a reference does not resolve; the old snapshot stays.
        """
        snapshot.check()
        old = self._snapshots.get(group)
        if old is not None and old.version == snapshot.version:
            return False
        self._snapshots[group] = snapshot
        for watch in tuple(self._watches.get(group, ())):
            watch.offer(self._snapshot_of(watch.node))
        return True

    def assign(self, snapshot_of: SnapshotOf) -> int:
        """Let every node run what `snapshot_of` says of it, from now on.

        For whoever groups nodes in ways that change. Only nodes for which it says something else
        than before are told, all of them before this returns; the snapshots must be consistent
        (`Snapshot.check`). A node for which it says None keeps what it has.

        Returns:
            How many watchers were told.
        """
        self._snapshot_of = snapshot_of
        watches = [watch for of_group in self._watches.values() for watch in of_group]
        return sum(watch.offer(snapshot_of(watch.node)) for watch in watches)

    def get(self, group: str = EVERYONE) -> Snapshot | None:
        """Return a group's snapshot; None while it has none, which is not the same as empty."""
        return self._snapshots.get(group)

    def watch(self, node: Node, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with the node's snapshot, now if there is one and at each change.

        Returns:
            What ends the watch when called.
        """
        group = self._group_of(node)
        watches = self._watches.setdefault(group, set())
        watch = _Watch(node, watcher)
        watches.add(watch)
        watch.offer(self._snapshot_of(node))

        def end() -> None:
            watches.discard(watch)
            # Another watch may have made a new set meanwhile.
            if not watches and self._watches.get(group) is watches:
                del self._watches[group]

        return end

    def _of_group(self, node: Node) -> Snapshot | None:
        return self._snapshots.get(self._group_of(node))
