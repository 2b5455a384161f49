"""From runs to rows."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.catalogue import AGAIN, AOT, NONE, C, Entry
from bench.errors import BenchError
from bench.machine import Machine
from bench.processes import Slice
from bench.proxy import Scenario
from bench.report import Report, make_report, read_report, write_report
from bench.rounds import QUICK, Measured
from bench.run import Run
from bench.summary import Estimate, Runs
from bench.tables import markdown, print_report
from bench.targets import judge
from bench.variants.variant import Absent, Chain, Variant
from bench.works import F1, NOTHING

DIRECT = Scenario.DIRECT.value


def one_slice(connections: int, cost_us: float, *, service_us: float | None = None) -> Slice:
    cpu_us = [cost_us * 100] + ([service_us * 100] if service_us is not None else [])
    return Slice(connections, 100, 0.01, 50.0, 90.0, 1_000.0, cpu_us)


def run(
    variant: str, number: int, costs: list[float], single: float = 100.0, start_s: float = 0.3
) -> Run:
    slices = [*(one_slice(16, cost) for cost in costs), one_slice(1, single)]
    work = "none" if variant in (NONE, AGAIN) else "F1"
    return Run(variant, work, DIRECT, number, 1, start_s, 0.1, 70_000_000, ["envoy"], slices)


def test_the_best_slice_counts_over_none_of_the_same_round() -> None:
    runs = Runs(
        [
            run(NONE, 0, [30.0, 35.0]),
            run(NONE, 1, [50.0, 80.0]),
            run(NONE, 2, [40.0, 41.0]),
            run(C, 0, [99.0, 46.0], single=110.0, start_s=0.32),
            run(C, 1, [68.0, 70.0], single=130.0, start_s=0.35),
            run(C, 2, [57.0, 58.0], single=120.0, start_s=0.31),
        ]
    )
    row = runs.row(DIRECT, "F1", C, 2_000, "")
    assert row is not None
    assert row.cpu_us == Estimate(57.0, 46.0, 68.0)
    assert row.added_cpu_us == Estimate(17.0, 16.0, 18.0)
    assert row.added_cpu_us_single == Estimate(20.0, 10.0, 30.0)
    assert row.added_start_ms.median == pytest.approx(20.0)
    assert row.saturated.requests_per_second == pytest.approx(10_000)
    assert row.added_rss_mb_two is None


def test_a_service_has_its_own_figures() -> None:
    beside = replace(
        run("Python ext_proc", 0, []),
        watched=["envoy", "service"],
        slices=[one_slice(16, 300.0, service_us=700.0), one_slice(1, 400.0, service_us=900.0)],
        service_rss=50_000_000,
    )
    row = Runs([run(NONE, 0, [30.0]), beside]).row(DIRECT, "F1", "Python ext_proc", None, "")
    assert row is not None
    assert row.added_cpu_us.median == 270.0
    assert row.service_cpu_us == 700.0
    assert row.service_rss_mb == 50.0


def test_two_workers_are_compared_with_two() -> None:
    runs = [
        run(NONE, 0, [30.0]),
        replace(run(NONE, 1, [30.0]), workers=2, rss=72_000_000),
        run(C, 0, [40.0]),
        replace(run(C, 1, [40.0]), workers=2, rss=90_500_000),
    ]
    row = Runs(runs).row(DIRECT, "F1", C, None, "")
    assert row is not None
    assert row.added_rss_mb == 0.0
    assert row.added_rss_mb_two == pytest.approx(18.5)


@pytest.fixture
def report(tmp_path: Path) -> Report:
    module = tmp_path / "f1.wasm"
    module.write_bytes(b"\0" * 41_000)

    def variant(name: str, path: Path | None = None) -> Variant:
        work = NOTHING if name in (NONE, AGAIN) else F1
        return Variant(name, work, lambda _: Chain(), module=path, note="a note" if path else "")

    entries: dict[Scenario, list[Entry]] = {
        Scenario.DIRECT: [
            variant(NONE),
            variant(AGAIN),
            variant(C),
            variant(AOT, module),
            Absent("Lua", F1, "no Lua here"),
            variant("broken"),
        ]
    }
    runs = [
        run(NONE, 0, [30.0]),
        run(AGAIN, 0, [31.0]),
        run(C, 0, [46.0]),
        run(AOT, 0, [46.9], start_s=0.35),
    ]
    measured = Measured(runs, [Absent("broken", F1, "it broke")])
    machine = Machine("a CPU", 2, "Linux", "1.40.0", "3.11", "abc", 4.0)
    return make_report(machine, QUICK, entries, measured)


def test_the_table_has_every_variant_or_its_reason(report: Report) -> None:
    text = markdown(report)
    assert "| C by hand | 16.0 | 16.0 to 16.0 |" in text
    assert "| Lua | absent |" in text
    assert "- Lua: no Lua here" in text
    assert "- broken: it broke" in text
    assert "- mixer2 aot: a note" in text
    assert "how much two equal things differ here (1.0 to 1.0 us)" in text
    assert "WARNING: the machine was busy" in text


@pytest.mark.parametrize(("width", "has_all"), [(80, False), (190, True)])
def test_a_terminal_shows_what_it_has_room_for(report: Report, width: int, has_all: bool) -> None:
    console = Console(width=width, record=True, markup=False, file=StringIO())
    print_report(report, console)
    lines = console.export_text().splitlines()
    assert ("module KB" in "".join(lines)) is has_all
    rows = [line for line in lines if line.strip().startswith(("C by hand ", "Lua "))]
    assert len(rows) == 2
    assert "…" not in "".join(rows)


def test_targets_are_judged_within_the_run(report: Report) -> None:
    judged = {one.what: one.is_met for one in judge(report)}
    assert judged == {
        "F1: CPU per request, C by hand + 1 us": True,
        "F1: module": False,
        "F1: start": False,
        "F1: resident memory": True,
    }


def test_a_report_is_read_back_as_it_was(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_report(report, path)
    assert read_report(path) == report
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(BenchError, match=r"report\.json"):
        read_report(path)


def test_plots_are_drawn_of_whatever_there_is(report: Report, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="it comes with `make bench`")
    from bench.plots import write_plots

    write_plots(report, tmp_path)
    names = {path.name for path in tmp_path.iterdir() if path.suffix in (".png", ".svg")}
    plots = ("cpu", "stacks", "start-and-memory")
    assert names == {f"{plot}{suffix}" for plot in plots for suffix in (".png", ".svg")}
    before = (tmp_path / "cpu.svg").read_bytes()
    write_plots(report, tmp_path)
    assert (tmp_path / "cpu.svg").read_bytes() == before
