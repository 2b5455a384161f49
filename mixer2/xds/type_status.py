"""What a node has of one type: what it was sent, what it holds, what it refused."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime

from mixer2.xds.holding import Holding
from mixer2.xds.rejections import NoMemory, Rejection, RejectionMemory
from mixer2.xds.resource import Resource
from mixer2.xds.subscription import Subscription


class TypeStatus:
    """What a node has of one type.

    Args:
        type_url: The type.
        node_id: Of the node.
        memory: Where rejections are kept.

    Attributes:
        sent_version: Of the last response, as `Response.version`.
        acked_version: Of the last response that it accepted.
        acked_at: When that was.
        uncertain: After a NACK it may hold something else than `acked_version`.
    """

    __slots__ = (
        "_memory",
        "_node_id",
        "_previous",
        "_rejections",
        "_subscription",
        "acked_at",
        "acked_version",
        "sent_version",
        "type_url",
        "uncertain",
    )

    def __init__(
        self, type_url: str, node_id: str = "", memory: RejectionMemory | None = None
    ) -> None:
        self.type_url = type_url
        self.sent_version = ""
        self.acked_version = ""
        self.acked_at: datetime | None = None
        self.uncertain = False
        self._node_id = node_id
        self._memory = memory or NoMemory()
        self._rejections: dict[str, Rejection] = {}
        self._subscription: Subscription | None = None
        self._previous: Holding | None = None

    @property
    def names(self) -> AbstractSet[str]:
        """Names it is, or was last, subscribed to."""
        return self._subscription.names if self._subscription is not None else frozenset()

    @property
    def wildcard(self) -> bool:
        """It is, or was last, subscribed to everything."""
        return self._subscription is not None and self._subscription.wildcard

    @property
    def held(self) -> Mapping[str, Resource]:
        """What it holds, or held when it was last connected, by name."""
        return self._subscription.held.by_name if self._subscription is not None else {}

    @property
    def sent(self) -> tuple[Resource, ...]:
        """What was sent to it and is not answered yet."""
        pending = self._subscription.pending if self._subscription is not None else None
        return pending.resources if pending is not None else ()

    @property
    def rejections(self) -> tuple[Rejection, ...]:
        """The wanted resources that the node refused, oldest first."""
        return tuple(self._rejections.values())

    def refused(self, resource: Resource) -> bool:
        """Tell whether the node refused exactly this version."""
        rejection = self._rejections.get(resource.name)
        return rejection is not None and rejection.version == resource.version

    def last_good(self, name: str) -> Resource | None:
        """Return what the node accepted last of a name whose wanted version it refused."""
        rejection = self._rejections.get(name)
        return rejection.kept if rejection is not None else None

    def subscribed(self, subscription: Subscription) -> None:
        """Note that a stream asks for the type now, instead of any stream before."""
        if self._subscription is not None:
            self._previous = self._subscription.held
        self._subscription = subscription

    def accept(self, resources: Iterable[Resource], version: str) -> None:
        """Note an ACK, after which the node holds `version` of the type."""
        self.acked_version, self.uncertain = version, False
        self.acked_at = datetime.now(UTC)
        self._previous = None
        if self._rejections:
            for resource in resources:
                if self.refused(resource):
                    self._forget(resource.name)

    def reject(self, resources: Iterable[Resource], reason: str) -> None:
        """Note a NACK of `resources`."""
        for resource in resources:
            before = self._rejections.get(resource.name)
            if before is not None and before.version == resource.version:
                continue
            if before is not None and before.kept == resource:
                # It does not take its last good version any more.
                self._remember(replace(before, kept=None))
                continue
            kept = self._accepted_before(resource)
            self._remember(
                Rejection(resource.name, resource.version, reason, datetime.now(UTC), kept)
            )

    def recall(self, rejection: Rejection) -> None:
        """Note a rejection from the memory."""
        self._rejections[rejection.name] = rejection

    def keep_only(self, wanted: Mapping[str, Resource], names: Iterable[str] | None = None) -> None:
        """Forget rejections of versions that nobody wants any more.

        Args:
            wanted: All resources of the type.
            names: Those that changed; all when None.
        """
        if not self._rejections:
            return
        changed = list(self._rejections) if names is None else self._rejections.keys() & set(names)
        for name in changed:
            resource = wanted.get(name)
            if resource is None or not self.refused(resource):
                self._forget(name)

    def start_afresh(self) -> None:
        """Note that the node has nothing of this type: it may be a new process.

        Rejections stay only where there is a last good version to give it instead.
        """
        for name in [one.name for one in self.rejections if one.kept is None or not one.kept.known]:
            self._forget(name)

    def _accepted_before(self, resource: Resource) -> Resource | None:
        held = self._subscription.held.get(resource.name) if self._subscription else None
        if held is None and self._previous is not None:
            held = self._previous.get(resource.name)
        if held is None and (before := self._rejections.get(resource.name)) is not None:
            held = before.kept
        return held if held != resource else None

    def _remember(self, rejection: Rejection) -> None:
        self._rejections[rejection.name] = rejection
        self._memory.remember(self._node_id, self.type_url, rejection)

    def _forget(self, name: str) -> None:
        del self._rejections[name]
        self._memory.forget(self._node_id, self.type_url, name)
