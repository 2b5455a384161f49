"""Nodes: what every client was given, what it made of it, and since when.

A node outlives its streams: what it refused on one connection is not sent to it on the next.
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Protocol

from mixer2.xds.messages import Node
from mixer2.xds.rejections import NoMemory, Rejection, RejectionMemory
from mixer2.xds.resource import PUSH_ORDER
from mixer2.xds.type_status import TypeStatus

_MOST_DISCONNECTED = 1000
_LOOK_AGAIN = 0.005  # seconds at least between two looks at all nodes


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
