"""Every exchange is counted once, whatever becomes of it, and the proxy is asked little."""

import re
import struct

import pytest

from adapters.backend.series import DURATION_MS, ERRORS, REQUEST_BYTES, REQUESTS, RESPONSE_BYTES
from filters import http_telemetry
from filters.http_telemetry import HttpTelemetry, HttpTelemetryPlugin
from mixer2.testhost import ConfigurationRefusedError, Host, Response
from mixer2.testhost.plugin import Load
from mixer2.testhost.trace import HostCalled
from tests.pal.fake_host import FakeHost

FILTER = "filters/http_telemetry.py"

pytestmark = pytest.mark.cpython


def counts(host: Host) -> dict[str, int]:
    """Requests counted, by `tenant method code_class`."""
    pattern = REQUESTS + r"\{tenant=(.*),method=(.*),code_class=(.*)\}"
    found = ((re.fullmatch(pattern, name), count) for name, count in host.stats.items())
    return {" ".join(match.groups()): count for match, count in found if match}


def host_calls(host: Host, start: int) -> list[str]:
    crossings = host.transcript.crossings[start:]
    return [crossing.name for crossing in crossings if isinstance(crossing, HostCalled)]


def test_requests_are_counted_by_tenant_method_and_outcome(load: Load) -> None:
    host = load(FILTER)

    for _ in range(3):
        host.get("/", headers={"x-tenant": "acme"})
    host.get("/", headers={"x-tenant": "acme"}, upstream=Response(404))
    host.post("/", body=b"data", headers={"X-Tenant": "globex"}, upstream=Response(503))
    host.request("PROPFIND", "/", headers={"x-tenant": "globex"}, upstream=Response(301))
    host.get("/")

    assert counts(host) == {
        "acme GET 2xx": 3,
        "acme GET 4xx": 1,
        "globex POST 5xx": 1,
        "globex OTHER 3xx": 1,
        "unknown GET 2xx": 1,
    }


def test_durations_are_those_of_the_clock(load: Load) -> None:
    host = load(FILTER)

    exchange = host.open("GET", "/", headers={"x-tenant": "acme"})
    host.advance(0.25)
    exchange.respond(Response(200))

    assert host.samples == {f"{DURATION_MS}{{tenant=acme}}": [250]}


def test_a_body_and_trailers_count_once(load: Load) -> None:
    host = load(FILTER)

    host.request(
        "POST",
        headers={"x-tenant": "acme"},
        body=[b"a", b"b", b"c"],
        trailers={"x-checksum": "1"},
        upstream=Response(200, body=[b"d", b"e"], trailers={"grpc-status": "0"}),
    )

    assert counts(host) == {"acme POST 2xx": 1}


def test_a_client_that_leaves_is_counted_without_a_response(load: Load) -> None:
    host = load(FILTER)

    host.open("GET", "/", headers={"x-tenant": "acme"}).disconnect()

    assert counts(host) == {"acme GET none": 1}
    assert host.log == []


def test_a_client_that_leaves_during_the_response_is_counted_by_its_status(load: Load) -> None:
    host = load(FILTER)

    exchange = host.open("GET", "/", headers={"x-tenant": "acme"})
    exchange.respond_headers(Response(200).headers, end_of_stream=False)
    exchange.disconnect()

    assert counts(host) == {"acme GET 2xx": 1}


def test_exchanges_in_flight_together_are_kept_apart(load: Load) -> None:
    host = load(FILTER)

    exchanges = [host.open("GET", "/", headers={"x-tenant": f"t{n}"}) for n in range(4)]
    for number, exchange in reversed(list(enumerate(exchanges))):
        exchange.respond(Response(200 + 100 * number))

    assert counts(host) == {"t0 GET 2xx": 1, "t1 GET 3xx": 1, "t2 GET 4xx": 1, "t3 GET 5xx": 1}


def test_the_response_names_plugin_and_version(load: Load) -> None:
    host = load(FILTER, name="edge-telemetry")

    response = host.get("/", upstream=Response(200, {"x-mixer2": "from upstream"}))

    signature = f"edge-telemetry/{http_telemetry.VERSION}"
    assert response.headers.get_all("x-mixer2") == [signature]


def test_without_a_name_the_filters_own_is_given(load: Load) -> None:
    host = load(FILTER, name="")

    assert host.get("/").headers["x-mixer2"] == f"http_telemetry/{http_telemetry.VERSION}"


def test_headers_are_configurable(load: Load) -> None:
    configuration = {"tenant_header": "X-Org", "response_header": "X-Counted-By"}
    host = load(FILTER, configuration)

    response = host.get("/", headers={"x-org": "acme", "x-tenant": "not this one"})

    assert response.headers["x-counted-by"].startswith("http_telemetry/")
    assert "x-mixer2" not in response.headers
    assert counts(host) == {"acme GET 2xx": 1}


