"""From runs to rows: what each variant adds to the proxy without any filter.

CPU time per request is that of a run's best slice: what disturbs a machine only ever adds. From it
that of `none` in the same round is taken away, because machines change over minutes. A row has the
median over the rounds, and the lowest and the highest.
"""

from collections.abc import Callable, Iterable
from statistics import median

from pydantic.dataclasses import dataclass

from bench.catalogue import NONE
from bench.processes import Slice
from bench.rounds import SATURATED, SINGLE
from bench.run import Run


@dataclass(frozen=True)
class Estimate:
    """A median over rounds, with the lowest and the highest."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Traffic:
    """What a client saw: the run with the most requests per second of each, median over rounds.

    Attributes:
        requests_per_second: Answers per second.
        p50_us: Median latency, microseconds.
        p99_us: 99th percentile.
    """

    requests_per_second: float
    p50_us: float
    p99_us: float


@dataclass(frozen=True)
class Row:
    """One variant in one scenario. Whatever is `added` is over `none`.

    Attributes:
        scenario: What answered.
        work: What it does.
        variant: Its name.
        cpu_us: CPU time per request of Envoy, microseconds, at 16 connections.
        added_cpu_us: The same, added.
        added_cpu_us_single: Added at one connection.
        service_cpu_us: CPU time per request of the service beside Envoy, at 16 connections.
        saturated: The client's view at 16 connections.
        single: The same at one.
        added_start_ms: Time from start to first answer, added.
        added_start_cpu_ms: CPU time of Envoy until then, added.
        added_rss_mb: Resident memory with one worker, added, in 1e6 bytes.
        added_rss_mb_two: The same with two workers.
        service_rss_mb: Resident memory of the service.
        module_bytes: Size of the module.
        note: What is not like the others.
    """

    scenario: str
    work: str
    variant: str
    cpu_us: Estimate
    added_cpu_us: Estimate
    added_cpu_us_single: Estimate
    service_cpu_us: float | None
    saturated: Traffic
    single: Traffic
    added_start_ms: Estimate
    added_start_cpu_ms: Estimate
    added_rss_mb: float
    added_rss_mb_two: float | None
    service_rss_mb: float | None
    module_bytes: int | None
    note: str


class Runs:
    """All runs of a benchmark.

    Args:
        runs: As they were made.
    """

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = list(runs)

    def row(
        self, scenario: str, work: str, variant: str, module_bytes: int | None, note: str
    ) -> Row | None:
        """The row of one variant; None when it has no runs."""
        runs = self._of(scenario, work, variant, 1)
        if not runs:
            return None
        twice = self._of(scenario, work, variant, 2)
        service = [_cost(run, "service", SATURATED) for run in runs if "service" in run.watched]
        service_rss = [run.service_rss / 1e6 for run in runs if run.service_rss is not None]
        return Row(
            scenario=scenario,
            work=work,
            variant=variant,
            cpu_us=_estimate(_cost(run, "envoy", SATURATED) for run in runs),
            added_cpu_us=self._added(runs, lambda run: _cost(run, "envoy", SATURATED)),
            added_cpu_us_single=self._added(runs, lambda run: _cost(run, "envoy", SINGLE)),
            service_cpu_us=median(service) if service else None,
            saturated=_traffic(runs, SATURATED),
            single=_traffic(runs, SINGLE),
            added_start_ms=self._added(runs, lambda run: run.start_s * 1e3),
            added_start_cpu_ms=self._added(runs, lambda run: run.start_cpu_s * 1e3),
            added_rss_mb=self._added(runs, lambda run: run.rss / 1e6).median,
            added_rss_mb_two=(
                self._added(twice, lambda run: run.rss / 1e6).median if twice else None
            ),
            service_rss_mb=median(service_rss) if service_rss else None,
            module_bytes=module_bytes,
            note=note,
        )

    def load_share(self) -> float:
        """Largest share of a CPU that the load generator took in any slice."""
        return max(
            (one.load_cpu_us / 1e6 / one.seconds for run in self._runs for one in run.slices),
            default=0.0,
        )

    def _of(self, scenario: str, work: str, variant: str, workers: int) -> list[Run]:
        wanted = (scenario, work, variant, workers)
        return [
            run
            for run in self._runs
            if (run.scenario, run.work, run.variant, run.workers) == wanted
        ]

    def _added(self, runs: list[Run], figure: Callable[[Run], float]) -> Estimate:
        return _estimate(figure(run) - figure(self._baseline(run)) for run in runs)

    def _baseline(self, run: Run) -> Run:
        """The run of `none` in the same round."""
        return next(
            other
            for other in self._runs
            if other.variant == NONE
            and (other.scenario, other.round, other.workers)
            == (run.scenario, run.round, run.workers)
        )


def _estimate(values: Iterable[float]) -> Estimate:
    known = sorted(values)
    return Estimate(median(known), known[0], known[-1])


def _slices(run: Run, connections: int) -> list[Slice]:
    return [one for one in run.slices if one.connections == connections]


def _cost(run: Run, process: str, connections: int) -> float:
    """CPU time per request in the best slice, microseconds."""
    index = run.watched.index(process)
    return min(one.cpu_us[index] / one.requests for one in _slices(run, connections))


def _traffic(runs: list[Run], connections: int) -> Traffic:
    best = [
        max(_slices(run, connections), key=lambda one: one.requests / one.seconds) for run in runs
    ]
    return Traffic(
        median(one.requests / one.seconds for one in best),
        median(one.p50_us for one in best),
        median(one.p99_us for one in best),
    )
