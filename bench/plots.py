"""Plots of a report, each as PNG and SVG."""

import itertools
import textwrap
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

from bench.catalogue import AGAIN, AOT, NONE
from bench.proxy import Scenario
from bench.report import Report
from bench.summary import Row

_OURS: Final = "#1f6fb2"
_OTHERS: Final = "#9aa5b1"
_NOISE: Final = "#e4572e"
_LINES: Final = ("#e4572e", "#6a994e", "black", "#bc6c25", "#8367c7", "#9aa5b1")
_TITLE_WIDTH: Final = 48
_DIRECT: Final = Scenario.DIRECT.value


def write_plots(report: Report, folder: Path) -> None:
    """Draw everything that the report has figures for."""
    # The same report gives the same SVG.
    plt.rcParams["svg.hashsalt"] = "mixer2"
    plt.rcParams["font.size"] = 9
    _write(_cpu(report), folder / "cpu")
    _write(_stacks(report), folder / "stacks")
    _write(_start_and_memory(report), folder / "start-and-memory")


def _write(figure: Any, path: Path) -> None:
    for suffix in (".png", ".svg"):
        metadata = {"Date": None} if suffix == ".svg" else None
        figure.savefig(path.with_suffix(suffix), dpi=150, bbox_inches="tight", metadata=metadata)
    plt.close(figure)


def _rows(report: Report, work: str) -> list[Row]:
    return [row for row in report.rows if (row.scenario, row.work) == (_DIRECT, work)]


def _cpu(report: Report) -> Any:
    """Added CPU per request: one panel per work, with the noise between equal things."""
    works = [work for work in ("F1", "F2", "F3") if _rows(report, work)]
    figure, panels = plt.subplots(
        1, max(1, len(works)), figsize=(4.2 * max(1, len(works)), 3.4), squeeze=False
    )
    noise = report.row(_DIRECT, "none", AGAIN)
    for panel, work in zip(panels[0], works, strict=False):
        # Python beside Envoy would make all others look alike; the table has it.
        rows = [row for row in _rows(report, work) if row.service_cpu_us is None]
        _bars(panel, rows, [row.added_cpu_us.median for row in rows])
        low = [row.added_cpu_us.median - row.added_cpu_us.low for row in rows]
        high = [row.added_cpu_us.high - row.added_cpu_us.median for row in rows]
        middles = [row.added_cpu_us.median for row in rows]
        panel.errorbar(
            middles, range(len(rows)), xerr=[low, high], fmt="none", ecolor="black", capsize=2
        )
        if noise is not None:
            estimate = noise.added_cpu_us
            label = "none, and none again"
            low_end, high_end = min(0.0, estimate.low), max(0.0, estimate.high)
            panel.axvspan(low_end, high_end, color=_NOISE, alpha=0.25, lw=0, label=label)
        title = textwrap.fill(f"{work}: {report.titles[work]}", _TITLE_WIDTH)
        panel.set_title(title, fontsize=8, loc="left")
        panel.set_xlabel("CPU time of Envoy per request, added (us)")
    if noise is not None and works:
        panels[0][-1].legend(frameon=False, fontsize=7, loc="upper right")
    figure.tight_layout()
    return figure


def _bars(panel: Any, rows: list[Row], values: list[float]) -> None:
    colours = [_OURS if row.variant == AOT else _OTHERS for row in rows]
    panel.barh(range(len(rows)), values, color=colours)
    panel.set_yticks(range(len(rows)), [row.variant for row in rows])
    panel.invert_yaxis()
    panel.spines[["top", "right"]].set_visible(False)


def _stacks(report: Report) -> Any:
    """Added CPU over the number of filters in the chain."""
    figure, panel = plt.subplots(figsize=(5, 3.4))
    variants = dict.fromkeys(row.variant for row in _rows(report, "F1 x4"))
    colours = itertools.cycle(_LINES)
    for variant in variants:
        points = [(0, 0.0)]
        for count, work in ((1, "F1"), (4, "F1 x4"), (8, "F1 x8")):
            row = report.row(_DIRECT, work, variant)
            if row is not None:
                points.append((count, row.added_cpu_us.median))
        style = {"color": _OURS, "lw": 2.5} if variant == AOT else {"color": next(colours)}
        panel.plot(*zip(*points, strict=True), marker="o", label=variant, **style)
    panel.set_xlabel("filters in the chain, each F1")
    panel.set_ylabel("CPU time of Envoy per request, added (us)")
    panel.spines[["top", "right"]].set_visible(False)
    if variants:
        panel.legend(frameon=False)
    return figure


def _start_and_memory(report: Report) -> Any:
    """What a module costs before the first request, for F1."""
    rows = [row for row in _rows(report, "F1") if row.variant != NONE]
    figure, (start, memory) = plt.subplots(1, 2, figsize=(8.4, 3.4))
    _bars(start, rows, [row.added_start_ms.median for row in rows])
    start.set_xlabel("start to first answer, added (ms)")
    _bars(memory, rows, [row.added_rss_mb for row in rows])
    memory.set_xlabel("resident memory of Envoy, added (MB, one worker)")
    figure.tight_layout()
    return figure
