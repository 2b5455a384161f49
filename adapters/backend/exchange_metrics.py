"""`metrics`: exchanges in the proxy's stats, by labels that the instance names.

    handlers:
      golden:
        metrics: {sizes: true}
    rules:
    - report: golden
      with: {tenant: "request.headers['x-tenant']", route: path_template}

The metrics are those of `adapters.backend.series`: requests by method and outcome, errors by
code, durations and, with `sizes`, bytes. A worker admits the first `max_series` combinations of an
instance's values; the rest counts under labels that all say `other`.
"""

from adapters.backend.instance import Instance
from adapters.backend.kind import ReportKind, Setup
from adapters.backend.report import Passage, Report
from adapters.backend.series import ExchangeSeries
from adapters.events import HttpExchange
from pal.metrics import OVERFLOW
from pal.stat_names import MAX_VALUE_BYTES


class ExchangeMetrics(Report):
    """Counts and times exchanges.

    Args:
        instances: Names of the labels, by instance.
        max_series: Most combinations of values of one instance, per worker.
        sizes: Whether bytes are measured.
    """

    def __init__(self, instances: list[Instance], max_series: int, sizes: bool) -> None:
        super().__init__(wants_sizes=sizes)
        self._series = [_Labelled(instance.names, max_series) for instance in instances]

    def report(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> None:
        """Count one."""
        self._series[instance.number].find(values).report(exchange)


class _Labelled:
    """The series of one instance."""

    def __init__(self, labels: list[str], max_series: int) -> None:
        self._labels = labels
        self._max_series = max_series
        self._series: dict[str, ExchangeSeries] = {}
        self._overflow: ExchangeSeries | None = None

    def find(self, values: list[str]) -> ExchangeSeries:
        """The series of some values."""
        key = values[0] if len(values) == 1 else "\0".join(values)
        series = self._series.get(key)
        return self._admit(values) if series is None else series

    def _admit(self, values: list[str]) -> ExchangeSeries:
        """The series of values that `_series` does not know under the names they came with."""
        # No more of a value is kept than its label shows: clients choose how long it is.
        shown = [value[:MAX_VALUE_BYTES] for value in values]
        key = "\0".join(shown)
        series = self._series.get(key)
        if series is not None:
            return series
        if len(self._series) < self._max_series:
            series = ExchangeSeries(self._labels, shown)
            self._series[key] = series
            return series
        overflow = self._overflow
        if overflow is None:
            overflow = ExchangeSeries(self._labels, [OVERFLOW for _ in self._labels])
            self._overflow = overflow
        return overflow


class MetricsKind(ReportKind):
    """The kind `metrics`."""

    def __init__(self) -> None:
        super().__init__("metrics", is_open=True)

    def create(self, setup: Setup) -> Report:
        """Read `max_series` and `sizes`."""
        max_series = setup.settings.get_int("max_series", 200, minimum=1, maximum=100_000)
        sizes = setup.settings.get_bool("sizes", False)
        return ExchangeMetrics(setup.instances, max_series, sizes)
