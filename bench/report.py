"""A benchmark's result as data: what the table, the plots and whoever comes later read."""

from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from bench.catalogue import Entry
from bench.errors import BenchError
from bench.machine import Machine
from bench.proxy import Scenario
from bench.rounds import Effort, Measured
from bench.run import Run
from bench.summary import Row, Runs
from bench.variants.variant import Absent, Variant


@dataclass(frozen=True)
class AbsentRow:
    """A variant without figures, and why."""

    scenario: str
    work: str
    variant: str
    reason: str


@dataclass(frozen=True)
class Report:
    """Everything that was found.

    Attributes:
        machine: On what.
        effort: How much was measured.
        load_share: Largest share of a CPU that the load generator took.
        titles: What each work is, by its name.
        rows: Figures, in the order of the table.
        absent: Rows without figures.
        runs: What every single Envoy showed.
    """

    machine: Machine
    effort: Effort
    load_share: float
    titles: dict[str, str]
    rows: list[Row]
    absent: list[AbsentRow]
    runs: list[Run]

    def row(self, scenario: str, work: str, variant: str) -> Row | None:
        """One row, or None."""
        for row in self.rows:
            if (row.scenario, row.work, row.variant) == (scenario, work, variant):
                return row
        return None


_REPORT: Final = TypeAdapter(Report)


def make_report(
    machine: Machine, effort: Effort, entries: dict[Scenario, list[Entry]], measured: Measured
) -> Report:
    """Sum up."""
    runs = Runs(measured.runs)
    rows: list[Row] = []
    absent: list[AbsentRow] = []
    failures = {(one.name, one.work.name): one.reason for one in measured.failed}
    titles: dict[str, str] = {}
    for scenario, some in entries.items():
        for entry in some:
            titles[entry.work.name] = entry.work.title
            reason = _reason(entry, failures)
            if reason is not None:
                absent.append(AbsentRow(scenario.value, entry.work.name, entry.name, reason))
                continue
            assert isinstance(entry, Variant)
            size = entry.module.stat().st_size if entry.module else None
            row = runs.row(scenario.value, entry.work.name, entry.name, size, entry.note)
            if row is not None:
                rows.append(row)
    return Report(machine, effort, runs.load_share(), titles, rows, absent, measured.runs)


def write_report(report: Report, path: Path) -> None:
    """Write a report as JSON."""
    path.write_bytes(_REPORT.dump_json(report, indent=1) + b"\n")


def read_report(path: Path) -> Report:
    """Read a report back.

    Raises:
        BenchError: it is none.
    """
    try:
        return _REPORT.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise BenchError(f"{path}: {error}") from error


def _reason(entry: Entry, failures: dict[tuple[str, str], str]) -> str | None:
    if isinstance(entry, Absent):
        return entry.reason
    return failures.get((entry.name, entry.work.name))
