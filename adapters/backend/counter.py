"""`counter`: counts exchanges, by labels that the instance names.

    handlers:
      by-plan:
        counter: {metric: requests_by_plan_total}
    rules:
    - report: by-plan
      with: {plan: "request.headers['x-plan']", code: response.code}

A worker admits the first `limit` combinations of label values; the rest counts as `other`.
"""

from adapters.backend.instance import Instance
from adapters.backend.kind import ReportKind, Setup
from adapters.backend.report import Passage, Report
from adapters.events import HttpExchange
from pal.metrics import LabelledCounter


class ExchangeCounter(Report):
    """One counter with labels for each instance; the metric's name is the same."""

    def __init__(self, counters: list[LabelledCounter]) -> None:
        super().__init__()
        self._counters = counters

    def report(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> None:
        """Count one."""
        self._counters[instance.number].increment(values)


class CounterKind(ReportKind):
    """The kind `counter`."""

    def __init__(self) -> None:
        super().__init__("counter", is_open=True)

    def create(self, setup: Setup) -> Report:
        """Read `metric` and `limit`."""
        metric = setup.settings.get_str("metric", "mixer2_exchanges_total")
        limit = setup.settings.get_int("limit", 1000, minimum=1, maximum=100_000)
        instances = setup.instances
        return ExchangeCounter([LabelledCounter(metric, one.names, limit) for one in instances])
