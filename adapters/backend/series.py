"""The metrics of exchanges that share their labels.

    mixer2_http_requests_total{...,method=,code_class=}   counter, requests
    mixer2_http_errors_total{...,code=}                   counter, requests with status 400 to 599
    mixer2_http_request_duration_ms{...}                  histogram, milliseconds
    mixer2_http_request_bytes{...}                        histogram, bytes, where measured
    mixer2_http_response_bytes{...}                       histogram, bytes, where measured

The success ratio is the share of the code classes in `mixer2_http_requests_total`. `method` is one
of RFC 9110 and RFC 5789, else `OTHER`. `code_class` is `1xx` to `5xx`, `none` for an exchange
without response, else `other`.
"""

from typing import Final

from adapters.events import HttpExchange
from pal.metrics import OVERFLOW, Counter, Histogram
from pal.stat_names import stat_name

REQUESTS: Final = "mixer2_http_requests_total"
ERRORS: Final = "mixer2_http_errors_total"
DURATION_MS: Final = "mixer2_http_request_duration_ms"
REQUEST_BYTES: Final = "mixer2_http_request_bytes"
RESPONSE_BYTES: Final = "mixer2_http_response_bytes"

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
_METHOD_COUNT: Final = 10
_METHOD_NUMBERS: Final = {method: number for number, method in enumerate(_METHODS)}
_OTHER_METHOD: Final = 9

_CODE_CLASSES: Final = ["none", "1xx", "2xx", "3xx", "4xx", "5xx", "other"]
_CODE_CLASS_COUNT: Final = 7
_OTHER_CODE_CLASS: Final = 6

_NS_PER_MS: Final = 1_000_000
_FIRST_ERROR: Final = 400
_LAST_CODE: Final = 599


class ExchangeSeries:
    """The metrics of one combination of labels; a stat is defined when it has something to tell.

    Args:
        labels: Names of the labels.
        values: Their values.
    """

    def __init__(self, labels: list[str], values: list[str]) -> None:
        self._labels = labels
        self._values = values
        self._duration = Histogram(stat_name(DURATION_MS, labels, values))
        self._errors: dict[int, Counter] = {}
        self._request_bytes: Histogram | None = None
        self._response_bytes: Histogram | None = None
        # By method number x _CODE_CLASS_COUNT + code class number.
        self._requests: list[Counter | None] = [
            None for _ in range(_METHOD_COUNT * _CODE_CLASS_COUNT)
        ]

    def report(self, exchange: HttpExchange) -> None:
        """Count one exchange."""
        method = _METHOD_NUMBERS.get(exchange.request.method, _OTHER_METHOD)
        code_class = _code_class(exchange.status_code)
        counter = self._requests[method * _CODE_CLASS_COUNT + code_class]
        if counter is None:
            counter = self._define(method, code_class)
        counter.increment()
        if exchange.status_code >= _FIRST_ERROR:
            self._report_error(exchange.status_code)
        self._duration.record((exchange.duration_ns + _NS_PER_MS // 2) // _NS_PER_MS)
        if exchange.request_bytes >= 0:
            self._report_request_bytes(exchange.request_bytes)
        if exchange.response_bytes >= 0:
            self._report_response_bytes(exchange.response_bytes)

    def _define(self, method: int, code_class: int) -> Counter:
        counter = Counter(
            stat_name(
                REQUESTS,
                [*self._labels, "method", "code_class"],
                [*self._values, _METHODS[method], _CODE_CLASSES[code_class]],
            )
        )
        self._requests[method * _CODE_CLASS_COUNT + code_class] = counter
        return counter

    def _report_error(self, code: int) -> None:
        known = min(code, _LAST_CODE + 1)
        counter = self._errors.get(known)
        if counter is None:
            label = str(code) if code <= _LAST_CODE else OVERFLOW
            counter = Counter(stat_name(ERRORS, [*self._labels, "code"], [*self._values, label]))
            self._errors[known] = counter
        counter.increment()

    def _report_request_bytes(self, size: int) -> None:
        histogram = self._request_bytes
        if histogram is None:
            histogram = Histogram(stat_name(REQUEST_BYTES, self._labels, self._values))
            self._request_bytes = histogram
        histogram.record(size)

    def _report_response_bytes(self, size: int) -> None:
        histogram = self._response_bytes
        if histogram is None:
            histogram = Histogram(stat_name(RESPONSE_BYTES, self._labels, self._values))
            self._response_bytes = histogram
        histogram.record(size)


def _code_class(status_code: int) -> int:
    """Index in _CODE_CLASSES."""
    if status_code == 0:
        return 0
    if 100 <= status_code <= 599:
        return status_code // 100
    return _OTHER_CODE_CLASS
