"""HTTP exchanges as metrics."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.backend.metrics import HttpMetrics
from adapters.events import UNMEASURED, HttpExchange, HttpRequest
from pal import metrics
from pal.abi import METRIC_COUNTER, METRIC_HISTOGRAM
from tests.pal.fake_host import FakeHost

MS = 1_000_000


def exchange(
    tenant: str = "acme",
    method: str = "GET",
    code: int = 200,
    duration_ns: int = 0,
    request_bytes: int = UNMEASURED,
    response_bytes: int = UNMEASURED,
) -> HttpExchange:
    head = HttpRequest(method, "", "", tenant, 0)
    return HttpExchange(head, code, duration_ns, request_bytes, response_bytes)


def requests(tenant: str, method: str, code_class: str) -> str:
    return f"mixer2_http_requests_total{{tenant={tenant},method={method},code_class={code_class}}}"


def counts(host: FakeHost) -> dict[str, int]:
    return {name: sum(v) for name, v in host.recorded.items() if "requests_total" in name}


def test_an_exchange_is_counted_and_timed(host: FakeHost) -> None:
    HttpMetrics(10).report(exchange(duration_ns=12 * MS))

    assert host.metrics == [
        (METRIC_HISTOGRAM, "mixer2_http_request_duration_ms{tenant=acme}"),
        (METRIC_COUNTER, requests("acme", "GET", "2xx")),
    ]
    assert host.recorded == {
        "mixer2_http_request_duration_ms{tenant=acme}": [12],
        requests("acme", "GET", "2xx"): [1],
    }


def test_what_is_known_is_not_defined_again(host: FakeHost) -> None:
    backend = HttpMetrics(10)
    backend.report(exchange())
    host.calls.clear()

    backend.report(exchange())

    assert host.calls == ["increment_metric", "record_metric"]


@pytest.mark.parametrize(
    ("code", "code_class"),
    [
        (0, "none"),
        (100, "1xx"),
        (199, "1xx"),
        (200, "2xx"),
        (304, "3xx"),
        (499, "4xx"),
        (503, "5xx"),
        (599, "5xx"),
        (600, "other"),
        (99, "other"),
        (-1, "other"),
    ],
)
def test_code_classes(host: FakeHost, code: int, code_class: str) -> None:
    HttpMetrics(10).report(exchange(code=code))

    assert counts(host) == {requests("acme", "GET", code_class): 1}


@pytest.mark.parametrize(
    ("method", "label"),
    [
        *[(m, m) for m in "GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH".split()],  # noqa: SIM905
        ("get", "OTHER"),
        ("PROPFIND", "OTHER"),
        ("", "OTHER"),
        ("OTHER", "OTHER"),
    ],
)
def test_methods(host: FakeHost, method: str, label: str) -> None:
    HttpMetrics(10).report(exchange(method=method))

    assert counts(host) == {requests("acme", label, "2xx"): 1}


@pytest.mark.parametrize(
    ("duration_ns", "ms"),
    [(0, 0), (499_999, 0), (500_000, 1), (1_499_999, 1), (1_500_000, 2), (60_000 * MS, 60_000)],
)
def test_durations_are_rounded_to_milliseconds(host: FakeHost, duration_ns: int, ms: int) -> None:
    HttpMetrics(10).report(exchange(duration_ns=duration_ns))

    assert host.recorded["mixer2_http_request_duration_ms{tenant=acme}"] == [ms]


def test_sizes_are_recorded_where_measured(host: FakeHost) -> None:
    backend = HttpMetrics(10)

    backend.report(exchange(request_bytes=0))
    backend.report(exchange(request_bytes=10, response_bytes=2_000))
    backend.report(exchange())

    assert host.recorded["mixer2_http_request_bytes{tenant=acme}"] == [0, 10]
    assert host.recorded["mixer2_http_response_bytes{tenant=acme}"] == [2_000]


def test_tenants_beyond_the_limit_are_other(host: FakeHost) -> None:
    backend = HttpMetrics(2)

    for number in range(1_000):
        backend.report(exchange(tenant=f"t{number}"))
    backend.report(exchange(tenant="t0"))

    assert counts(host) == {
        requests("t0", "GET", "2xx"): 2,
        requests("t1", "GET", "2xx"): 1,
        requests("other", "GET", "2xx"): 998,
    }


def test_a_request_that_names_no_tenant_is_unknown(host: FakeHost) -> None:
    HttpMetrics(1).report(exchange(tenant=""))

    assert counts(host) == {requests("unknown", "GET", "2xx"): 1}


def test_long_names_are_kept_as_far_as_their_label_shows_them(host: FakeHost) -> None:
    backend = HttpMetrics(10)

    for number in range(20):
        backend.report(exchange(tenant="x" * 60_000 + str(number)))

    assert counts(host) == {requests("x" * 64, "GET", "2xx"): 20}
    assert list(backend._tenants) == ["x" * 64]


def test_names_are_escaped(host: FakeHost) -> None:
    HttpMetrics(10).report(exchange(tenant="a{b},c%."))

    assert counts(host) == {requests("a%7Bb%7D%2Cc%25%2E", "GET", "2xx"): 1}


tenants = st.text(max_size=70) | st.binary(max_size=70).map(
    lambda data: data.decode("utf-8", "surrogateescape")
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(tenants, st.text(max_size=5), st.integers(0, 999)), max_size=30))
def test_every_exchange_counts_once_in_a_bounded_number_of_series(
    host: FakeHost, exchanges: list[tuple[str, str, int]]
) -> None:
    metrics.reset()
    host.metrics.clear()
    host.recorded.clear()
    backend = HttpMetrics(3)

    for tenant, method, code in exchanges:
        backend.report(exchange(tenant, method, code))

    assert sum(counts(host).values()) == len(exchanges)
    label = r"\{tenant=([^{},]+)"
    named = {m[1] for name in host.metric_names if (m := re.search(label, name))}
    assert len(named) <= 3 + 1


def test_errors_are_counted_by_code(host: FakeHost) -> None:
    backend = HttpMetrics(1)
    for code in (200, 399, 400, 404, 404, 599, 600, 999):
        backend.report(exchange(code=code))

    errors = {name: sum(v) for name, v in host.recorded.items() if "errors_total" in name}
    assert errors == {
        f"mixer2_http_errors_total{{tenant=acme,code={code}}}": count
        for code, count in [("400", 1), ("404", 2), ("599", 1), ("other", 2)]
    }
