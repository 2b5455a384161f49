"""Samples: what a node has counted until some moment, as its admin interface tells."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

_REQUESTS = re.compile(r"http\.(?!admin\.).*\.downstream_rq_(completed|5xx)")
_VM = re.compile(r"wasm\.(?P<plugin>.+)\.vm_reload(_backoff|_failure)?")

STATS = r"^http\..*\.downstream_rq_(completed|5xx)$|^wasm\."
"""The stats that every sample needs, as a regex for Envoy."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counters that only grow, while the node's process lives.

    Args:
        requests: Downstream requests that were answered.
        errors: Those answered with 5xx.
        vm_failures: Failed Wasm VMs, by plugin.
        stats: All counters that were asked for, by name; for the error counters of plugins.
    """

    requests: int = 0
    errors: int = 0
    vm_failures: Mapping[str, int] = field(default_factory=dict)
    stats: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, stats: Mapping[str, int]) -> "Counts":
        """Read what an admin interface said."""
        requests = errors = 0
        failures: dict[str, int] = {}
        for name, value in stats.items():
            if match := _REQUESTS.fullmatch(name):
                if match[1] == "5xx":
                    errors += value
                else:
                    requests += value
            elif match := _VM.fullmatch(name):
                failures[match["plugin"]] = failures.get(match["plugin"], 0) + value
        return cls(requests, errors, failures, dict(stats))

    def since(self, before: "Counts") -> "Counts":
        """Return what was counted after `before`; a node that was restarted counts from nothing."""
        if self.requests < before.requests:
            return self
        return Counts(
            _grown(self.requests, before.requests),
            _grown(self.errors, before.errors),
            {
                name: _grown(value, before.vm_failures.get(name, 0))
                for name, value in self.vm_failures.items()
            },
            {name: _grown(value, before.stats.get(name, 0)) for name, value in self.stats.items()},
        )

    def matching(self, patterns: Iterable[str]) -> int:
        """Return the sum of all counters whose name contains a match of a pattern."""
        compiled = [_compiled(one) for one in patterns]
        return sum(
            value for name, value in self.stats.items() if any(one.search(name) for one in compiled)
        )

    @property
    def error_ratio(self) -> float:
        """The share of requests that were answered with 5xx, in percent."""
        return 100 * self.errors / self.requests if self.requests else 0.0


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum of what several nodes counted, but for single stats."""
    requests = errors = 0
    for one in counts:
        requests += one.requests
        errors += one.errors
    return Counts(requests, errors)


def _grown(now: int, before: int) -> int:
    return now - before if now >= before else now


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
