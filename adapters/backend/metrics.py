"""HTTP exchanges as metrics: requests by outcome, durations and sizes, per tenant.

    mixer2_http_requests_total{tenant=,method=,code_class=}   counter, requests
    mixer2_http_request_duration_ms{tenant=}                  histogram, milliseconds
    mixer2_http_request_bytes{tenant=}                        histogram, bytes, where measured
    mixer2_http_response_bytes{tenant=}                       histogram, bytes, where measured

The success ratio is the share of the code classes in `mixer2_http_requests_total`. A label's
values are few, whatever clients send. `method` is one of RFC 9110 and RFC 5789, else `OTHER`.
`code_class` is `1xx` to `5xx`, `none` for an exchange without response, else `other`. `tenant` is
one of the first `max_tenants` that a worker sees, else `other`; `unknown` when none is named.
"""

from typing import Final

from adapters.events import HttpExchange
from pal.metrics import OVERFLOW, Counter, Histogram
from pal.stat_names import MAX_VALUE_BYTES, stat_name

REQUESTS: Final = "mixer2_http_requests_total"
DURATION_MS: Final = "mixer2_http_request_duration_ms"
REQUEST_BYTES: Final = "mixer2_http_request_bytes"
RESPONSE_BYTES: Final = "mixer2_http_response_bytes"

UNKNOWN_TENANT: Final = "unknown"

_METHODS: Final = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "PATCH",
    "OTHER",
]
_METHOD_NUMBERS: Final = {method: number for number, method in enumerate(_METHODS)}
_OTHER_METHOD: Final = 9

_CODE_CLASSES: Final = ["none", "1xx", "2xx", "3xx", "4xx", "5xx", "other"]
_CODE_CLASS_COUNT: Final = 7
_OTHER_CODE_CLASS: Final = 6

_NS_PER_MS: Final = 1_000_000


class HttpMetrics:
    """Reports exchanges to the proxy's stats.

    Each worker of the proxy admits its own tenants, so the proxy holds at most
    `workers x max_tenants + 1` of them.

    Args:
        max_tenants: Most tenants that get metrics of their own, per worker.
    """

    def __init__(self, max_tenants: int) -> None:
        self._max_tenants = max_tenants
        self._tenants: dict[str, _TenantMetrics] = {}
        self._overflow: _TenantMetrics | None = None

    def report(self, exchange: HttpExchange) -> None:
        """Count one exchange."""
        tenant = exchange.request.tenant
        metrics = self._tenants.get(tenant)
        if metrics is None:
            metrics = self._admit(tenant)
        metrics.report(exchange)

    def _admit(self, tenant: str) -> "_TenantMetrics":
        """The metrics of a tenant that `_tenants` does not know under the name it came with."""
        # No more of a name is kept than its label shows: clients choose how long it is.
        name = tenant[:MAX_VALUE_BYTES]
        metrics = self._tenants.get(name)
        if metrics is not None:
            return metrics
        if len(self._tenants) < self._max_tenants:
            metrics = _TenantMetrics(name or UNKNOWN_TENANT)
            self._tenants[name] = metrics
            return metrics
        overflow = self._overflow
        if overflow is None:
            overflow = _TenantMetrics(OVERFLOW)
            self._overflow = overflow
        return overflow


class _TenantMetrics:
    """The metrics of one tenant; a series is defined when it has something to tell."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._duration = Histogram(stat_name(DURATION_MS, ["tenant"], [tenant]))
        self._request_bytes: Histogram | None = None
        self._response_bytes: Histogram | None = None
        # By method number x _CODE_CLASS_COUNT + code class number.
        self._requests: list[Counter | None] = [None for _ in _METHODS for _ in _CODE_CLASSES]

    def report(self, exchange: HttpExchange) -> None:
        method = _METHOD_NUMBERS.get(exchange.request.method, _OTHER_METHOD)
        code_class = _code_class(exchange.status_code)
        counter = self._requests[method * _CODE_CLASS_COUNT + code_class]
        if counter is None:
            counter = self._define(method, code_class)
        counter.increment()
        self._duration.record((exchange.duration_ns + _NS_PER_MS // 2) // _NS_PER_MS)
        if exchange.request_bytes >= 0:
            self._report_request_bytes(exchange.request_bytes)
        if exchange.response_bytes >= 0:
            self._report_response_bytes(exchange.response_bytes)

    def _define(self, method: int, code_class: int) -> Counter:
        counter = Counter(
            stat_name(
                REQUESTS,
                ["tenant", "method", "code_class"],
                [self._tenant, _METHODS[method], _CODE_CLASSES[code_class]],
            )
        )
        self._requests[method * _CODE_CLASS_COUNT + code_class] = counter
        return counter

    def _report_request_bytes(self, size: int) -> None:
        histogram = self._request_bytes
        if histogram is None:
            histogram = Histogram(stat_name(REQUEST_BYTES, ["tenant"], [self._tenant]))
            self._request_bytes = histogram
        histogram.record(size)

    def _report_response_bytes(self, size: int) -> None:
        histogram = self._response_bytes
        if histogram is None:
            histogram = Histogram(stat_name(RESPONSE_BYTES, ["tenant"], [self._tenant]))
            self._response_bytes = histogram
        histogram.record(size)


def _code_class(status_code: int) -> int:
    """Index in _CODE_CLASSES."""
    if status_code == 0:
        return 0
    if 100 <= status_code <= 599:
        return status_code // 100
    return _OTHER_CODE_CLASS
