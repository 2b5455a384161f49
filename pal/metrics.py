"""Metrics: counters, gauges and histograms in the proxy's stats.

Counters end in `_total`, histograms in their unit (`_ms`, `_bytes`). A metric is looked up by name
when it is constructed: do that in `on_configure`, or once per series, and not per event. Envoy
never frees a stat, so every set of labels needs a bound.
"""

from typing import Final

from pal import hostcalls, status
from pal.abi import METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM
from pal.errors import HostcallError
from pal.stat_names import stat_name

OVERFLOW: Final = "other"
"""Value of every label of the series that takes what is beyond a limit."""

# Identifiers by kind and name, of all plugin contexts in the VM.
_ids: Final[dict[str, int]] = {}

# No identifier: the proxy's are 32 bits without a sign.
_MISSING: Final = -1


class Counter:
    """A number that only grows.

    Raises:
        HostcallError: the proxy refuses the metric.
    """

    def __init__(self, name: str) -> None:
        self._id = _define(METRIC_COUNTER, name)

    def increment(self, amount: int = 1) -> None:
        """Add `amount`, which is at least 1."""
        code = hostcalls.increment_metric(self._id, amount)
        if code != status.OK:
            raise HostcallError("increment_metric", code)


class Gauge:
    """A number that goes up and down, one for the whole proxy.

    Raises:
        HostcallError: the proxy refuses the metric.
    """

    def __init__(self, name: str) -> None:
        self._id = _define(METRIC_GAUGE, name)

    def add(self, amount: int) -> None:
        """Add `amount`, which may be negative."""
        code = hostcalls.increment_metric(self._id, amount)
        if code != status.OK:
            raise HostcallError("increment_metric", code)

    def set(self, value: int) -> None:
        """Put `value` in place of the current one."""
        code = hostcalls.record_metric(self._id, value)
        if code != status.OK:
            raise HostcallError("record_metric", code)


class Histogram:
    """A distribution of non-negative whole numbers; the unit is in the name.

    Raises:
        HostcallError: the proxy refuses the metric.
    """

    def __init__(self, name: str) -> None:
        self._id = _define(METRIC_HISTOGRAM, name)

    def record(self, value: int) -> None:
        """Record one sample."""
        code = hostcalls.record_metric(self._id, value)
        if code != status.OK:
            raise HostcallError("record_metric", code)


class _Series:
    """Metrics of one name and kind, one for each combination of label values, up to a limit."""

    def __init__(self, kind: int, name: str, labels: list[str], limit: int) -> None:
        self._kind = kind
        self._name = name
        self._labels = labels
        self._limit = limit
        self._ids: dict[str, int] = {}
        self._overflow = _MISSING

    def id_of(self, values: str | list[str]) -> int:
        """Identifier of the metric with these label values."""
        metric = _find(self._ids, values)
        return self._admit(values) if metric == _MISSING else metric

    def _admit(self, values: str | list[str]) -> int:
        if len(self._ids) < self._limit:
            metric = _define(self._kind, stat_name(self._name, self._labels, _listed(values)))
            self._ids[_key(values)] = metric
            return metric
        if self._overflow == _MISSING:
            others = [OVERFLOW for _ in self._labels]
            self._overflow = _define(self._kind, stat_name(self._name, self._labels, others))
        return self._overflow


class LabelledCounter:
    """Counters of one name, one for each combination of label values, up to a limit.

    Combinations beyond the limit count in the one series whose labels all say `other`. The limit
    is that of one worker: each admits the combinations that it sees first.

    Args:
        name: Metric name.
        labels: Label names, in the order that `increment` takes the values.
        limit: Most combinations, not counting the overflow.
    """

    def __init__(self, name: str, labels: list[str], limit: int) -> None:
        self._series = _Series(METRIC_COUNTER, name, labels, limit)

    def increment(self, values: str | list[str], amount: int = 1) -> None:
        """Add `amount` to the counter with these label values; one label's may be a text."""
        code = hostcalls.increment_metric(self._series.id_of(values), amount)
        if code != status.OK:
            raise HostcallError("increment_metric", code)


class LabelledHistogram:
    """Histograms of one name; arguments and limit as of `LabelledCounter`."""

    def __init__(self, name: str, labels: list[str], limit: int) -> None:
        self._series = _Series(METRIC_HISTOGRAM, name, labels, limit)

    def record(self, values: str | list[str], sample: int) -> None:
        """Record `sample` in the histogram with these label values; one label's may be a text."""
        code = hostcalls.record_metric(self._series.id_of(values), sample)
        if code != status.OK:
            raise HostcallError("record_metric", code)


def _find(ids: dict[str, int], values: str | list[str]) -> int:
    """What stands under some values; `_MISSING` without it.

    In profile aot this and `_key` are functions of the run-time (build/runtime/series.c).
    """
    return ids.get(_key(values), _MISSING)


def _key(values: str | list[str]) -> str:
    return values if isinstance(values, str) else "\0".join(values)


def _listed(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values


def reset() -> None:
    """Forget the metrics, as a new VM would."""
    _ids.clear()


def _define(kind: int, name: str) -> int:
    """Identifier of a metric. Envoy would give a new one each time, and never free it."""
    key = f"{kind} {name}"
    metric = _ids.get(key)
    if metric is None:
        metric = hostcalls.define_metric(kind, name)
        if metric < 0:
            raise HostcallError(f"define_metric {name}", hostcalls.last_status())
        _ids[key] = metric
    return metric
