"""Which variant runs in which round."""

from bench.proxy import Scenario
from bench.rounds import FULL, QUICK, Effort
from bench.variants.variant import Chain, Variant
from bench.works import F1, F2

DIRECT, UPSTREAM = Scenario.DIRECT, Scenario.UPSTREAM
FAST = Variant("fast", F1, lambda _: Chain())
TELEMETRY = Variant("fast", F2, lambda _: Chain())
SLOW = Variant("slow", F1, lambda _: Chain(), starts_slowly=True)


def rounds(effort: Effort, variant: Variant, scenario: Scenario = DIRECT) -> list[int]:
    every = range(effort.rounds + effort.weighings)
    return [number for number in every if effort.takes(variant, scenario, number)]


def test_all_run_in_all_rounds_when_there_is_time() -> None:
    every = list(range(FULL.rounds + FULL.weighings))
    assert rounds(FULL, FAST) == rounds(FULL, SLOW) == rounds(FULL, TELEMETRY) == every
    assert rounds(FULL, FAST, UPSTREAM) == list(range(FULL.upstream_rounds))


def test_what_starts_slowly_runs_once_when_there_is_none() -> None:
    every = list(range(QUICK.rounds + QUICK.weighings))
    assert rounds(QUICK, FAST) == every
    assert rounds(QUICK, TELEMETRY) == every[: QUICK.rounds]
    assert rounds(QUICK, SLOW) == [0]
    assert rounds(QUICK, FAST, UPSTREAM) == list(range(QUICK.upstream_rounds))
