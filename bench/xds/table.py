"""The row of the xDS server, for people."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bench.xds.measure import LIMITS, XdsCost

_ROWS: Final = (
    ("sync", "all have everything", "s", 1.0),
    ("change_median", "one endpoint changed: reached half", "ms", 1e3),
    ("change_p99", "one endpoint changed: reached 99 %, worst", "ms", 1e3),
    ("cpu_per_update", "CPU per change and node", "us", 1e6),
    ("idle", "CPU while nothing happens", "%", 100.0),
    ("memory", "memory per node", "KB", 1e-3),
)


def rows(cost: XdsCost) -> list[tuple[str, str, str]]:
    """What was measured: what it is, the figure, and what it may be."""
    return [
        (title, f"{getattr(cost, name) * scale:.3g} {unit}", _limit(cost, name, scale, unit))
        for name, title, unit, scale in _ROWS
    ]


def markdown(cost: XdsCost) -> str:
    """The table as Markdown."""
    lines = [f"| xDS server, {cost.nodes} nodes | measured | at most |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows(cost))]) + "\n"


def write_cost(cost: XdsCost, folder: Path) -> None:
    """Write `xds.md` and `xds.json` into a folder."""
    (folder / "xds.md").write_text(markdown(cost), encoding="utf-8")
    (folder / "xds.json").write_text(json.dumps(asdict(cost), indent=2) + "\n", encoding="utf-8")


def print_cost(cost: XdsCost, console: Console) -> None:
    """Print the table."""
    table = Table(title=f"xDS server, {cost.nodes} nodes, 200 services of 10 endpoints, one CPU")
    table.add_column("")
    table.add_column("measured", justify="right")
    table.add_column("at most", justify="right")
    for row in rows(cost):
        table.add_row(*row)
    console.print(table)


def _limit(cost: XdsCost, name: str, scale: float, unit: str) -> str:
    if cost.nodes != LIMITS.nodes or name == "cpu_per_update":
        return ""
    return f"{getattr(LIMITS, name) * scale:g} {unit}"
