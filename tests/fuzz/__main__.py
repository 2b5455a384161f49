"""`make fuzz`: random programs in CPython and compiled, and mutated sources for the compiler.

The last line gives the numbers of programs compared and of differences. The same seed gives the
same programs; how many depends on the time.
"""

import argparse
import faulthandler
import time
from pathlib import Path

from tests.fuzz.compare import Difference, differences, fails_alike
from tests.fuzz.compiler import problem, random_source
from tests.fuzz.mutate import seeds
from tests.fuzz.program import program
from tests.fuzz.report import Report

# Programs compiled together, and mutated sources tried after each such group.
GROUP = 4
MUTATED = 2

# A group that takes longer hangs: the stack is printed and the process ends.
HANGS_AFTER = 900


def compare_group(seed: int, report: Report, deadline: float) -> None:
    """Compare the programs that the seeds from `seed` make.

    Args:
        seed: The first.
        report: Takes what differs.
        deadline: After it nothing is minimised.
    """
    sources = {f"program_{seed + i}": program(seed + i) for i in range(GROUP)}
    found = differences(sources)
    untyped = [name for name, difference in found.items() if difference.kind == "untyped"]
    report.untyped += len(untyped)
    report.compared += GROUP - len(untyped)
    for name, difference in found.items():
        if difference.kind == "untyped":
            continue
        detail = f"{difference.kind}: {difference.detail}"
        path = report.fail(name, detail, sources[name].encode())
        if time.monotonic() < deadline:
            minimise(path, difference, report)


def minimise(path: Path, difference: Difference, report: Report) -> None:
    """Make a failing program small."""
    faulthandler.cancel_dump_traceback_later()
    report.minimise(path, lambda source: fails_alike(source, difference))


def fuzz(seed: int, seconds: float, report: Report) -> None:
    """Fuzz until the time is up.

    Args:
        seed: The first program's; each next program has the next.
        seconds: How long.
        report: Takes what comes out.
    """
    deadline = time.monotonic() + seconds
    sources = seeds()
    while time.monotonic() < deadline:
        faulthandler.dump_traceback_later(HANGS_AFTER, exit=True)
        compare_group(seed, report, deadline)
        for number in range(seed, seed + MUTATED):
            source = random_source(number, sources)
            report.compiled += 1
            if complaint := problem(source):
                report.fail(f"source_{number}", complaint, source)
        seed += GROUP
    faulthandler.cancel_dump_traceback_later()


def main() -> None:
    """Read the options, fuzz, say what was found."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("fuzz-failures"))
    options = parser.parse_args()
    report = Report(options.folder)
    fuzz(options.seed, options.seconds, report)
    report.exit()


if __name__ == "__main__":
    main()