def test_a_million_tenants_do_not_make_a_million_metrics(load: Load) -> None:
    host = load(FILTER, {"max_tenants": 5})

    for number in range(200):
        host.get("/", headers={"x-tenant": f"t{number}"})
    host.get("/", headers={"x-tenant": "t0"})

    assert counts(host) == {
        "t0 GET 2xx": 2,
        "t1 GET 2xx": 1,
        "t2 GET 2xx": 1,
        "t3 GET 2xx": 1,
        "t4 GET 2xx": 1,
        "other GET 2xx": 195,
    }


@pytest.mark.parametrize(
    ("tenant", "label"),
    [
        ("a{b},c", "a%7Bb%7D%2Cc"),
        ("naïve", "naïve"),
        (b"caf\xe9".decode("utf-8", "surrogateescape"), "caf%E9"),
        ("x" * 500, "x" * 64),
    ],
)
def test_what_clients_send_cannot_break_a_stat_name(load: Load, tenant: str, label: str) -> None:
    host = load(FILTER)

    host.get("/", headers={"x-tenant": tenant})

    assert counts(host) == {f"{label} GET 2xx": 1}


def test_sizes_are_measured_when_asked_for(load: Load) -> None:
    host = load(
        FILTER,
        {"sizes": True},
        attributes={"request.total_size": 300, "response.total_size": 2_000},
    )

    host.get("/", headers={"x-tenant": "acme"})

    assert host.samples[f"{REQUEST_BYTES}{{tenant=acme}}"] == [300]
    assert host.samples[f"{RESPONSE_BYTES}{{tenant=acme}}"] == [2_000]


def test_a_request_costs_seven_host_calls_of_which_two_return_bytes(load: Load) -> None:
    host = load(FILTER)
    host.get("/", headers={"x-tenant": "acme"})
    start = len(host.transcript.crossings)

    host.get("/", headers={"x-tenant": "acme"})

    assert host_calls(host, start) == [
        "proxy_get_current_time_nanoseconds",
        "proxy_get_header_map_pairs",
        "proxy_replace_header_map_value",
        "proxy_get_header_map_value",
        "proxy_get_current_time_nanoseconds",
        "proxy_increment_metric",
        "proxy_record_metric",
    ]


@pytest.mark.parametrize(
    ("configuration", "reason"),
    [
        ("[]", "expected an object, got a list"),
        (
            "{",
            "not JSON: line 1 column 2: expected a name in double quotes",
        ),
        ({"max_tenants": "100"}, "max_tenants: expected an integer, got a string"),
        ({"max_tenants": 0}, "max_tenants: expected at least 1, got 0"),
        ({"max_tenants": 10_001}, "max_tenants: expected at most 10000, got 10001"),
        ({"tenant_header": "x tenant"}, "tenant_header: not a header name: x tenant"),
        ({"response_header": ""}, "response_header: expected a header name, got the empty string"),
        ({"response_header": 7}, "response_header: expected a string, got an integer"),
        ({"sizes": "yes"}, "sizes: expected true or false, got a string"),
        (
            {"tenant": "x-org"},
            "tenant: unknown field; there are tenant_header, response_header, sizes, max_tenants",
        ),
    ],
)
def test_a_wrong_configuration_is_refused_with_the_reason(
    load: Load, configuration: object, reason: str
) -> None:
    with pytest.raises(ConfigurationRefusedError) as refused:
        load(FILTER, configuration)

    assert str(refused.value).endswith(f"configuration refused: {reason}")


def test_an_exchange_that_only_ends_here_counts_too(fake_host: FakeHost) -> None:
    """Answered by an earlier filter: no callback comes but `on_log`."""
    fake_host.log_phase = True
    fake_host.maps = {0: [(":method", "GET"), ("x-tenant", "acme")], 2: [(":status", "429")]}
    fake_host.attributes["request.time"] = struct.pack("<q", fake_host.now_ns - 7_000_000)
    plugin = HttpTelemetryPlugin()
    assert plugin.on_configure()

    HttpTelemetry(plugin).on_log()

    assert fake_host.recorded == {
        REQUESTS + "{tenant=acme,method=GET,code_class=4xx}": [1],
        ERRORS + "{tenant=acme,code=429}": [1],
        DURATION_MS + "{tenant=acme}": [7],
    }


def test_an_exchange_without_a_request_counts_too(fake_host: FakeHost) -> None:
    """The client sent what is no HTTP; the proxy answered by itself."""
    fake_host.log_phase = True
    fake_host.maps = {2: [(":status", "400")]}
    plugin = HttpTelemetryPlugin()
    assert plugin.on_configure()

    HttpTelemetry(plugin).on_log()

    assert fake_host.count(REQUESTS + "{tenant=unknown,method=OTHER,code_class=4xx}") == 1
