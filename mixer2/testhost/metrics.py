"""Stats: what an operator sees at /stats, and the ids by which a VM reaches them."""

from collections.abc import Iterator, Mapping

from mixer2.testhost.abi import MetricType, Status
from mixer2.testhost.errors import Refused

_U64 = (1 << 64) - 1


class Stats:
    """The stats of the whole proxy. Envoy shows them with the prefix `wasmcustom.`."""

    def __init__(self) -> None:
        self.counters: dict[str, int] = {}
        self.gauges: dict[str, int] = {}
        self.samples: dict[str, list[int]] = {}

    def define(self, kind: MetricType, name: str) -> None:
        """Create a stat; nothing happens when it is there."""
        match kind:
            case MetricType.COUNTER:
                self.counters.setdefault(name, 0)
            case MetricType.GAUGE:
                self.gauges.setdefault(name, 0)
            case MetricType.HISTOGRAM:
                self.samples.setdefault(name, [])

    def add(self, kind: MetricType, name: str, offset: int) -> None:
        """Add to a counter or gauge, within 64 bits."""
        values = self.counters if kind is MetricType.COUNTER else self.gauges
        values[name] = (values[name] + offset) & _U64


class MetricIds:
    """The metric ids of one VM: 4, 8, ... counters, 5, 9, ... gauges, 6, 10, ... histograms.

    A name that is defined again gets a further id for the same stat.
    Source: Envoy, `wasm.h`, `nextCounterMetricId` and its neighbours.
    """

    def __init__(self, stats: Stats) -> None:
        self._stats = stats
        self._names: dict[int, str] = {}
        self._defined: set[tuple[int, str]] = set()
        self._next = {kind: 4 + kind for kind in MetricType}

    def __len__(self) -> int:
        return len(self._names)

    def is_defined(self, kind: int, name: str) -> bool:
        """Whether this VM has an id for the stat already."""
        return (kind, name) in self._defined

    def define(self, kind: int, name: str) -> int:
        """A new id. Refused with BAD_ARGUMENT when there is no such kind."""
        if kind > MetricType.HISTOGRAM:
            raise Refused(Status.BAD_ARGUMENT)
        metric_type = MetricType(kind)
        metric_id = self._next[metric_type]
        self._next[metric_type] += 4
        self._names[metric_id] = name
        self._defined.add((kind, name))
        self._stats.define(metric_type, name)
        return metric_id

    def increment(self, metric_id: int, offset: int) -> None:
        """Add `offset`: more than 0 to a counter, anything to a gauge."""
        kind, name = self._find_number(metric_id)
        if kind is MetricType.COUNTER and offset <= 0:
            raise Refused(Status.BAD_ARGUMENT)
        self._stats.add(kind, name, offset)

    def record(self, metric_id: int, value: int) -> None:
        """Set a gauge, record a sample; on a counter this adds."""
        kind = metric_id & 3
        name = self._names.get(metric_id)
        if name is None:
            raise Refused(Status.NOT_FOUND)
        if kind == MetricType.HISTOGRAM:
            self._stats.samples[name].append(value)
        elif kind == MetricType.GAUGE:
            self._stats.gauges[name] = value
        else:
            self._stats.add(MetricType.COUNTER, name, value)

    def value(self, metric_id: int) -> int:
        """Value of the stat over the whole proxy."""
        kind, name = self._find_number(metric_id)
        return (
            self._stats.counters[name] if kind is MetricType.COUNTER else self._stats.gauges[name]
        )

    def _find_number(self, metric_id: int) -> tuple[MetricType, str]:
        kind = metric_id & 3
        if kind not in (MetricType.COUNTER, MetricType.GAUGE):
            raise Refused(Status.BAD_ARGUMENT)
        name = self._names.get(metric_id)
        if name is None:
            raise Refused(Status.NOT_FOUND)
        return MetricType(kind), name


class MetricReader(Mapping[str, int]):
    """Counters and gauges as a test reads them.

    Args:
        stats: The stats.
    """

    def __init__(self, stats: Stats) -> None:
        self._stats = stats

    def __getitem__(self, name: str) -> int:
        """Value of a counter or gauge. Raises KeyError with the names that are there."""
        for values in (self._stats.counters, self._stats.gauges):
            if name in values:
                return values[name]
        raise KeyError(f"no stat {name!r}; there are {sorted(self)}")

    def __iter__(self) -> Iterator[str]:
        return iter([*self._stats.counters, *self._stats.gauges])

    def __len__(self) -> int:
        return len(self._stats.counters) + len(self._stats.gauges)

    def __repr__(self) -> str:
        return f"MetricReader({dict(self)!r})"
