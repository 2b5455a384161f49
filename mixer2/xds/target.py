"""The target of a stream: what its client should hold, given what it refused and what it lacks.

That is the snapshot, but for these:

- What the node may not see does not exist for it.
- Of what the node refused, it keeps the last version that was good, or has none.
- What refers to a cluster that the client lacks waits for it; if the client refused that cluster,
  the old version stays, and something that is new goes out all the same.
- Endpoints outlive their cluster until the client has let go of that.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from mixer2.xds.live import LiveSnapshot
from mixer2.xds.nodes import NodeStatus
from mixer2.xds.resource import CLUSTER, ENDPOINTS, Reference, Resource
from mixer2.xds.snapshot import Change
from mixer2.xds.subscription import Subscription

MaySee: TypeAlias = Callable[[str, str], bool]
"""Whether a node may see a resource, by its type URL and name."""


class Target:
    """Says of each name what the client should hold.

    Args:
        live: What the node's group shall run.
        status: The node's memory.
        subscriptions: The stream's, by type; looked at whenever a question is asked.
        may_see: What the node may see; everything when None.
    """

    __slots__ = ("_may_see", "_outliving", "_status", "_subscriptions", "live")

    def __init__(
        self,
        live: LiveSnapshot,
        status: NodeStatus,
        subscriptions: Mapping[str, Subscription],
        may_see: MaySee | None = None,
    ) -> None:
        self.live = live
        self._status = status
        self._subscriptions = subscriptions
        self._may_see = may_see
        self._outliving: dict[str, Resource] = {}

    def of_type(self, type_url: str) -> Mapping[str, Resource]:
        """Return all resources of a type; the client may get those that `existing` returns."""
        snapshot = self.live.snapshot
        existing = snapshot.of_type(type_url) if snapshot is not None else {}
        if type_url == ENDPOINTS and self._outliving:
            existing = {**existing, **self._outliving}
        return existing

    def existing(self, type_url: str, name: str) -> Resource | None:
        """Return a resource that the client may get."""
        snapshot = self.live.snapshot
        one = snapshot.get(type_url, name) if snapshot is not None else None
        if one is None:
            return self._outliving.get(name) if type_url == ENDPOINTS else None
        return one if self._may_see is None or self._may_see(type_url, name) else None

    def wanted(self, subscription: Subscription, name: str) -> Resource | None:
        """Return what the client should hold of a name now; None when it is to get nothing."""
        resource = self.acceptable(subscription, name)
        subscription.deferred.discard(name)
        if resource is None or subscription.type_url == CLUSTER:
            return resource
        lacks = self._absent_clusters(resource.references)
        if not lacks:
            return resource
        subscription.deferred.add(name)
        held = subscription.held.get(name)
        return held if held is not None or any(lacks) else resource

    def acceptable(self, subscription: Subscription, name: str) -> Resource | None:
        """Return what the client should hold in the end, when it lacks no cluster any more."""
        resource = self.existing(subscription.type_url, name)
        if resource is None:
            return None
        status = self._status.of_type(subscription.type_url)
        if not status.refused(resource):
            return resource
        held = subscription.held.get(name)
        if held is not None:
            return held
        good = status.last_good(name)
        return good if good is not None and good.known else None

    def acceptable_all(self, subscription: Subscription) -> list[Resource]:
        """Return `acceptable` of all that is subscribed to."""
        names = subscription.select(self.of_type(subscription.type_url))
        found = (self.acceptable(subscription, name) for name in names)
        return [one for one in found if one is not None]

    def keep_endpoints(self, change: Change) -> None:
        """Keep endpoints that a change took away, although the client was sent their cluster.

        It may have yet to ask for them, and Envoy would wait 15 s for the answer before it takes
        another cluster.
        """
        clusters = self._subscriptions.get(CLUSTER)
        snapshot = self.live.snapshot
        if clusters is None or snapshot is None:
            return
        was = change.was.get(ENDPOINTS, {})
        there = snapshot.of_type(ENDPOINTS)
        gone = {name: one for name, one in was.items() if one is not None and name not in there}
        if gone:
            needed = {to.name for to in clusters.references() if to.type_url == ENDPOINTS}
            self._outliving |= {name: one for name, one in gone.items() if name in needed}
        for name in self._outliving.keys() & there.keys():
            del self._outliving[name]

    def settled(self) -> Iterable[str]:
        """Note that the client has let go of everything that it should not hold.

        Returns:
            Names of endpoints that do not exist any more.
        """
        names, self._outliving = self._outliving.keys(), {}
        return names

    def _absent_clusters(self, references: Iterable[Reference]) -> list[bool]:
        """For each cluster that the client lacks, whether it will get it: not if it refused it."""
        clusters = self._subscriptions.get(CLUSTER)
        if clusters is None:
            return []
        going = clusters.pending.removed if clusters.pending is not None else ()
        return [
            self.acceptable(clusters, to.name) is not None
            for to in references
            if to.type_url == CLUSTER
            and clusters.selects(to.name)
            and (to.name not in clusters.held or to.name in going)
            and self.existing(CLUSTER, to.name) is not None
        ]
