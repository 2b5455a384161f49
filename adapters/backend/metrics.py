"""HTTP exchanges as metrics per tenant.

The metrics are those of `adapters.backend.series`. A label's values are few, whatever clients send:
`tenant` is one of the first `max_tenants` that a worker sees, else `other`; `unknown` when none is
named.
"""

from typing import Final

from adapters.backend.series import ExchangeSeries
from adapters.events import HttpExchange
from pal.metrics import OVERFLOW
from pal.stat_names import MAX_VALUE_BYTES

UNKNOWN_TENANT: Final = "unknown"

_LABELS: Final = ["tenant"]


class HttpMetrics:
    """Reports exchanges to the proxy's stats.

    Each worker of the proxy admits its own tenants, so the proxy holds at most
    `workers x max_tenants + 1` of them.

    Args:
        max_tenants: Most tenants that get metrics of their own, per worker.
    """

    def __init__(self, max_tenants: int) -> None:
        self._max_tenants = max_tenants
        self._tenants: dict[str, ExchangeSeries] = {}
        self._overflow: ExchangeSeries | None = None

    def report(self, exchange: HttpExchange) -> None:
        """Count one exchange."""
        tenant = exchange.request.tenant
        metrics = self._tenants.get(tenant)
        if metrics is None:
            metrics = self._admit(tenant)
        metrics.report(exchange)

    def _admit(self, tenant: str) -> "ExchangeSeries":
        """The metrics of a tenant that `_tenants` does not know under the name it came with."""
        # No more of a name is kept than its label shows: clients choose how long it is.
        name = tenant[:MAX_VALUE_BYTES]
        metrics = self._tenants.get(name)
        if metrics is not None:
            return metrics
        if len(self._tenants) < self._max_tenants:
            metrics = ExchangeSeries(_LABELS, [name or UNKNOWN_TENANT])
            self._tenants[name] = metrics
            return metrics
        overflow = self._overflow
        if overflow is None:
            overflow = ExchangeSeries(_LABELS, [OVERFLOW])
            self._overflow = overflow
        return overflow
