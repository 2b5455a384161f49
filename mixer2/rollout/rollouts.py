"""All filters: what is stable, what is on its way, and what each node shall run."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import structlog

from mixer2.mesh.schema.filters import RolloutPolicy
from mixer2.rollout.cohort import place_of
from mixer2.rollout.errors import RolloutError
from mixer2.rollout.judge import Member, judge
from mixer2.rollout.rollout import Rollout, State
from mixer2.rollout.samples import Counts
from mixer2.rollout.store import RolloutStore
from mixer2.xds.bundle import Bundle
from mixer2.xds.messages import Node

_log = structlog.get_logger("mixer2.rollout")

OURSELVES = "mixer2"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a connected node that shall run a filter.

    Args:
        node: The node.
        holds: Version of the bundle that it runs; empty when it runs none or another.
        refusal: Why it refused what it shall run; empty when it did not.
        counts: What it has counted until now; None when it is not asked.
    """

    node: Node
    holds: str = ""
    refusal: str = ""
    counts: Counts | None = None


class Rollouts:
    """The rollouts of all filters.

    Args:
        store: Where they are kept.
        selects: Tells whether a node is in one of some node groups.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        store: RolloutStore,
        selects: Callable[[Sequence[str] | None, Node], bool],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._selects = selects
        self._clock = clock
        self._stable: dict[str, Bundle] = {}
        self._rollouts: dict[str, Rollout] = {}
        for name, (stable, rollout) in store.load().items():
            self._stable[name] = stable
            if rollout is not None:
                self._rollouts[name] = rollout

    @property
    def states(self) -> list[tuple[Bundle, Rollout | None]]:
        """The stable bundle and the last rollout of each filter."""
        return [(stable, self._rollouts.get(name)) for name, stable in self._stable.items()]

    @property
    def running(self) -> bool:
        """Whether there is something to judge."""
        return any(one.state == "running" for one in self._rollouts.values())

    def rollout_of(self, filter_name: str) -> Rollout | None:
        """Return the last rollout of a filter."""
        return self._rollouts.get(filter_name)

    def stable(self, filter_name: str) -> Bundle | None:
        """Return what nodes run that are in no rollout."""
        return self._stable.get(filter_name)

    def bundle_of(self, filter_name: str, node: Node) -> Bundle | None:
        """Return what a node shall run of a filter."""
        rollout = self._rollouts.get(filter_name)
        if rollout is not None and rollout.active and self._in_cohort(rollout, node):
            return rollout.candidate
        return self._stable.get(filter_name)

    def want(self, bundle: Bundle, policy: RolloutPolicy | None, who: str, why: str) -> None:
        """Let nodes run a bundle, in steps when there is a policy and a version before it.

        What was rolled back is not tried again before something changes.
        """
        name = bundle.filter
        stable, rollout = self._stable.get(name), self._rollouts.get(name)
        if rollout is not None and rollout.candidate.version == bundle.version:
            if rollout.active or rollout.state in {"rolled_back", "aborted"}:
                return
        elif rollout is not None and rollout.active:
            self._end(rollout, "superseded", who, f"the mesh file wants {bundle.version}")
        if stable is not None and stable.version == bundle.version:
            if rollout is not None and rollout.state != "done":
                # Should the other version come again, it gets another chance.
                del self._rollouts[name]
                self._store.save(stable, None)
            return
        if stable is None or policy is None:
            self._stable[name] = bundle
            self._rollouts.pop(name, None)
            self._store.save(bundle, None)
            self._store.record(who, "apply", bundle, why)
            return
        started = Rollout.start(bundle, stable, policy, self._clock())
        self._rollouts[name] = started
        self._store.save(stable, started)
        self._store.record(who, "start", bundle, why)
        _log.info("rollout.started", filter=name, version=bundle.version, to=started.progress())

    def keep_only(self, filter_names: Collection[str]) -> None:
        """Forget all other filters."""
        for name in self._stable.keys() - set(filter_names):
            del self._stable[name]
            self._rollouts.pop(name, None)
            self._store.drop(name)

    def pause(self, filter_name: str, who: str, why: str) -> None:
        """Stay at the step that is reached; nothing is judged meanwhile.

        Raises:
            RolloutError: nothing is running.
        """
        rollout = self._in_state(filter_name, {"running"})
        rollout.state, rollout.why = "paused", why
        self._keep(rollout, who, "pause", why)

    def resume(self, filter_name: str, who: str, why: str) -> None:
        """Go on after a pause; the step begins anew.

        Raises:
            RolloutError: nothing is paused.
        """
        rollout = self._in_state(filter_name, {"paused"})
        rollout.state, rollout.why = "running", ""
        rollout.step_since, rollout.at_start = self._clock(), {}
        self._keep(rollout, who, "resume", why)

    def abort(self, filter_name: str, who: str, why: str) -> None:
        """Let all nodes run the version before.

        Raises:
            RolloutError: nothing is on its way.
        """
        rollout = self._in_state(filter_name, {"running", "paused"})
        self._end(rollout, "aborted", who, why)

    def retry(self, filter_name: str, who: str, why: str) -> None:
        """Start anew what went back.

        Raises:
            RolloutError: nothing went back.
        """
        ended = self._in_state(filter_name, {"rolled_back", "aborted"})
        rollout = Rollout.start(ended.candidate, ended.baseline, ended.policy, self._clock())
        self._rollouts[filter_name] = rollout
        self._keep(rollout, who, "retry", why)

    def look(self, seen: Mapping[str, list[Seen]], plugin_names: Mapping[str, list[str]]) -> bool:
        """Judge what is running, and let it go on or back.

        Args:
            seen: Connected nodes that shall run a filter, by filter.
            plugin_names: The names that filters have on nodes, by filter.

        Returns:
            Whether some node shall run something else now.
        """
        changed = False
        for name, rollout in tuple(self._rollouts.items()):
            if rollout.state == "running":
                nodes = seen.get(name, [])
                changed = self._look(rollout, nodes, plugin_names.get(name, [name])) or changed
        return changed

    def _look(self, rollout: Rollout, nodes: list[Seen], plugin_names: list[str]) -> bool:
        now = self._clock()
        cohort = [one for one in nodes if self._in_cohort(rollout, one.node)]
        others = [one for one in nodes if not self._in_cohort(rollout, one.node)]
        if not nodes:
            rollout.waiting = "no node is connected"
            rollout.step_since = now
            return False
        if not cohort:
            return self._widen(rollout, [one.node.id for one in nodes])
        finding = judge(
            plugin_names,
            rollout.policy,
            [self._member(rollout, one, rollout.candidate) for one in cohort],
            [self._member(rollout, one, rollout.baseline) for one in others],
            rollout.control_ratio,
        )
        rollout.figures, rollout.waiting = dict(finding.figures), finding.waiting
        rollout.control_ratio = finding.control_ratio
        if finding.problem:
            self._end(rollout, "rolled_back", OURSELVES, finding.problem)
            return True
        if now - rollout.step_since < rollout.policy.window or finding.waiting:
            return False
        watched = f"nothing was wrong with {len(cohort)} nodes in {rollout.policy.window:g} s"
        return self._advance(rollout, watched)

    def _widen(self, rollout: Rollout, node_ids: list[str]) -> bool:
        """Let the first of the nodes have it: a step without any node would show nothing."""
        name = rollout.candidate.filter
        first = min(node_ids, key=lambda node_id: place_of(name, node_id))
        rollout.widen(place_of(name, first), self._clock())
        self._keep(rollout, OURSELVES, "widen", f"no node is in this share: {first} goes first")
        return True

    def _member(self, rollout: Rollout, one: Seen, shall: Bundle) -> Member:
        counted = None
        if one.counts is not None:
            before = rollout.at_start.setdefault(one.node.id, one.counts)
            counted = one.counts.since(before)
        return Member(one.node.id, one.holds == shall.version, one.refusal, counted)

    def _advance(self, rollout: Rollout, why: str) -> bool:
        rollout.advance(self._clock())
        if rollout.state == "done":
            self._stable[rollout.candidate.filter] = rollout.candidate
            self._keep(rollout, OURSELVES, "done", why)
        else:
            self._keep(rollout, OURSELVES, "step", f"{why}; now {rollout.progress()}")
        return True

    def _end(self, rollout: Rollout, state: State, who: str, why: str) -> None:
        rollout.end(state, why)
        self._keep(rollout, who, state, why)

    def _keep(self, rollout: Rollout, who: str, action: str, why: str) -> None:
        name = rollout.candidate.filter
        self._store.save(self._stable[name], rollout)
        self._store.record(who, action, rollout.candidate, why)
        log = _log.warning if action == "rolled_back" else _log.info
        log(f"rollout.{action}", filter=name, version=rollout.candidate.version, who=who, why=why)

    def _in_cohort(self, rollout: Rollout, node: Node) -> bool:
        first = rollout.policy.first
        return rollout.includes(node.id, in_first=first is not None and self._selects(first, node))

    def _in_state(self, filter_name: str, states: set[State]) -> Rollout:
        rollout = self._rollouts.get(filter_name)
        if rollout is None:
            raise RolloutError(f"filter {filter_name!r} has no rollout")
        if rollout.state not in states:
            expected = " or ".join(sorted(states))
            raise RolloutError(
                f"the rollout of {filter_name!r} is {rollout.state}, expected {expected}"
            )
        return rollout
