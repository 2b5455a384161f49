"""The plan of a benchmark: rounds in which every variant runs once, in an order of their own."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from bench.catalogue import NONE
from bench.errors import BenchError
from bench.proxy import Scenario
from bench.run import Plan, Run, Tools, check, measure
from bench.variants.variant import Absent, Variant
from bench.works import F1_STACK_4, F1_STACK_8, F2, F3
from mixer2.envoy.errors import EnvoyError

Tell: TypeAlias = Callable[[str, str], None]
"""Says in which phase a benchmark is, and at which step of it."""

SATURATED: Final = 16
"""Connections of the slices that the headline figures are of."""

SINGLE: Final = 1


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured.

    Attributes:
        rounds: How many Envoys each variant gets with one worker.
        upstream_rounds: And with an upstream behind.
        weighings: And with two workers, for their memory.
        plan: Load of each with one worker.
        is_brief: Variants that start slowly are measured once, without a check of their own, and
            the memory with two workers is that of F1 alone.
    """

    rounds: int
    upstream_rounds: int
    weighings: int
    plan: Plan
    is_brief: bool = False

    def takes(self, variant: Variant, scenario: Scenario, round_number: int) -> bool:
        """Whether a variant has a run in a round."""
        if round_number >= self.rounds:
            is_left_out = self.is_brief and (variant.starts_slowly or variant.work in _NOT_WEIGHED)
            return scenario is Scenario.DIRECT and not is_left_out
        if scenario is Scenario.UPSTREAM and round_number >= self.upstream_rounds:
            return False
        return not (self.is_brief and variant.starts_slowly and round_number > 0)


_NOT_WEIGHED: Final = (F1_STACK_4, F1_STACK_8, F2, F3)

# Short slices: what disturbs a machine comes in bursts, and the best slice has none of it.
QUICK: Final = Effort(
    rounds=2,
    upstream_rounds=1,
    weighings=1,
    plan=Plan(("16x250",), (*["1x80"] * 4, *["16x80"] * 10)),
    is_brief=True,
)
FULL: Final = Effort(
    rounds=5,
    upstream_rounds=3,
    weighings=2,
    plan=Plan(("16x800",), (*["1x100"] * 8, *["16x100"] * 22)),
)
_WEIGHING: Final = Plan(("16x200",), ("16x100",))


class Job(NamedTuple):
    """One run to be made."""

    variant: Variant
    scenario: Scenario
    workers: int


@dataclass(slots=True)
class Measured:
    """What all rounds gave.

    Attributes:
        runs: In the order in which they were made.
        failed: Variants that did not get through, and why.
    """

    runs: list[Run] = field(default_factory=list)
    failed: list[Absent] = field(default_factory=list)


async def check_all(
    tools: Tools, variants: Iterable[Variant], effort: Effort, tell: Tell
) -> list[Absent]:
    """See that every variant does its work; returns those that do not."""
    failed: list[Absent] = []
    for variant in variants:
        if effort.is_brief and variant.starts_slowly:
            continue
        tell("checking", _name(variant))
        try:
            await check(tools, variant)
        except (BenchError, EnvoyError) as error:
            failed.append(Absent(variant.name, variant.work, str(error)))
    return failed


async def run_rounds(
    tools: Tools,
    variants: dict[Scenario, list[Variant]],
    effort: Effort,
    tell: Tell,
) -> Measured:
    """Make all runs. A variant that fails is left out from then on, and the rest goes on.

    Raises:
        BenchError: Envoy without any filter failed.
    """
    measured = Measured()
    for number in range(effort.rounds + effort.weighings):
        weighing = number >= effort.rounds
        plan = _WEIGHING if weighing else effort.plan
        jobs = [
            Job(variant, scenario, 2 if weighing else 1)
            for scenario, some in variants.items()
            for variant in some
            if effort.takes(variant, scenario, number)
        ]
        random.Random(number).shuffle(jobs)
        for index, job in enumerate(jobs):
            if any(_is_of(failure, job.variant) for failure in measured.failed):
                continue
            step = f"{_name(job.variant)}, {job.scenario.value} ({index} of {len(jobs)})"
            tell(_phase(number, effort), step)
            try:
                run = await measure(tools, job.variant, job.scenario, plan, number, job.workers)
            except (BenchError, EnvoyError) as error:
                if job.variant.name == NONE:
                    raise BenchError(f"without any filter: {error}") from error
                measured.failed.append(Absent(job.variant.name, job.variant.work, str(error)))
            else:
                measured.runs.append(run)
    return measured


def _phase(number: int, effort: Effort) -> str:
    if number < effort.rounds:
        return f"round {number + 1} of {effort.rounds}"
    return f"two workers, {number - effort.rounds + 1} of {effort.weighings}"


def _name(variant: Variant) -> str:
    return f"{variant.work.name}, {variant.name}"


def _is_of(failure: Absent, variant: Variant) -> bool:
    return (failure.name, failure.work) == (variant.name, variant.work)
