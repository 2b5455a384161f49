"""Fuzzing for a time, in several processes."""

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count

from tests.fuzz.compare import fails_alike
from tests.fuzz.group import GROUP, MUTATED, Outcome, run_group
from tests.fuzz.report import Report
from tests.oracle.compare import KIND, fails_alike_in_c


def _outcomes(first: int, deadline: float, jobs: int, *, with_c: bool) -> Iterator[Outcome]:
    """Run group after group until the time is up, `jobs` at once."""
    firsts = count(first, GROUP)
    if jobs == 1:
        while time.monotonic() < deadline:
            yield run_group(next(firsts), with_c=with_c)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        running: set[Future[Outcome]] = set()
        while running or time.monotonic() < deadline:
            while len(running) < jobs + 1 and time.monotonic() < deadline:
                running.add(pool.submit(run_group, next(firsts), with_c=with_c))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()


def fuzz(seed: int, seconds: float, report: Report, jobs: int = 1, *, with_c: bool = False) -> None:
    """Fuzz until the time is up.

    Args:
        seed: The first program's; each next program has the next.
        seconds: How long; failing programs are minimised within that time only.
        report: Takes what comes out.
        jobs: Processes at once.
        with_c: Ask the C oracle, too (tests/oracle).
    """
    deadline = time.monotonic() + seconds
    for outcome in _outcomes(seed, deadline, jobs, with_c=with_c):
        report.compiled += MUTATED
        for name, (complaint, source) in outcome.complaints.items():
            report.fail(name, complaint, source)
        untyped = [n for n, d in outcome.differences.items() if d.kind == "untyped"]
        report.untyped += len(untyped)
        report.compared += len(outcome.sources) - len(untyped)
        if outcome.by_c is not None:
            report.equal_in_c += outcome.by_c.equal
            report.known_in_c.update(outcome.by_c.known)
        for name in outcome.differences.keys() - set(untyped):
            _keep(name, outcome, report, deadline)


def _keep(name: str, outcome: Outcome, report: Report, deadline: float) -> None:
    """Keep a program that differs, made small when there is time."""
    difference = outcome.differences[name]
    form = " (bytecode)" if difference.is_bytecode else ""
    detail = f"{difference.kind}{form}: {difference.detail}"
    path = report.fail(name, detail, outcome.sources[name].encode())
    if time.monotonic() < deadline:
        fails = fails_alike_in_c if difference.kind == KIND else fails_alike
        report.minimise(path, lambda source: fails(source, difference))
