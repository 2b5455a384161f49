"""The state of everything, as one JSON value: for the page, for `mixer2 status`, for scripts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, TypeAlias

from mixer2.control.delivered import Delivered
from mixer2.control.plane import ControlPlane
from mixer2.rollout.rollout import Rollout
from mixer2.rollout.store import RolloutStore
from mixer2.xds.nodes import Nodes, NodeStatus
from mixer2.xds.resource import service as service_name

Json: TypeAlias = dict[str, Any]

_AUDIT_ENTRIES = 50


class StatusReport:
    """Describes a control plane.

    Args:
        plane: The control plane.
        nodes: All nodes.
        store: The audit log.
    """

    def __init__(self, plane: ControlPlane, nodes: Nodes, store: RolloutStore) -> None:
        self._plane = plane
        self._nodes = nodes
        self._store = store
        self._started = datetime.now(UTC)

    def whole(self) -> Json:
        """Return all of it."""
        delivered = {
            status.node.id: self._delivered(status)
            for status in sorted(self._nodes, key=lambda one: one.node.id)
        }
        return {
            "server": self._server(),
            "filters": self._filters([one for those in delivered.values() for one in those]),
            "nodes": [
                self._node(status, delivered[status.node.id])
                for status in sorted(self._nodes, key=lambda one: one.node.id)
            ],
            "services": self._services(),
            "audit": [asdict(entry) for entry in self._store.audit(_AUDIT_ENTRIES)],
        }

    def _server(self) -> Json:
        loaded = self._plane.loaded
        return {
            "version": version("mixer2"),
            "started": _time(self._started),
            "mesh": str(self._plane.path),
            "loaded": _time(loaded.at) if loaded is not None else None,
            "problems": [str(problem) for problem in self._plane.problems],
        }

    def _delivered(self, status: NodeStatus) -> list[Delivered]:
        plan = self._plane.plan
        return list(self._plane.deliveries.on_node(status, plan)) if plan is not None else []

    def _filters(self, delivered: Iterable[Delivered]) -> list[Json]:
        states: dict[str, Counter[str]] = {}
        for one in delivered:
            states.setdefault(one.running.bundle.filter, Counter())[_state(one)] += 1
        loaded = self._plane.loaded
        if loaded is None:
            return []
        return [
            {
                "name": name,
                "wanted": bundle.version,
                "stable": stable.version if stable is not None else None,
                "digest": bundle.digest,
                "bytes": self._plane.size_of(bundle),
                "code": str(loaded.mesh.filters[name].code),
                "nodes": dict(states.get(name, {})),
                "rollout": _rollout(self._plane.rollouts.rollout_of(name)),
            }
            for name, bundle in loaded.bundles.items()
            for stable in (self._plane.rollouts.stable(name),)
        ]

    def _node(self, status: NodeStatus, delivered: Iterable[Delivered]) -> Json:
        node = status.node
        plan = self._plane.plan
        wanted = plan.snapshot_of(node).version if plan is not None else ""
        return {
            "id": node.id,
            "cluster": node.cluster,
            "locality": "/".join(filter(None, (node.region, node.zone, node.sub_zone))),
            "agent": node.agent,
            "connected": status.connected,
            "last_seen": _time(status.last_seen),
            "settled": status.settled_version == wanted,
            "filters": [self._filter_on(node.id, one) for one in delivered],
            "rejections": [
                {
                    "type": service_name(type_url),
                    "name": rejection.name,
                    "reason": rejection.reason.strip(),
                    "since": _time(rejection.since),
                }
                for type_url, of_type in status.types.items()
                for rejection in of_type.rejections
            ],
        }

    def _filter_on(self, node_id: str, one: Delivered) -> Json:
        return {
            "name": one.running.plugin.name,
            "filter": one.running.bundle.filter,
            "state": _state(one),
            "wanted": one.running.bundle.version,
            "in_use": one.in_use.version if one.in_use is not None else None,
            "since": _time(one.since),
            "digest": one.in_use.digest if one.in_use is not None else None,
            "reason": one.refusal,
            "refused": _time(one.refused_at),
            "vm": self._vm(node_id, one.running.plugin.name),
        }

    def _vm(self, node_id: str, plugin: str) -> str:
        """What the node's own stats say of the plugin's VM."""
        counts = self._plane.observer.counts_of(node_id)
        if counts is None:
            return self._plane.observer.problem_of(node_id) or "not asked"
        failures = counts.vm_failures.get(plugin, 0)
        if failures:
            return f"failed {failures} time{'s' if failures > 1 else ''}"
        return "running" if plugin in counts.vm_failures else "unknown"

    def _services(self) -> list[Json]:
        return [
            {
                "name": name,
                "source": status.source,
                "endpoints": len(status.endpoints),
                "problem": status.problem,
            }
            for name, status in sorted(self._plane.sources.status.items())
        ]


def _state(one: Delivered) -> str:
    """In one word: refused, fetching, in use, waiting."""
    if one.refusal:
        return "fetching" if one.fetching else "refused"
    return "in use" if one.as_wanted else "waiting"


def _rollout(rollout: Rollout | None) -> Json | None:
    if rollout is None:
        return None
    return {
        "candidate": rollout.candidate.version,
        "baseline": rollout.baseline.version,
        "state": rollout.state,
        "step": rollout.step,
        "steps": rollout.policy.steps,
        "share": rollout.share,
        "progress": rollout.progress(),
        "step_since": _time(datetime.fromtimestamp(rollout.step_since, UTC)),
        "window": rollout.policy.window,
        "why": rollout.why,
        "waiting": rollout.waiting,
        "figures": rollout.figures,
    }


def _time(when: datetime | None) -> str | None:
    return when.isoformat(timespec="milliseconds") if when is not None else None
