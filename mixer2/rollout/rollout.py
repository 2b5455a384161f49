"""One rollout: a bundle on its way from the first nodes to all, or back.

running --step after step--> done
   |  ^
   v  |            running, paused --problem--> rolled_back
  paused                          --abort----> aborted
"""

from dataclasses import dataclass, field
from math import inf, nextafter
from typing import Literal, TypeAlias

from mixer2.mesh.schema.filters import RolloutPolicy
from mixer2.rollout.cohort import place_of
from mixer2.rollout.samples import Counts
from mixer2.xds.bundle import Bundle

State: TypeAlias = Literal["running", "paused", "done", "rolled_back", "aborted", "superseded"]

FIRST_GROUPS = -1
"""The step at which only the node groups named `first` have the new version."""


@dataclass(slots=True)
class Rollout:
    """A rollout.

    Args:
        candidate: What goes out.
        baseline: What the other nodes run, and what all run when it goes back.
        policy: How.
        started: When, in seconds since 1970.
        step: Index into the policy's steps, or FIRST_GROUPS.
        step_since: When the step began, in the same seconds; a pause does not count.
        state: Where it is.
        why: Why it is not running any more.
        waiting: What the step waits for although its time is over.
        figures: What the judge saw last.
        control_ratio: Share of 5xx in the last control group that had requests, in percent.
        reach: Place up to which nodes have it although the share is smaller: of few nodes none may
            be in a small share, and then the first one in the order goes first.
        at_start: What nodes had counted when the step began, by node id.
    """

    candidate: Bundle
    baseline: Bundle
    policy: RolloutPolicy
    started: float
    step: int = 0
    step_since: float = 0.0
    state: State = "running"
    why: str = ""
    waiting: str = ""
    figures: dict[str, float] = field(default_factory=dict)
    control_ratio: float | None = None
    reach: float = 0.0
    at_start: dict[str, Counts] = field(default_factory=dict)

    @classmethod
    def start(
        cls, candidate: Bundle, baseline: Bundle, policy: RolloutPolicy, now: float
    ) -> "Rollout":
        """Begin with the first groups, or with the first share."""
        step = 0 if policy.first is None else FIRST_GROUPS
        return cls(candidate, baseline, policy, now, step, now)

    @property
    def active(self) -> bool:
        """Whether some nodes shall run the candidate while others do not."""
        return self.state in {"running", "paused"}

    @property
    def share(self) -> float:
        """The share of nodes that the step is for, in percent."""
        return 0.0 if self.step == FIRST_GROUPS else self.policy.steps[self.step]

    @property
    def is_last_step(self) -> bool:
        """Whether all nodes have the candidate."""
        return self.step == len(self.policy.steps) - 1

    def includes(self, node_id: str, *, in_first: bool) -> bool:
        """Tell whether a node shall run the candidate.

        Args:
            node_id: Its id.
            in_first: It is in one of the policy's first groups.
        """
        if self.policy.first is not None and in_first:
            return True
        return place_of(self.candidate.filter, node_id) < max(self.share, self.reach)

    def widen(self, place: float, now: float) -> None:
        """Let the node at a place have it too; the step begins anew."""
        self.reach = nextafter(place, inf)
        self.step_since, self.at_start = now, {}

    def advance(self, now: float) -> None:
        """Go on to the next step, or be done after the last."""
        self.waiting = ""
        if self.is_last_step:
            self.state = "done"
            return
        self.step += 1
        self.step_since = now
        self.at_start = {}

    def end(self, state: State, why: str) -> None:
        """Go no further; all nodes run the baseline again."""
        self.state, self.why, self.waiting = state, why, ""

    def progress(self) -> str:
        """Describe the step in a few words."""
        if self.step == FIRST_GROUPS:
            return f"groups {', '.join(self.policy.first or [])}"
        return f"{self.share:g} % of the nodes, step {self.step + 1} of {len(self.policy.steps)}"
