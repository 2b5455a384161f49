"""A live snapshot: what a group of nodes shall run now, and which streams care for what of it.

A change is told to those whose subscriptions it touches and to nobody else, so its cost does not
depend on how many other resources and nodes there are.
"""

from collections.abc import Iterable
from typing import Protocol

from mixer2.xds.snapshot import Change, Snapshot


class Subscriber(Protocol):
    """Who wants to be told of changes."""

    def changed(self, change: Change) -> None:
        """Take note that the live snapshot is another now."""


class LiveSnapshot:
    """The snapshot of a group of nodes; None while it has none, which is not the same as empty."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self.snapshot = snapshot
        self._by_name: dict[str, dict[str, set[Subscriber]]] = {}
        self._wildcards: dict[str, set[Subscriber]] = {}
        self._all: dict[Subscriber, None] = {}

    @property
    def version(self) -> str:
        """The snapshot's version; empty while there is none."""
        return self.snapshot.version if self.snapshot is not None else ""

    def replace(self, snapshot: Snapshot) -> int:
        """Replace the snapshot.

        Returns:
            How many subscribers were told: those that a change touches; all at the first snapshot.
        """
        first = self.snapshot is None
        change = snapshot.change_from(self.snapshot)
        self.snapshot = snapshot
        subscribers = tuple(self._all) if first else self._subscribers_of(change)
        for one in subscribers:
            one.changed(change)
        return len(subscribers)

    def join(self, subscriber: Subscriber) -> None:
        """Let `subscriber` be told of the first snapshot, when there is none yet."""
        self._all[subscriber] = None

    def leave(self, subscriber: Subscriber) -> None:
        """Forget who joined, after its last subscription has ended."""
        self._all.pop(subscriber, None)

    def subscribe(self, subscriber: Subscriber, type_url: str, names: Iterable[str]) -> None:
        """Tell `subscriber` of changes of these names, which need not exist."""
        of_type = self._by_name.setdefault(type_url, {})
        for name in names:
            of_type.setdefault(name, set()).add(subscriber)

    def unsubscribe(self, subscriber: Subscriber, type_url: str, names: Iterable[str]) -> None:
        """Take back `subscribe`."""
        of_type = self._by_name.get(type_url, {})
        for name in names:
            subscribers = of_type.get(name, set())
            subscribers.discard(subscriber)
            if not subscribers:
                of_type.pop(name, None)
        if not of_type:
            self._by_name.pop(type_url, None)

    def subscribe_to_all(self, subscriber: Subscriber, type_url: str) -> None:
        """Tell `subscriber` of every change of a type."""
        self._wildcards.setdefault(type_url, set()).add(subscriber)

    def unsubscribe_from_all(self, subscriber: Subscriber, type_url: str) -> None:
        """Take back `subscribe_to_all`."""
        self._wildcards.get(type_url, set()).discard(subscriber)

    def _subscribers_of(self, change: Change) -> set[Subscriber]:
        found: set[Subscriber] = set()
        for type_url, names in change.was.items():
            found |= self._wildcards.get(type_url, set())
            of_type = self._by_name.get(type_url)
            if of_type:
                for name in names:
                    found |= of_type.get(name, set())
        return found
