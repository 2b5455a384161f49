"""What nodes count: their stats, pulled from the admin interfaces of those that allow it."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import structlog

from mixer2.envoy.admin import AdminClient
from mixer2.envoy.bootstrap import Address, TcpAddress, UnixAddress
from mixer2.envoy.errors import AdminError
from mixer2.mesh.schema.mesh import Mesh
from mixer2.rollout.samples import STATS, Counts
from mixer2.xds.messages import Node
from mixer2.xds.nodes import Nodes

_log = structlog.get_logger("mixer2.control")
_AT_ONCE = 16
_PATIENCE_S = 5.0


class Observer:
    """The last counts of every node that can be asked.

    Args:
        nodes: All nodes.
    """

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._counts: dict[str, Counts] = {}
        self._clients: dict[str, AdminClient] = {}
        self._problems: dict[str, str] = {}

    def counts_of(self, node_id: str) -> Counts | None:
        """Return what a node has counted; None when it is not asked, or does not answer."""
        return self._counts.get(node_id)

    def problem_of(self, node_id: str) -> str:
        """Return why a node could not be asked the last time; empty when it could."""
        return self._problems.get(node_id, "")

    async def look(self, mesh: Mesh) -> None:
        """Ask all connected nodes whose metadata says where."""
        key = mesh.observe.admin
        addresses = {
            status.node.id: address
            for status in self._nodes
            if status.connected and key and (address := admin_address(status.node, key)) is not None
        }
        for gone in self._clients.keys() - addresses.keys():
            await self._clients.pop(gone).close()
            self._counts.pop(gone, None)
            self._problems.pop(gone, None)
        pattern = "|".join([STATS, *_error_stats(mesh)])
        limit = asyncio.Semaphore(_AT_ONCE)

        async def ask(node_id: str, address: Address) -> None:
            async with limit:
                await self._ask(node_id, address, pattern)

        await asyncio.gather(*(ask(*one) for one in addresses.items()))

    async def close(self) -> None:
        """Close all connections."""
        clients, self._clients = self._clients, {}
        for client in clients.values():
            with suppress(OSError):
                await client.close()

    async def _ask(self, node_id: str, address: Address, pattern: str) -> None:
        client = self._clients.get(node_id)
        if client is None or client.address != address:
            if client is not None:
                await client.close()
            client = self._clients[node_id] = AdminClient(address)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                self._counts[node_id] = Counts.of(await client.stats(pattern))
        except (AdminError, TimeoutError, LookupError, TypeError, ValueError) as error:
            # Whoever answers there may be no Envoy.
            self._counts.pop(node_id, None)
            problem = str(error) or type(error).__name__
            if self._problems.get(node_id) != problem:
                _log.warning("node.stats_failed", node=node_id, problem=problem)
            self._problems[node_id] = problem
            return
        self._problems.pop(node_id, None)


def admin_address(node: Node, key: str) -> Address | None:
    """Return where a node says its admin interface is: IP:PORT, or the path of a socket."""
    value = node.metadata.get(key)
    if not isinstance(value, str):
        return None
    if value.startswith("/"):
        return UnixAddress(value)
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal():
        return None
    return TcpAddress(host.strip("[]"), int(port))


def _error_stats(mesh: Mesh) -> Iterable[str]:
    for filter_ in mesh.filters.values():
        if filter_.rollout is not None:
            yield from filter_.rollout.error_stats
