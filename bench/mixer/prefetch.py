"""Quota with prefetch under as much load of one key as can be: `python -m bench.mixer.prefetch`.

Two workers, 64 connections, answers by Envoy itself. Twice: with a limit that is never reached, for
the calls to the quota server; and with one that is, for what passes beyond it.

Environment:
    QUICK  1: two seconds of load for each; ten else.
"""

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bench import build
from bench.mixer.__main__ import modules
from bench.mixer.scenarios import QUOTA, Scenario, checking
from bench.processes import ANY_STATUS, Helper, Load, free_port
from bench.proxy import bootstrap
from mixer2.envoy.process import EnvoyProcess

PREFETCH: Final = 500
LIMIT: Final = 10_000
_WORKERS: Final = 2
_SLICE: Final = "64x500"
_WANTED_PER_SECOND: Final = 10_000
_MOST_CALLS: Final = 0.01
_MOST_OVER: Final = 0.02


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one load came to.

    Attributes:
        limit: Tokens that there were.
        requests: Requests that were sent.
        per_second: Of them in a second.
        allowed: Requests that passed.
        calls: Calls to the quota server.
    """

    limit: int
    requests: int
    per_second: float
    allowed: int
    calls: int

    @property
    def over(self) -> float:
        """What passed beyond the limit, as a share of it."""
        return max(0, self.allowed - self.limit) / self.limit


def scenario() -> Scenario:
    """The mixer with metrics and a quota."""
    return checking(f"quota with prefetch {PREFETCH}", "quota", {}, QUOTA, prefetch=PREFETCH)


async def measure(limit: int, slices: int) -> Outcome:
    """Start everything, and load it.

    Raises:
        BenchError, EnvoyError: something did not start, or did not answer.
    """
    plan = scenario()
    tools = build.tools()
    (module,) = modules([plan]).values()
    command = [sys.executable, "-m", "bench.mixer.quota_service", str(limit)]
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Helper(command, Path(__file__).parents[2]))
        port = free_port()
        config = bootstrap(plan.chain(module, service.port), port, None)
        envoy = EnvoyProcess(config, concurrency=_WORKERS, log_level="error")
        await stack.enter_async_context(envoy)
        load = Load(tools.load, tools.request, port, status=ANY_STATUS)
        found = await load.slices([envoy.pid], [_SLICE] * slices)
        stats = await envoy.admin.stats("mixer2_check")

    def count(what: str) -> int:
        return sum(value for name, value in stats.items() if f"mixer2_check_{what}_total" in name)

    requests = sum(one.requests for one in found)
    seconds = sum(one.seconds for one in found)
    return Outcome(limit, requests, requests / seconds, count("allowed"), count("calls"))


def judged(ample: Outcome, scarce: Outcome) -> list[str]:
    """Whether it is where it must be."""
    calls = ample.calls / ample.requests
    reached = "reached" if ample.per_second >= _WANTED_PER_SECOND else "not reached here"
    return [
        f"calls, of the requests: {_against(calls, _MOST_CALLS)}",
        f"over the limit: {_against(scarce.over, _MOST_OVER)}",
        f"{_WANTED_PER_SECOND:,} requests/s: {reached}",
    ]


def _against(share: float, most: float) -> str:
    return f"{share:.2%}, at most {most:.0%}: {'met' if share <= most else 'missed'}"


async def run(console: Console, slices: int) -> None:
    """Measure and print."""
    ample = await measure(1_000_000_000, slices)
    scarce = await measure(LIMIT, slices)
    shown = Table(title=f"{scenario().name}, {_WORKERS} workers, one key")
    shown.add_column("limit, per hour", justify="right")
    for column in ("requests", "requests/s", "passed", "calls"):
        shown.add_column(column, justify="right")
    for one in (ample, scarce):
        figures = (one.limit, one.requests, round(one.per_second), one.allowed, one.calls)
        shown.add_row(*(f"{figure:,}" for figure in figures))
    console.print(shown)
    for line in judged(ample, scarce):
        console.print(line)


if __name__ == "__main__":
    console = Console() if sys.stdout.isatty() else Console(width=120)
    asyncio.run(run(console, 4 if os.environ.get("QUICK") == "1" else 20))
