"""The target of a stream: what its client should hold, given what it refused and what it lacks.

That is the snapshot, but for three things:

- Of what the node refused, it keeps the last version that was good, or has none.
- What refers to a cluster that the client lacks waits for it; if the client refused that cluster,
  the old version stays, and something that is new goes out all the same.
- Endpoints outlive their cluster until the client has let go of that.
"""

from collections.abc import Mapping

from mixer2.xds.nodes import NodeStatus
from mixer2.xds.resource import CLUSTER, ENDPOINTS, Reference, Resource
from mixer2.xds.snapshot import Snapshot
from mixer2.xds.subscription import Subscription


class Target:
    """Says of each type what the client should hold.

    Args:
        snapshot: What the node's group shall run.
        before: The target until now; None for the first.
        status: The node's memory.
        subscriptions: The stream's, by type; looked at whenever a question is asked.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        before: "Target | None",
        status: NodeStatus,
        subscriptions: Mapping[str, Subscription],
    ) -> None:
        self.snapshot = snapshot
        self._status = status
        self._subscriptions = subscriptions
        self._outliving = self._still_needed(before) if before else {}

    def existing(self, type_url: str) -> Mapping[str, Resource]:
        """Return all resources of a type that a client may get."""
        existing = self.snapshot.of_type(type_url)
        return {**existing, **self._outliving} if type_url == ENDPOINTS else existing

    def wanted(self, subscription: Subscription) -> dict[str, Resource]:
        """Return what the client should hold of a type now."""
        acceptable = self.acceptable(subscription)
        absent = self._absent_clusters() if subscription.type_url != CLUSTER else {}
        if not absent:
            return acceptable
        held = subscription.held
        wanted: dict[str, Resource] = {}
        for name, resource in acceptable.items():
            lacks = [absent[to] for to in resource.references if to in absent]
            if any(lacks):
                instead = held.get(name)
            elif lacks:
                instead = held.get(name, resource)
            else:
                instead = resource
            if instead is not None:
                wanted[name] = instead
        return wanted

    def acceptable(self, subscription: Subscription) -> dict[str, Resource]:
        """Return what the client should hold in the end, when it lacks no cluster any more."""
        type_url, held = subscription.type_url, subscription.held
        status = self._status.of_type(type_url)
        selected = subscription.select(self.existing(type_url))
        if not status.rejections:
            return selected
        acceptable: dict[str, Resource] = {}
        for name, resource in selected.items():
            if not status.refused(resource):
                acceptable[name] = resource
            elif (good := held.get(name) or status.last_good.get(name)) is not None:
                acceptable[name] = good
        return acceptable

    def gone(self, subscription: Subscription) -> dict[str, Resource]:
        """Return what the client holds although the snapshot has nothing of that name."""
        existing = self.snapshot.of_type(subscription.type_url)
        return {name: one for name, one in subscription.held.items() if name not in existing}

    def settled(self) -> None:
        """Note that the client has let go of everything that it should not hold."""
        self._outliving = {}

    def _still_needed(self, before: "Target") -> dict[str, Resource]:
        """Endpoints that are gone, although the client has been sent their cluster.

        It may have yet to ask for them, and Envoy would wait 15 s for the answer before it takes
        another cluster.
        """
        clusters = self._subscriptions.get(CLUSTER)
        if clusters is None:
            return {}
        old, new = before.existing(ENDPOINTS), self.snapshot.of_type(ENDPOINTS)
        names = {to.name for to in clusters.references() if to.type_url == ENDPOINTS}
        return {name: old[name] for name in names if name in old and name not in new}

    def _absent_clusters(self) -> dict[Reference, bool]:
        """Clusters that the client lacks, and whether it will get them: not if it refused them."""
        clusters = self._subscriptions.get(CLUSTER)
        if clusters is None:
            return {}
        coming = self.acceptable(clusters)
        return {
            Reference(CLUSTER, name): name in coming
            for name in clusters.select(self.snapshot.of_type(CLUSTER))
            if name not in clusters.held
        }
