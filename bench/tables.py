"""Tables: the same for a terminal and as Markdown."""

from collections.abc import Iterator
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console, JustifyMethod
from rich.table import Table

from bench.report import Report
from bench.summary import Estimate, Row, Traffic
from bench.targets import judge

_BUSY_GENERATOR: Final = 0.85

_HEADINGS: Final = (
    "variant",
    "CPU us",
    "low to high",
    "CPU us (1)",
    "service us",
    "req/s",
    "p50 / p99 us",
    "req/s (1)",
    "p50 / p99 us (1)",
    "start ms",
    "its CPU",
    "RSS MB",
    "2 workers",
    "module KB",
)


# What a narrow terminal has room for.
_ESSENTIAL: Final = ("variant", "CPU us", "low to high", "p50 / p99 us", "start ms", "RSS MB")
_WIDTH: Final = 180


def print_report(report: Report, console: Console) -> None:
    """Show everything in a terminal; in a narrow one the columns that matter most."""
    wide = console.width >= _WIDTH
    columns = [index for index, heading in enumerate(_HEADINGS) if wide or heading in _ESSENTIAL]
    for title, lines, remarks in _tables(report):
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for index in columns:
            side: JustifyMethod = "left" if index == 0 else "right"
            table.add_column(_HEADINGS[index], justify=side, no_wrap=True)
        for line in lines:
            table.add_row(*(line[index] for index in columns))
        console.print(table)
        for remark in remarks:
            console.print(remark, soft_wrap=True)
        console.print()
    if not wide:
        console.print("There are more columns in report.md, and in a wider terminal.")
    for remark in _remarks(report):
        console.print(remark, soft_wrap=True)


def markdown(report: Report) -> str:
    """The same as Markdown."""
    parts = ["# Benchmark", ""]
    for title, lines, remarks in _tables(report):
        parts += [f"## {title}", "", _markdown_row(_HEADINGS)]
        parts.append(_markdown_row(("---", *["---:"] * (len(_HEADINGS) - 1))))
        parts += [_markdown_row(line) for line in lines]
        parts += ["", *(f"- {remark}" for remark in remarks), ""]
    parts += ["## Remarks", "", *(f"- {remark}" for remark in _remarks(report)), ""]
    return "\n".join(parts)


def _tables(report: Report) -> Iterator[tuple[str, list[tuple[str, ...]], list[str]]]:
    """Title, lines and remarks of each table: one for each scenario and work."""
    keys = dict.fromkeys((row.scenario, row.work) for row in report.rows)
    keys |= dict.fromkeys((one.scenario, one.work) for one in report.absent)
    for scenario, work in keys:
        key = (scenario, work)
        rows = [row for row in report.rows if (row.scenario, row.work) == key]
        absent = [one for one in report.absent if (one.scenario, one.work) == key]
        blank = ("",) * (len(_HEADINGS) - 2)
        lines = [_line(row) for row in rows]
        lines += [(one.variant, "absent", *blank) for one in absent]
        remarks = [f"{row.variant}: {row.note}" for row in rows if row.note]
        remarks += [f"{one.variant}: {one.reason}" for one in absent]
        yield f"{work}, {scenario}: {report.titles[work]}", lines, remarks


def _line(row: Row) -> tuple[str, ...]:
    service = "" if row.service_cpu_us is None else f"{row.service_cpu_us:.0f}"
    beside = "" if row.service_rss_mb is None else f" and {row.service_rss_mb:.0f}"
    two = "" if row.added_rss_mb_two is None else f"{row.added_rss_mb_two:+.1f}"
    return (
        row.variant,
        f"{row.added_cpu_us.median:.1f}",
        _range(row.added_cpu_us),
        f"{row.added_cpu_us_single.median:.1f}",
        service,
        f"{row.saturated.requests_per_second:,.0f}",
        _latency(row.saturated),
        f"{row.single.requests_per_second:,.0f}",
        _latency(row.single),
        f"{row.added_start_ms.median:+.0f}",
        f"{row.added_start_cpu_ms.median:+.0f}",
        f"{row.added_rss_mb:+.1f}{beside}",
        two,
        "" if row.module_bytes is None else f"{row.module_bytes / 1e3:.1f}",
    )


def _range(estimate: Estimate) -> str:
    return f"{estimate.low:.1f} to {estimate.high:.1f}"


def _latency(traffic: Traffic) -> str:
    return f"{traffic.p50_us:.0f} / {traffic.p99_us:.0f}"


def _remarks(report: Report) -> Iterator[str]:
    machine = report.machine
    yield (
        f"Envoy {machine.envoy}, one worker, on {machine.cpus} CPUs ({machine.cpu}), "
        f"{machine.kernel}; mixer2 {machine.revision}; {report.effort.rounds} rounds."
    )
    yield (
        "CPU us: CPU time of all of Envoy's threads per request, best slice of a run, over `none` "
        "of the same round; median of the rounds, lowest and highest. start ms, the CPU time in it "
        "and RSS MB are over `none` too; after `and` stands the service beside Envoy. Load is 16 "
        "connections with one request under way each; (1): one connection. Compare within this run "
        "only."
    )
    again = next((row for row in report.rows if row.variant == "none again"), None)
    if again is not None:
        yield (
            "`none again` is `none`: its line says how much two equal things differ here "
            f"({_range(again.added_cpu_us)} us)."
        )
    yield f"The load generator took at most {report.load_share:.0%} of a CPU."
    if report.load_share > _BUSY_GENERATOR:
        yield "WARNING: the load generator was the bottleneck of some slices."
    if machine.is_busy:
        yield (
            f"WARNING: the machine was busy before the benchmark (load {machine.load_average:.1f} "
            f"on {machine.cpus} CPUs): do not believe these figures."
        )
    for one in judge(report):
        yield (
            f"{'met' if one.is_met else 'NOT MET'}: {one.what}: {one.figure:.1f} {one.unit}, "
            f"at most {one.limit:.1f}"
        )


def _markdown_row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
