"""The stats of a plugin in an Envoy that has served others before it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mixer2.envoy.admin import AdminClient, Bucket, Histogram
from mixer2.envoyhost.engine import Engine
from mixer2.testhost.errors import NotInEnvoyError

_OURS = r"^(wasmcustom\.|wasm\..*\.vm_reload)"
_PREFIX = "wasmcustom."
_EXACT_WIDTH = 1.0


@dataclass(slots=True)
class Reading:
    """All stats of plugins at one time, without Envoy's prefix."""

    counters: dict[str, int] = field(default_factory=dict)
    gauges: dict[str, int] = field(default_factory=dict)
    histograms: dict[str, Histogram] = field(default_factory=dict)


async def read(admin: AdminClient) -> Reading:
    """Ask Envoy."""
    return Reading(
        _named(await admin.stats(_OURS, "Counters")),
        _named(await admin.stats(_OURS, "Gauges")),
        {
            name.removeprefix(_PREFIX): histogram
            for name, histogram in (await admin.histograms(_OURS)).items()
        },
    )


class EnvoyStats(Mapping[str, int]):
    """Counters since the plugin came, and gauges as they are.

    Args:
        engine: The Envoy.
        before: What there was before the plugin came.
    """

    def __init__(self, engine: Engine, before: Reading) -> None:
        self._engine = engine
        self._before = before

    def __getitem__(self, name: str) -> int:
        """Value of a counter or gauge. Raises KeyError with the names that are there."""
        now = self._now()
        if name in now.counters:
            return now.counters[name] - self._before.counters.get(name, 0)
        if name in now.gauges:
            return now.gauges[name]
        raise KeyError(f"no stat {name!r}; there are {sorted(self)}")

    def __iter__(self) -> Iterator[str]:
        """Names of those that are new, or have changed."""
        now, before = self._now(), self._before
        for old, new in ((before.counters, now.counters), (before.gauges, now.gauges)):
            yield from (name for name, value in new.items() if old.get(name) != value)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return f"EnvoyStats({dict(self)!r})"

    @property
    def samples(self) -> dict[str, list[int]]:
        """What histograms have recorded since the plugin came, in ascending order.

        Raises:
            NotInEnvoyError: a sample is too large: Envoy keeps two digits.
        """
        found: dict[str, list[int]] = {}
        for name, buckets in self._recorded().items():
            if any(bucket.width > _EXACT_WIDTH for bucket in buckets):
                raise NotInEnvoyError(
                    f"histogram {name!r} has samples from {buckets[-1].lower:g} on: "
                    "Envoy keeps two digits of a sample, the test hosts all of them"
                )
            found[name] = _samples(buckets)
        return found

    @property
    def sample_counts(self) -> dict[str, int]:
        """How many samples histograms have recorded since the plugin came."""
        found = self._recorded()
        return {name: sum(one.count for one in buckets) for name, buckets in found.items()}

    def _recorded(self) -> dict[str, list[Bucket]]:
        now = self._now().histograms
        since = {
            name: _since(histogram, self._before.histograms.get(name))
            for name, histogram in now.items()
        }
        return {name: buckets for name, buckets in since.items() if buckets}

    def _now(self) -> Reading:
        return self._engine.background.run(read(self._engine.admin))


def _since(now: Histogram, before: Histogram | None) -> list[Bucket]:
    old = {bucket.lower: bucket.count for bucket in before.buckets} if before else {}
    changed = [replace(one, count=one.count - old.get(one.lower, 0)) for one in now.buckets]
    return [bucket for bucket in changed if bucket.count]


def _samples(buckets: list[Bucket]) -> list[int]:
    return [round(bucket.lower) for bucket in buckets for _ in range(bucket.count)]


def _named(stats: dict[str, int]) -> dict[str, int]:
    return {name.removeprefix(_PREFIX): value for name, value in stats.items()}
