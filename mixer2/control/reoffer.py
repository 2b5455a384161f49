"""Remote code, offered until the node has it.

A node that lacks a module refuses the update, fetches the module in the background and keeps what
ran before. Nothing but another offer makes it look again, and that must differ in its bytes: Envoy
takes a resource that it refused for known, and accepts it unread (seen in 1.40).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from mixer2.mesh.plan import Plan
from mixer2.xds.nodes import Nodes
from mixer2.xds.resource import EXTENSION

_log = structlog.get_logger("mixer2.control")

_FIRST_S = 0.25
_LONGEST_S = 15.0  # Envoy remembers a failed fetch for 10 s
_MOST = 20
_MOST_OFFERS = 10_000  # to nodes that may be gone


@dataclass(slots=True)
class _Offer:
    attempt: int
    next_at: float


class Reoffers:
    """How often each node was offered each module.

    Args:
        nodes: All nodes.
        clock: Seconds, from any start.
    """

    def __init__(self, nodes: Nodes, clock: Callable[[], float] = time.monotonic) -> None:
        self._nodes = nodes
        self._clock = clock
        self._offers: dict[tuple[str, str], _Offer] = {}

    def attempt_of(self, node_id: str, digest: str) -> int:
        """Return how often a node was offered a module again."""
        offer = self._offers.get((node_id, digest))
        return offer.attempt if offer is not None else 0

    def exhausted(self, node_id: str, digest: str) -> bool:
        """Tell whether a node will be offered a module no more."""
        return self.attempt_of(node_id, digest) >= _MOST

    def look(self, plan: Plan) -> bool:
        """Find nodes that refused remote code and may have it by now.

        Returns:
            Whether something is to be offered again.
        """
        now, found = self._clock(), False
        if len(self._offers) > _MOST_OFFERS:
            known = {status.node.id for status in self._nodes}
            self._offers = {key: one for key, one in self._offers.items() if key[0] in known}
        for status in self._nodes:
            if not status.connected or not status.of_type(EXTENSION).rejections:
                continue
            refused = {one.name: one for one in status.of_type(EXTENSION).rejections}
            for running in plan.running_on(status.node):
                rejection = refused.get(running.plugin.name)
                if rejection is None or not plan.is_remote(running.bundle):
                    continue
                if rejection.version != plan.resource_of(running).version:
                    continue
                found = self._again(status.node.id, running.bundle.digest, now) or found
        return found

    def _again(self, node_id: str, digest: str, now: float) -> bool:
        key = (node_id, digest)
        offer = self._offers.setdefault(key, _Offer(0, now + _FIRST_S))
        if now < offer.next_at or offer.attempt >= _MOST:
            return False
        offer.attempt += 1
        offer.next_at = now + min(_FIRST_S * 2**offer.attempt, _LONGEST_S)
        _log.info("modules.offered_again", node=node_id, digest=digest[:16], attempt=offer.attempt)
        return True
