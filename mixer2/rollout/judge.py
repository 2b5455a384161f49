"""Whether a step of a rollout goes well."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mixer2.mesh.schema.filters import RolloutPolicy
from mixer2.rollout.samples import Counts, total


@dataclass(frozen=True, slots=True)
class Member:
    """A node in a cohort, or in the control group.

    Args:
        node_id: Its id.
        holds: It runs the version that it shall run.
        refusal: Why it refused that; empty when it did not.
        counted: What it counted since the step began; None when it is not asked.
    """

    node_id: str
    holds: bool = True
    refusal: str = ""
    counted: Counts | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of a step.

    Args:
        problem: Why the rollout must go back; empty when it need not.
        waiting: Why the step is not over although its time is; empty when it may be.
        control_ratio: Share of 5xx in the control group, in percent; None when unknown.
        figures: What was compared, for people.
    """

    problem: str = ""
    waiting: str = ""
    control_ratio: float | None = None
    figures: Mapping[str, float] = field(default_factory=dict)


def judge(
    plugin_names: Iterable[str],
    policy: RolloutPolicy,
    cohort: list[Member],
    control: list[Member],
    last_control_ratio: float | None,
) -> Finding:
    """Look at a step.

    Args:
        plugin_names: The names that the filter has on nodes.
        policy: What is tolerated.
        cohort: Nodes that got the new version.
        control: Connected nodes that did not.
        last_control_ratio: Share of 5xx of the control group when there was one; at the last step
            there is none.
    """
    limits = policy.limits
    names = set(plugin_names)
    refusals = [one for one in cohort if one.refusal]
    if len(refusals) > limits.nacks:
        return Finding(f"{refusals[0].node_id} refused it: {refusals[0].refusal.strip()}")

    counted = [(one.node_id, one.counted) for one in cohort if one.counted is not None]
    failures = sum(
        count for _, one in counted for name, count in one.vm_failures.items() if name in names
    )
    errors = sum(one.matching(policy.error_stats) for _, one in counted)
    ours = total(one for _, one in counted)
    theirs = total(one.counted for one in control if one.counted is not None)
    control_ratio = theirs.error_ratio if theirs.requests else last_control_ratio
    figures = {
        "requests": ours.requests,
        "error_ratio": round(ours.error_ratio, 2),
        "control_requests": theirs.requests,
        "control_error_ratio": round(control_ratio or 0.0, 2),
        "vm_failures": failures,
        "plugin_errors": errors,
    }
    problem = ""
    if failures > limits.vm_failures:
        problem = f"{failures} Wasm VMs failed"
    elif errors > limits.plugin_errors:
        problem = f"the plugin counted {errors} errors"
    elif ours.requests >= policy.min_requests:
        above = ours.error_ratio - (control_ratio or 0.0)
        if above > limits.errors_above_control:
            problem = (
                f"{ours.error_ratio:.1f} % of {ours.requests} requests got 5xx, "
                f"against {control_ratio or 0.0:.1f} % without it"
            )
    silent = [one.node_id for one in cohort if not one.holds and not one.refusal]
    waiting = f"no answer yet from {', '.join(silent[:3])}" if silent else ""
    return Finding(problem, waiting, control_ratio, figures)
