"""The cache: which group of nodes shall run which snapshot, and who waits for a change of that."""

from collections.abc import Callable
from typing import TypeAlias

from mixer2.xds.messages import Node
from mixer2.xds.snapshot import Snapshot

EVERYONE = ""
"""The group of all nodes, where nobody says otherwise."""

GroupOf: TypeAlias = Callable[[Node], str]
Watcher: TypeAlias = Callable[[Snapshot], None]


class SnapshotCache:
    """Holds one snapshot per group of nodes.

    Args:
        group_of: Puts a node into a group; by default all nodes are in one.
    """

    def __init__(self, group_of: GroupOf = lambda _node: EVERYONE) -> None:
        self._group_of = group_of
        self._snapshots: dict[str, Snapshot] = {}
        self._watchers: dict[str, set[Watcher]] = {}

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
        for watcher in tuple(self._watchers.get(group, ())):
            watcher(snapshot)
        return True

    def get(self, group: str = EVERYONE) -> Snapshot | None:
        """Return a group's snapshot; None while it has none, which is not the same as empty."""
        return self._snapshots.get(group)

    def watch(self, node: Node, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with the node's snapshot, now if there is one and at each change.

        Returns:
            What ends the watch when called.
        """
        group = self._group_of(node)
        watchers = self._watchers.setdefault(group, set())
        watchers.add(watcher)
        snapshot = self._snapshots.get(group)
        if snapshot is not None:
            watcher(snapshot)

        def end() -> None:
            watchers.discard(watcher)
            # Another watch may have made a new set meanwhile.
            if not watchers and self._watchers.get(group) is watchers:
                del self._watchers[group]

        return end
