"""The kind `metrics`, natively and as Wasm."""

from mixer2.testhost import Host, Response
from mixer2.testhost.plugin import Load

FILTER = "tests/adapters/backend/reporting.py"


def counting(load: Load, *names: str, **settings: object) -> Host:
    configuration = {"kind": "metrics", "settings": settings, "names": names}
    return load(FILTER, configuration)


def test_exchanges_by_labels(load: Load) -> None:
    host = counting(load, "tenant", "route")
    for code in (200, 204, 404, 503, 503):
        host.get("/", {"tenant": "acme", "route": "/a"}, upstream=Response(code))
    requests = "mixer2_http_requests_total{tenant=acme,route=/a,method=GET,code_class="
    errors = "mixer2_http_errors_total{tenant=acme,route=/a,code="
    found = {name: count for name, count in host.stats.items() if name.startswith("mixer2_http")}
    assert found == {
        f"{requests}2xx}}": 2,
        f"{requests}4xx}}": 1,
        f"{requests}5xx}}": 2,
        f"{errors}404}}": 1,
        f"{errors}503}}": 2,
    }
    durations = host.samples["mixer2_http_request_duration_ms{tenant=acme,route=/a}"]
    assert len(durations) == 5


def test_without_values_there_is_one_series(load: Load) -> None:
    host = counting(load)
    host.get("/")
    assert host.stats["mixer2_http_requests_total{method=GET,code_class=2xx}"] == 1
    assert len(host.samples["mixer2_http_request_duration_ms"]) == 1


def test_sizes_are_measured_on_demand(load: Load) -> None:
    host = counting(load, sizes=True)
    host.post("/", b"x" * 100, upstream=Response(200, {}, b"y" * 1000))
    assert host.samples["mixer2_http_request_bytes"][0] >= 100
    assert host.samples["mixer2_http_response_bytes"][0] >= 1000
    assert "mixer2_http_request_bytes" not in counting(load).samples


def test_values_beyond_the_bound_are_other(load: Load) -> None:
    host = counting(load, "user", max_series=3)
    for number in range(20):
        host.get("/", {"user": f"u{number}"})
    series = {name for name in host.stats if name.startswith("mixer2_http_requests_total")}
    assert len(series) == 4
    assert host.stats["mixer2_http_requests_total{user=other,method=GET,code_class=2xx}"] == 17


def test_long_values_are_kept_as_far_as_they_are_shown(load: Load) -> None:
    host = counting(load, "user", max_series=1)
    for end in "ab":
        host.get("/", {"user": "u" * 1000 + end})
    name = "mixer2_http_requests_total{user=" + "u" * 64 + ",method=GET,code_class=2xx}"
    assert host.stats[name] == 2
