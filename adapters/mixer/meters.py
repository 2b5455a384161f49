"""The mixer's own metrics, by handler.

mixer2_check_calls_total{handler=}        calls to the backend
mixer2_check_hits_total{handler=}         requests that a kept verdict decided
mixer2_check_allowed_total{handler=}      requests that passed
mixer2_check_denied_total{handler=}       requests that were answered here
mixer2_check_would_deny_total{handler=}   requests that a dry run would have answered
mixer2_check_errors_total{handler=}       calls without a verdict
mixer2_check_latency_ms{handler=}         of the calls that took a remote one
mixer2_report_calls_total{handler=}       exchanges reported, or batches exported
mixer2_report_errors_total{handler=}      of them those that failed
mixer2_report_dropped_total{handler=}     records that were lost
mixer2_report_latency_ms{handler=}        of exports
mixer2_sampled_out_total{handler=}        exchanges that a rule's `sample` left out
mixer2_expression_errors_total{handler=}  expressions of rules that could not be evaluated
mixer2_faults_total{handler=}             faults injected
"""

from pal.metrics import Counter, Histogram
from pal.stat_names import stat_name


class HandlerMeter:
    """What every handler counts. A metric is defined when it first has something to tell.

    Args:
        handler: Name of the handler.
    """

    def __init__(self, handler: str) -> None:
        self._handler = handler
        self._sampled_out: Counter | None = None
        self._expression_errors: Counter | None = None
        self._faults: Counter | None = None

    def counter(self, name: str) -> Counter:
        """A counter of this handler."""
        return Counter(stat_name(name, ["handler"], [self._handler]))

    def histogram(self, name: str) -> Histogram:
        """A histogram of this handler."""
        return Histogram(stat_name(name, ["handler"], [self._handler]))

    def sampled_out(self) -> None:
        """A rule left an exchange out."""
        if self._sampled_out is None:
            self._sampled_out = self.counter("mixer2_sampled_out_total")
        self._sampled_out.increment()

    def expression_error(self) -> None:
        """An expression had no value, for another reason than an absent attribute."""
        if self._expression_errors is None:
            self._expression_errors = self.counter("mixer2_expression_errors_total")
        self._expression_errors.increment()

    def fault(self) -> None:
        """A fault was injected."""
        if self._faults is None:
            self._faults = self.counter("mixer2_faults_total")
        self._faults.increment()


class CheckMeter(HandlerMeter):
    """What a check handler counts; the attributes are the metrics of these names."""

    def __init__(self, handler: str) -> None:
        super().__init__(handler)
        self.calls = self.counter("mixer2_check_calls_total")
        self.hits = self.counter("mixer2_check_hits_total")
        self.allowed = self.counter("mixer2_check_allowed_total")
        self.denied = self.counter("mixer2_check_denied_total")
        self.would_deny = self.counter("mixer2_check_would_deny_total")
        self.errors = self.counter("mixer2_check_errors_total")
        self.latency = self.histogram("mixer2_check_latency_ms")


class ReportMeter(HandlerMeter):
    """What a report handler counts; the attributes are the metrics of these names."""

    def __init__(self, handler: str) -> None:
        super().__init__(handler)
        self.calls = self.counter("mixer2_report_calls_total")
        self.errors = self.counter("mixer2_report_errors_total")
        self.dropped = self.counter("mixer2_report_dropped_total")
        self.latency = self.histogram("mixer2_report_latency_ms")
