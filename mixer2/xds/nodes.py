"""Nodes: what every client was given, what it made of it, and since when.

A node outlives its streams: what it refused on one connection is not sent to it on the next.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from mixer2.xds.holding import Holding
from mixer2.xds.messages import Node
from mixer2.xds.resource import PUSH_ORDER, Resource
from mixer2.xds.subscription import Subscription

_MOST_DISCONNECTED = 1000
_LOOK_AGAIN = 0.005  # seconds at least between two looks at all nodes


@dataclass(frozen=True, slots=True)
class Rejection:
    """A version of a resource that a node refused.

    Args:
        name: Of the resource.
        version: Of the resource.
        reason: In the node's words.
        since: When it was first refused.
        kept: The last good version, which the node keeps instead; None when there is none.
    """

    name: str
    version: str
    reason: str
    since: datetime
    kept: Resource | None = None


class RejectionMemory(Protocol):
    """Where rejections outlive the process."""

    def recall(self, node_id: str) -> Iterable[tuple[str, Rejection]]:
        """Return all rejections of a node, each with its type URL."""

    def remember(self, node_id: str, type_url: str, rejection: Rejection) -> None:
        """Keep a rejection instead of what was kept for that name."""

    def forget(self, node_id: str, type_url: str, name: str) -> None:
        """Keep nothing for that name any more."""


class NoMemory:
    """Forgets all with the process."""

    def recall(self, node_id: str) -> Iterable[tuple[str, Rejection]]:
        """Return nothing."""
        return ()

    def remember(self, node_id: str, type_url: str, rejection: Rejection) -> None:
        """Do nothing."""

    def forget(self, node_id: str, type_url: str, name: str) -> None:
        """Do nothing."""


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
        self.acked_at = _now()
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
            self._remember(Rejection(resource.name, resource.version, reason, _now(), kept))

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


class OpenStream(Protocol):
    """A stream of a node."""

    @property
    def settled_version(self) -> str:
        """Of the last snapshot of which the client got and answered all that it asked for."""


class NodeStatus:
    """One node, connected or not.

    Args:
        node: Who it says it is.
        memory: Where its rejections are kept.

    Attributes:
        last_seen: When it last sent something.
        streams: How many streams it has open.
        types: By type URL.
    """

    __slots__ = ("_memory", "_open", "_settled", "last_seen", "node", "streams", "types")

    def __init__(self, node: Node, memory: RejectionMemory | None = None) -> None:
        self.node = node
        self.last_seen = _now()
        self.streams = 0
        self.types: dict[str, TypeStatus] = {}
        self._memory = memory or NoMemory()
        self._open: list[OpenStream] = []
        self._settled = ""
        for type_url, rejection in self._memory.recall(node.id):
            self.of_type(type_url).recall(rejection)

    @property
    def connected(self) -> bool:
        """Whether it has a stream open."""
        return self.streams > 0

    @property
    def rejections(self) -> tuple[Rejection, ...]:
        """All that the node refused and that is still wanted."""
        return tuple(one for status in self.types.values() for one in status.rejections)

    @property
    def settled_version(self) -> str:
        """Of the last snapshot of which it got and answered all that it asked for."""
        versions = {one.settled_version for one in self._open}
        if len(versions) == 1:
            self._settled = versions.pop()
        return self._settled

    def opened(self, stream: OpenStream) -> None:
        """Note a stream that asks for something."""
        self._open.append(stream)

    def closed(self, stream: OpenStream) -> None:
        """Note the end of a stream."""
        _ = self.settled_version  # as it was while the stream was open
        self._open.remove(stream)
        if not self._open:
            # A client can name any types, each time others.
            known = {url: one for url, one in self.types.items() if url in PUSH_ORDER}
            self.types = known

    def of_type(self, type_url: str) -> TypeStatus:
        """Return what the node has of a type; it need not have asked for it."""
        status = self.types.get(type_url)
        if status is None:
            status = self.types[type_url] = TypeStatus(type_url, self.node.id, self._memory)
        return status


class Nodes:
    """All nodes that the server knows: the connected ones, and the last 1,000 that were.

    Args:
        memory: Where their rejections are kept; with this process only when None.
    """

    def __init__(self, memory: RejectionMemory | None = None) -> None:
        self._memory = memory
        self._by_id: dict[str, NodeStatus] = {}
        self._gone: dict[str, None] = {}  # disconnected, the longest gone first
        self._waiting: set[asyncio.Future[None]] = set()

    def __iter__(self) -> Iterator[NodeStatus]:
        return iter(tuple(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, node_id: str) -> NodeStatus | None:
        """Return a node's status, or None when it was never seen."""
        return self._by_id.get(node_id)

    def connect(self, node: Node) -> NodeStatus:
        """Note a new stream of `node` and return the node's status."""
        status = self._by_id.get(node.id) or NodeStatus(node, self._memory)
        self._by_id[node.id] = status
        self._gone.pop(node.id, None)
        status.node = node
        status.last_seen = _now()
        status.streams += 1
        self.changed()
        return status

    def disconnect(self, status: NodeStatus) -> None:
        """Note that a stream of the node ended."""
        status.streams -= 1
        if not status.connected:
            self._gone[status.node.id] = None
        if len(self._gone) > _MOST_DISCONNECTED:
            oldest = next(iter(self._gone))
            del self._gone[oldest], self._by_id[oldest]
        self.changed()

    def changed(self) -> None:
        """Wake those who wait: the status of some node changed."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def wait_until(self, true: Callable[["Nodes"], bool]) -> None:
        """Wait until `true(nodes)`; it is asked now and after each change."""
        while not true(self):
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await future
            finally:
                self._waiting.discard(future)
            # A thousand nodes answer one after the other, and the question is about all of them.
            await asyncio.sleep(_LOOK_AGAIN)

    async def wait_settled(self, version: str, *node_ids: str) -> None:
        """Wait until nodes have got a snapshot and answered all of it, by ACK or by NACK.

        Args:
            version: `Snapshot.version`.
            node_ids: The nodes; all that are connected when none is named.
        """

        def settled(nodes: Nodes) -> bool:
            if node_ids:
                chosen = [nodes.get(node_id) for node_id in node_ids]
            else:
                chosen = [one for one in nodes if one.connected]
            return all(one is not None and one.settled_version == version for one in chosen)

        await self.wait_until(settled)


def _now() -> datetime:
    return datetime.now(UTC)
