"""`python -m bench`, which is `make bench`.

Environment:
    QUICK    1: two rounds with short slices, at most 5 minutes; five rounds and 20 minutes else.
    ONLY     Parts of `WORK, VARIANT`, separated by `;`: what has none of them is left out.
             `ONLY="F1, mixer2; F3"` measures mixer2's F1, all of F3, and of course `none`;
             `ONLY="xDS"` the xDS server, `ONLY="Python"` a filter's own Python.
    RESULTS  Where the results go; bench/results/latest by default.
"""

import asyncio
import logging
import os
import signal
import sys
import time
from pathlib import Path
from typing import Final

from rich.console import Console

from bench import build, rounds
from bench.catalogue import Entry, catalogue
from bench.errors import BenchError
from bench.machine import this_machine
from bench.progress import Progress
from bench.proxy import Scenario
from bench.python.measure import measure as measure_python
from bench.python.table import print_rows as print_python
from bench.python.table import write_rows as write_python
from bench.report import Report, make_report, write_report
from bench.rounds import FULL, QUICK
from bench.tables import markdown, print_report
from bench.variants.variant import Variant
from bench.works import NOTHING
from bench.xds.measure import measure as measure_xds
from bench.xds.table import print_cost as print_xds
from bench.xds.table import write_cost as write_xds
from mixer2.envoy.binary import find_envoy
from mixer2.envoy.errors import EnvoyError

_RESULTS: Final = Path(__file__).parent / "results" / "latest"
_INTERRUPTED: Final = 130
_PIPE_WIDTH: Final = 190


async def bench(console: Console, results: Path, *, quick: bool, only: list[str]) -> bool:
    """Build, check and measure everything, and write the results.

    Args:
        console: Where progress and tables go.
        results: Folder of the results.
        quick: Whether little is measured.
        only: Parts of `WORK, VARIANT`; what has none of them is left out. Nothing is everything.

    Returns:
        Whether every variant got through.

    Raises:
        BenchError, EnvoyError: what all variants need does not work.
    """
    find_envoy()  # before the work that would be in vain without one
    machine = this_machine()
    effort = QUICK if quick else FULL
    began = time.monotonic()
    with Progress(console) as progress:
        tools = build.tools()
        entries = {one: _chosen(catalogue(one), only) for one in Scenario}
        variants = {
            scenario: [entry for entry in some if isinstance(entry, Variant)]
            for scenario, some in entries.items()
        }
        refused = await rounds.check_all(tools, variants[Scenario.DIRECT], effort, progress.tell)
        bad = {(one.name, one.work) for one in refused}
        measured = await rounds.run_rounds(
            tools,
            {
                scenario: [one for one in some if (one.name, one.work) not in bad]
                for scenario, some in variants.items()
            },
            effort,
            progress.tell,
        )
        served = await measure_xds(progress.tell) if not only or "xDS" in only else None
        python = measure_python(progress.tell) if not only or "Python" in only else []
    measured.failed += refused
    report = make_report(machine, effort, entries, measured)
    _write(report, results)
    print_report(report, console)
    if served is not None:
        write_xds(served, results)
        print_xds(served, console)
    if python:
        write_python(python, results)
        print_python(python, console)
    console.print(f"{time.monotonic() - began:.0f} s; results in {os.path.relpath(results)}")
    for failure in measured.failed:
        console.print(f"FAILED: {failure.reason}", style="red", soft_wrap=True)
    return not measured.failed


def _chosen(entries: list[Entry], only: list[str]) -> list[Entry]:
    return [
        entry
        for entry in entries
        if entry.work == NOTHING
        or not only
        or any(part in f"{entry.work.name}, {entry.name}" for part in only)
    ]


def _write(report: Report, folder: Path) -> None:
    from bench.plots import write_plots

    folder.mkdir(parents=True, exist_ok=True)
    write_report(report, folder / "report.json")
    (folder / "report.md").write_text(markdown(report), encoding="utf-8")
    write_plots(report, folder)


async def _until_signalled(console: Console) -> bool:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, or a shell's background
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    only = [part.strip() for part in os.environ.get("ONLY", "").split(";") if part.strip()]
    return await bench(
        console,
        Path(os.environ.get("RESULTS") or _RESULTS),
        quick=os.environ.get("QUICK", "") not in ("", "0"),
        only=only,
    )


def _console() -> Console:
    """A console that shows texts as they are, and wide tables also where there is no terminal."""
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    return console


def main() -> int:
    """Run the benchmark; returns the exit code."""
    if not Path("/proc/self/schedstat").exists():
        print("bench: CPU time is read from /proc/PID/task/*/schedstat, which only Linux has")
        return 2
    # When it is stopped, asyncio wonders about children that were reaped before it looked.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    try:
        return 0 if asyncio.run(_until_signalled(_console())) else 1
    except (BenchError, EnvoyError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        print("bench: stopped, and everything that it had started", file=sys.stderr)
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
