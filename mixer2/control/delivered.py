"""What every node runs of every filter, compared with what it shall run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mixer2.control.observe import Observer
from mixer2.control.reoffer import Reoffers
from mixer2.mesh.plan import Plan, Running
from mixer2.rollout.rollouts import Seen
from mixer2.xds.bundle import Bundle
from mixer2.xds.nodes import Nodes, NodeStatus
from mixer2.xds.resource import EXTENSION, Resource

_MOST_VERSIONS = 10_000


@dataclass(frozen=True, slots=True)
class Delivered:
    """One filter on one node.

    Args:
        running: What the node shall run.
        in_use: The bundle that it does run; None when it is none that is known.
        since: When it accepted that, as far as this process knows.
        refusal: Why it refused what it shall run; empty when it did not.
        refused_at: When it did.
        fetching: It refused only because it has to fetch the code first.
    """

    running: Running
    in_use: Bundle | None
    since: datetime | None = None
    refusal: str = ""
    refused_at: datetime | None = None
    fetching: bool = False

    @property
    def as_wanted(self) -> bool:
        """Whether the node runs what it shall run."""
        wanted = self.running.bundle.version
        return self.in_use is not None and self.in_use.version == wanted


class Deliveries:
    """Knows which version of a resource is which bundle, also of those before the current ones.

    Args:
        nodes: All nodes.
        reoffers: How often remote code was offered.
    """

    def __init__(self, nodes: Nodes, reoffers: Reoffers) -> None:
        self._nodes = nodes
        self._reoffers = reoffers
        self._bundles: dict[tuple[str, str], Bundle] = {}
        self._since: dict[str, dict[str, tuple[str, datetime | None]]] = {}

    def on_node(self, status: NodeStatus, plan: Plan) -> Iterator[Delivered]:
        """Yield all filters that a node shall run."""
        of_type = status.of_type(EXTENSION)
        rejections = {one.name: one for one in of_type.rejections}
        for running in plan.running_on(status.node):
            wanted = plan.resource_of(running)
            held = of_type.held.get(wanted.name)
            in_use = self._bundle_of(held, plan) if held is not None else None
            since = self._held_since(status, held) if held is not None else None
            rejection = rejections.get(wanted.name)
            if rejection is None or rejection.version != wanted.version:
                yield Delivered(running, in_use, since)
                continue
            fetching = plan.is_remote(running.bundle) and not self._reoffers.exhausted(
                status.node.id, running.bundle.digest
            )
            yield Delivered(
                running, in_use, since, rejection.reason.strip(), rejection.since, fetching
            )

    def seen(
        self, plan: Plan, observer: Observer
    ) -> tuple[dict[str, list[Seen]], dict[str, list[str]]]:
        """Return the connected nodes by filter, and the names that filters have on nodes."""
        seen: dict[str, list[Seen]] = {}
        names: dict[str, set[str]] = {}
        known = {status.node.id for status in self._nodes}
        self._since = {node: since for node, since in self._since.items() if node in known}
        for status in self._nodes:
            if not status.connected:
                continue
            by_filter: dict[str, list[Delivered]] = {}
            for one in self.on_node(status, plan):
                by_filter.setdefault(one.running.bundle.filter, []).append(one)
                names.setdefault(one.running.bundle.filter, set()).add(one.running.plugin.name)
            for name, those in by_filter.items():
                holds = those[0].running.bundle.version if all(d.as_wanted for d in those) else ""
                refusals = [d.refusal for d in those if d.refusal and not d.fetching]
                counts = observer.counts_of(status.node.id)
                one_seen = Seen(status.node, holds, "; ".join(refusals), counts)
                seen.setdefault(name, []).append(one_seen)
        return seen, {name: sorted(those) for name, those in names.items()}

    def remember(self, plan: Plan) -> None:
        """Note what a plan built; nodes may hold it for a while after the plan is gone."""
        self._bundles |= plan.bundles
        for oldest in list(self._bundles)[: max(0, len(self._bundles) - _MOST_VERSIONS)]:
            del self._bundles[oldest]

    def _held_since(self, status: NodeStatus, held: Resource) -> datetime | None:
        """When a node accepted what it holds; an ACK is for a type, so the first look counts."""
        of_node = self._since.setdefault(status.node.id, {})
        version, since = of_node.get(held.name, ("", None))
        if version != held.version:
            since = status.of_type(EXTENSION).acked_at
            of_node[held.name] = held.version, since
        return since

    def _bundle_of(self, resource: Resource, plan: Plan) -> Bundle | None:
        key = (resource.name, resource.version)
        return plan.bundles.get(key) or self._bundles.get(key)
