"""The cache: which group of nodes shall run which snapshot, and which streams follow it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from mixer2.xds.live import LiveSnapshot
from mixer2.xds.messages import Node
from mixer2.xds.resource import Reference, Resource
from mixer2.xds.snapshot import Snapshot

EVERYONE = ""
"""The group of all nodes, where nobody says otherwise."""

GroupOf: TypeAlias = Callable[[Node], str]
SnapshotOf: TypeAlias = Callable[[Node], Snapshot | None]


class Follower(Protocol):
    """Who shall always have the snapshot of its node: a stream."""

    def follow(self, live: LiveSnapshot) -> None:
        """Have what `live` has, from now on; until now it may have been another one."""


@dataclass(slots=True, eq=False)
class _Watch:
    """One follower, and what it follows."""

    node: Node
    follower: Follower
    live: LiveSnapshot

    def move(self, live: LiveSnapshot) -> None:
        if self.live is not live:
            self.live = live
            self.follower.follow(live)


class SnapshotCache:
    """Holds one snapshot per group of nodes, or asks a function for each node's.

    Args:
        group_of: Puts a node into a group; by default all nodes are in one.
    """

    def __init__(self, group_of: GroupOf = lambda _node: EVERYONE) -> None:
        self._group_of = group_of
        self._snapshot_of: SnapshotOf | None = None
        self._groups: dict[str, LiveSnapshot] = {}
        self._watches: dict[_Watch, None] = {}
        self._places: dict[str, LiveSnapshot] = {}  # by version, once nodes are assigned
        self._listeners: list[Callable[[], None]] = []

    def set(self, snapshot: Snapshot, group: str = EVERYONE) -> bool:
        """Let a group of nodes run `snapshot`.

        Returns:
            False when the group runs the same content already; then nobody is told.

        Raises:
            InconsistentSnapshot: a reference does not resolve; the old snapshot stays.
        """
        snapshot.check()
        live = self._group(group)
        if live.snapshot is not None and live.version == snapshot.version:
            return False
        live.replace(snapshot)
        self._told()
        return True

    def update(
        self,
        put: Iterable[Resource] = (),
        remove: Iterable[Reference] = (),
        group: str = EVERYONE,
    ) -> bool:
        """Change some resources of a group, for a cost by their number and their subscribers.

        Args:
            put: New resources, and new versions of old ones.
            remove: Resources to take away; those that do not exist are passed over.
            group: Of nodes.

        Returns:
            False when nothing is different after it.

        Raises:
            InconsistentSnapshot: a reference would not resolve; nothing is changed.
        """
        before = self.get(group)
        if before is None:
            before = Snapshot(())
        return self.set(before.with_changes(put, remove), group)

    def assign(self, snapshot_of: SnapshotOf) -> int:
        """Let every node run what `snapshot_of` says of it, from now on.

        For whoever groups nodes in ways that change. Only nodes for which it says something else
        than before are told, all of them before this returns; the snapshots must be consistent
        (`Snapshot.check`). A node for which it says None keeps what it has.

        Returns:
            How many followers run another content now.
        """
        self._snapshot_of = snapshot_of
        snapshots: dict[str, Snapshot] = {}
        parts: dict[LiveSnapshot, dict[str, list[_Watch]]] = {}
        for watch in self._watches:
            snapshot = snapshot_of(watch.node)
            if snapshot is None:
                snapshot = watch.live.snapshot
            if snapshot is not None:
                snapshots.setdefault(snapshot.version, snapshot)
                parts.setdefault(watch.live, {}).setdefault(snapshot.version, []).append(watch)
        groups = set(self._groups.values())  # nobody may stay with these, `set` changes them
        self._places = {
            live.version: live
            for live, part in parts.items()
            if live.version in part and live not in groups
        }
        told = 0
        for live, part in parts.items():
            before = live.version
            for version, watches in part.items():
                told += len(watches) if version != before else 0
                if len(part) == 1 and version not in self._places and live not in groups:
                    live.replace(snapshots[version])
                    self._places[version] = live
                place = self._places.setdefault(version, LiveSnapshot(snapshots[version]))
                for watch in watches:
                    watch.move(place)
        self._told()
        return told

    def succeed(self, successor: Callable[[Snapshot], Snapshot], snapshot_of: SnapshotOf) -> int:
        """Replace what assigned nodes run, for a cost by the snapshots there are, not by the nodes.

        Args:
            successor: What those nodes run now that ran a snapshot; the same for no change.
            snapshot_of: As in `assign`, for nodes that connect from now on.

        Returns:
            How many streams were told.
        """
        self._snapshot_of = snapshot_of
        lives = [live for live in self._places.values() if live.snapshot is not None]
        self._places = {}
        told = 0
        for live in lives:
            assert live.snapshot is not None
            after = successor(live.snapshot)
            if after.version != live.version:
                told += live.replace(after)
            same = self._places.setdefault(live.version, live)
            if same is not live:
                for watch in [one for one in self._watches if one.live is live]:
                    watch.move(same)
        self._told()
        return told

    def get(self, group: str = EVERYONE) -> Snapshot | None:
        """Return a group's snapshot; None while it has none, which is not the same as empty."""
        live = self._groups.get(group)
        return live.snapshot if live is not None else None

    @property
    def filled(self) -> bool:
        """Whether there is something to serve to somebody."""
        groups = any(live.snapshot is not None for live in self._groups.values())
        return groups or self._snapshot_of is not None

    def attach(self, node: Node, follower: Follower) -> Callable[[], None]:
        """Let `follower` have the node's snapshot, now if there is one and at each change.

        Returns:
            What ends that when called.
        """
        watch = _Watch(node, follower, self._live_for(node))
        self._watches[watch] = None
        follower.follow(watch.live)

        def end() -> None:
            self._watches.pop(watch, None)

        return end

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each change of what some nodes shall run."""
        self._listeners.append(listener)

    def _told(self) -> None:
        for listener in self._listeners:
            listener()

    def _group(self, group: str) -> LiveSnapshot:
        return self._groups.setdefault(group, LiveSnapshot())

    def _live_for(self, node: Node) -> LiveSnapshot:
        if self._snapshot_of is None:
            return self._group(self._group_of(node))
        snapshot = self._snapshot_of(node)
        if snapshot is None:
            return LiveSnapshot()
        place = self._places.get(snapshot.version)
        if place is None or place.version != snapshot.version:
            place = self._places[snapshot.version] = LiveSnapshot(snapshot)
        return place
