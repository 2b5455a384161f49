"""Nodes: what every client was given, what it made of it, and since when.

A node outlives its streams: what it refused on one connection is not sent to it on the next.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mixer2.xds.messages import Node
from mixer2.xds.resource import Resource

_MOST_DISCONNECTED = 1000


@dataclass(frozen=True, slots=True)
class Rejection:
    """A version of a resource that a node refused.

    Args:
        name: Of the resource.
        version: Of the resource.
        reason: In the node's words.
        since: When it was first refused.
    """

    name: str
    version: str
    reason: str
    since: datetime


@dataclass(slots=True)
class TypeStatus:
    """What a node has of one type.

    Args:
        type_url: The type.
        names: Names it is subscribed to.
        wildcard: It is subscribed to everything.
        sent_version: Of the last response, as `Response.version`.
        acked_version: Of the last response that it accepted.
        acked_at: When that was.
        last_good: The resources it accepted last, by name.
        uncertain: After a NACK it may hold something else than `acked_version`.
    """

    type_url: str
    names: frozenset[str] = frozenset()
    wildcard: bool = False
    sent_version: str = ""
    acked_version: str = ""
    acked_at: datetime | None = None
    last_good: dict[str, Resource] = field(default_factory=dict)
    uncertain: bool = False
    _rejected: dict[Resource, Rejection] = field(default_factory=dict)

    @property
    def rejections(self) -> tuple[Rejection, ...]:
        """The wanted resources that the node refused, oldest first."""
        return tuple(self._rejected.values())

    def refused(self, resource: Resource) -> bool:
        """Tell whether the node refused exactly this version."""
        return resource in self._rejected

    def accept(self, resources: Iterable[Resource], version: str) -> None:
        """Note an ACK, after which the node holds `version` of the type."""
        self.acked_version, self.uncertain = version, False
        self.acked_at = _now()
        for resource in resources:
            self.last_good[resource.name] = resource
            self._rejected.pop(resource, None)

    def reject(self, resources: Iterable[Resource], reason: str) -> None:
        """Note a NACK of `resources`."""
        for resource in resources:
            rejection = Rejection(resource.name, resource.version, reason, _now())
            self._rejected.setdefault(resource, rejection)
            if self.last_good.get(resource.name) == resource:
                del self.last_good[resource.name]

    def keep_only(self, wanted: Mapping[str, Resource]) -> None:
        """Forget what is about resources or versions that nobody wants any more."""
        self.last_good = {name: one for name, one in self.last_good.items() if name in wanted}
        self._rejected = {
            one: why for one, why in self._rejected.items() if wanted.get(one.name) == one
        }

    def start_afresh(self) -> None:
        """Note that the node has nothing of this type: it may be a new process.

        Rejections stay only where there is a last good version to give it instead.
        """
        self._rejected = {
            one: why for one, why in self._rejected.items() if one.name in self.last_good
        }


@dataclass(slots=True)
class NodeStatus:
    """One node, connected or not.

    Args:
        node: Who it says it is.
        last_seen: When it last sent something.
        streams: How many streams it has open.
        settled_version: Of the last snapshot of which it got and answered all that it asked for.
        types: By type URL.
    """

    node: Node
    last_seen: datetime
    streams: int = 0
    settled_version: str = ""
    types: dict[str, TypeStatus] = field(default_factory=dict)

    @property
    def connected(self) -> bool:
        """Whether it has a stream open."""
        return self.streams > 0

    @property
    def rejections(self) -> tuple[Rejection, ...]:
        """All that the node refused and that is still wanted."""
        return tuple(one for status in self.types.values() for one in status.rejections)

    def of_type(self, type_url: str) -> TypeStatus:
        """Return what the node has of a type; it need not have asked for it."""
        return self.types.setdefault(type_url, TypeStatus(type_url))


class Nodes:
    """All nodes that the server knows: the connected ones, and the last 1,000 that were."""

    def __init__(self) -> None:
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
        status = self._by_id.get(node.id) or NodeStatus(node, _now())
        self._by_id[node.id] = status
        self._gone.pop(node.id, None)
        status.node = node
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
