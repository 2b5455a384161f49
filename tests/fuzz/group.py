"""One group of random programs: what a process of the fuzzer works on at a time."""

import faulthandler
from dataclasses import dataclass, field
from functools import cache

from tests.fuzz.compare import Difference, differences
from tests.fuzz.compiler import problem, random_source
from tests.fuzz.mutate import seeds
from tests.fuzz.program import program
from tests.oracle.compare import Comparison, compare_with_c

# Programs compiled together, and mutated sources tried after each such group.
GROUP = 24
MUTATED = 4

# A group that takes longer hangs: the stack is printed and the process ends.
HANGS_AFTER = 900


@dataclass(slots=True)
class Outcome:
    """What came out of one group.

    Attributes:
        sources: The programs, by name.
        differences: Those that differ.
        complaints: Mutated sources with a wrong answer of the compiler, and that answer.
        by_c: What the C oracle says of the programs that do not differ, when it was asked.
    """

    sources: dict[str, str]
    differences: dict[str, Difference]
    complaints: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    by_c: Comparison | None = None


def run_group(seed: int, *, with_c: bool = False) -> Outcome:
    """Compare the programs that the seeds from `seed` make, and try mutated sources.

    Every other group is bytecode.
    """
    faulthandler.dump_traceback_later(HANGS_AFTER, exit=True)
    sources = {f"program_{seed + i}": program(seed + i) for i in range(GROUP)}
    is_bytecode = seed // GROUP % 2 == 1
    outcome = Outcome(sources, differences(sources, is_bytecode=is_bytecode))
    if with_c:
        same = {n: s for n, s in sources.items() if n not in outcome.differences}
        outcome.by_c = compare_with_c(same)
        outcome.differences |= outcome.by_c.differences
    for number in range(seed, seed + MUTATED):
        source = random_source(number, _seeds())
        if complaint := problem(source):
            outcome.complaints[f"source_{number}"] = complaint, source
    faulthandler.cancel_dump_traceback_later()
    return outcome


@cache
def _seeds() -> list[str]:
    return seeds()
