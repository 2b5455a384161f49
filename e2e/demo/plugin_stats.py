"""What a plugin counted, read back from Envoy's /stats.

Stat names are `wasmcustom.<metric>{<label>=<value>,...}` (docs/decisions/0006).
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from adapters.backend.series import DURATION_MS, REQUESTS
from e2e.demo.tally import Key, Tally
from mixer2.envoy.admin import Histogram

_LABELLED = re.compile(r"wasmcustom\.(?P<metric>[^{]+)\{(?P<labels>.*)\}")


def labels(stat: str, metric: str) -> dict[str, str] | None:
    """Return the labels in a stat's name, or None when it is not one of `metric`."""
    found = _LABELLED.fullmatch(stat)
    if found is None or found["metric"] != metric:
        return None
    pairs = (pair.partition("=") for pair in found["labels"].split(","))
    return {name: unquote(value) for name, _, value in pairs}


def requests(stats: Mapping[str, int]) -> Tally:
    """Count requests by tenant, method and code class."""
    tally: Tally = Tally()
    for stat, count in stats.items():
        found = labels(stat, REQUESTS)
        # A counter appears, at 0, as soon as it is defined.
        if found is not None and count:
            tally[Key(found["tenant"], found["method"], found["code_class"])] += count
    return tally


def mean_latency_ms(histograms: Mapping[str, Histogram]) -> dict[str, float]:
    """Return each tenant's mean latency in milliseconds."""
    samples: dict[str, int] = {}
    weighted: dict[str, float] = {}
    for stat, histogram in histograms.items():
        found = labels(stat, DURATION_MS)
        if found is None or not histogram.count:
            continue
        tenant = found["tenant"]
        samples[tenant] = samples.get(tenant, 0) + histogram.count
        weighted[tenant] = weighted.get(tenant, 0.0) + histogram.mean * histogram.count
    return {tenant: weighted[tenant] / samples[tenant] for tenant in samples}
