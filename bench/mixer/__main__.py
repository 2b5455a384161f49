"""`python -m bench.mixer`: the mixer against a remote check for every request.

Environment:
    QUICK  1: one round with few slices, about two minutes; five rounds else.
    ONLY   Parts of scenarios' names, separated by `;`; what has none of them is left out.
"""

import asyncio
import os
import random
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bench import build
from bench.mixer.measure import Figures, measure, medians
from bench.mixer.scenarios import BY_HAND, CACHED, NONE, Scenario, scenarios
from mixer2.compiler import build as compile_filter

_ROOT: Final = Path(__file__).parents[2]
_MOST_TIMES_BY_HAND: Final = 1.6


def modules(chosen: list[Scenario]) -> dict[str, Path]:
    """The compiled plugins, by their sources."""
    build.BUILT.mkdir(exist_ok=True)
    found: dict[str, Path] = {}
    for source in {one.plugin for one in chosen if one.plugin is not None}:
        target = build.BUILT / f"{Path(source).stem}.wasm"
        target.write_bytes(compile_filter(_ROOT / source).wasm)
        found[source] = target
    return found


async def run(console: Console, rounds: int, slices: int, only: list[str]) -> None:
    """Measure and print."""
    chosen = [
        one
        for one in scenarios()
        if one.name == NONE or not only or any(o in one.name for o in only)
    ]
    built = modules(chosen)
    tools = build.tools()
    figures: list[Figures] = []
    for number in range(rounds):
        order = chosen.copy()
        random.Random(number).shuffle(order)
        for scenario in order:
            console.print(f"round {number + 1} of {rounds}: {scenario.name}", style="dim")
            module = built.get(scenario.plugin) if scenario.plugin else None
            figures.append(await measure(tools, scenario, module, slices))
    console.print(table([medians(figures, one.name) for one in chosen]))
    for line in judged({one.name: medians(figures, one.name) for one in chosen}):
        console.print(line)


def table(figures: list[Figures]) -> Table:
    """The comparison; CPU time and latency are what a scenario adds to no filter."""
    none = next(one for one in figures if one.scenario == NONE)
    shown = Table(title="A check and a report for every request, one worker")
    shown.add_column("scenario")
    for column in (
        "Envoy CPU, us",
        "p50, us",
        "service CPU, us",
        "calls per request",
        "requests/s",
        "start CPU, ms",
    ):
        shown.add_column(column, justify="right")
    for one in figures:
        is_none = one is none
        shown.add_row(
            one.scenario,
            f"{one.cpu_us:.1f}" if is_none else f"+{one.cpu_us - none.cpu_us:.1f}",
            f"{one.p50_us:.0f}" if is_none else f"+{one.p50_us - none.p50_us:.0f}",
            f"{one.service_cpu_us:.1f}",
            f"{one.calls_per_request:.5f}",
            f"{one.per_second:,.0f}",
            f"{1000 * (one.start_cpu_s - (0 if is_none else none.start_cpu_s)):.0f}",
        )
    return shown


def judged(figures: dict[str, Figures]) -> list[str]:
    """Whether the mixer is where it must be."""
    if not {NONE, BY_HAND, CACHED} <= set(figures):
        return []
    none = figures[NONE].cpu_us
    by_hand, mixer = figures[BY_HAND].cpu_us - none, figures[CACHED].cpu_us - none
    times = mixer / by_hand
    verdict = "met" if times <= _MOST_TIMES_BY_HAND else "missed"
    return [f"{CACHED}: {times:.2f} times joined by hand, at most {_MOST_TIMES_BY_HAND}: {verdict}"]


if __name__ == "__main__":
    quick = os.environ.get("QUICK") == "1"
    parts = [part for part in os.environ.get("ONLY", "").split(";") if part]
    # A pipe has no width of its own, and the table needs one.
    console = Console() if sys.stdout.isatty() else Console(width=120)
    asyncio.run(run(console, 1 if quick else 5, 2 if quick else 5, parts))
