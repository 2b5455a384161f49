"""DNS lookups, natively and as Wasm; those that need no server, in Envoy too."""

import pytest

from mixer2.testhost import Response, UnansweredError
from mixer2.testhost.plugin import Load

FILTER = "tests/pal/resolving.py"
SERVICE = {"service.test": ["10.0.0.1", "2001:db8::1"]}


@pytest.mark.parametrize("name", ["127.0.0.1", "::1", "2001:db8::1"])
def test_an_address_is_its_own_answer_at_once(load: Load, name: str) -> None:
    host = load(FILTER)
    assert host.get(f"/{name}").status == 200
    assert host.log_lines == [f"at {name}/0"]


def test_the_own_machine_is_known_at_once(load: Load) -> None:
    host = load(FILTER)
    assert host.get("/localhost").status == 200
    assert host.log_lines == ["at ::1/0"]


@pytest.mark.parametrize(("policy", "status"), [({}, 200), ({"refuse": True}, 503)])
def test_a_malformed_name_fails_at_once(load: Load, policy: dict[str, bool], status: int) -> None:
    assert load(FILTER, policy).get("/[::1]").status == status


def test_an_answer_lets_the_request_go_on(load: Load) -> None:
    host = load(FILTER, dns=SERVICE)
    assert host.get("/service.test").status == 200
    assert host.log_lines == ["at 10.0.0.1/0 2001:db8::1/0"]
    assert [lookup.name for lookup in host.dns_lookups] == ["service.test"]


def test_a_name_without_addresses(load: Load) -> None:
    assert load(FILTER, dns={}).get("/unknown.test").status == 404


def test_the_request_is_held_until_then(load: Load) -> None:
    host = load(FILTER, dns={"held.test": None})
    exchange = host.open("GET", "/held.test", upstream=None)
    assert exchange.request_is_held
    host.dns_lookups[0].answer(["10.0.0.2"], ttl=60)
    assert host.log_lines == ["at 10.0.0.2/60"]
    exchange.respond(Response(200))
    assert exchange.response.status == 200


def test_a_lookup_may_lead_to_another(load: Load) -> None:
    host = load(FILTER, dns={"first.test": ["10.0.0.9"], "again.test": ["10.0.0.3"]})
    assert host.get("/first.test").status == 200
    assert host.log_lines == ["at 10.0.0.3/0"]


@pytest.mark.parametrize(("policy", "status"), [({}, 200), ({"refuse": True}, 500)])
@pytest.mark.parametrize("name", ["10.6.6.6", "bad.test"])
def test_a_continuation_that_raises(
    load: Load, policy: dict[str, bool], status: int, name: str
) -> None:
    host = load(FILTER, policy, dns={"bad.test": ["10.6.6.6"]})
    assert host.get(f"/{name}").status == status
    assert "in on_resolved" in host.log_lines[0]


@pytest.mark.parametrize(("policy", "status"), [({}, 200), ({"refuse": True}, 503)])
def test_no_name_server(load: Load, policy: dict[str, bool], status: int) -> None:
    host = load(FILTER, policy, dns={"held.test": None})
    exchange = host.open("GET", "/held.test", upstream=None)
    host.dns_lookups[0].fail()
    if status == 200:
        exchange.respond(Response(200))
    assert exchange.response.status == status


def test_a_stream_that_ended_meanwhile(load: Load) -> None:
    host = load(FILTER, dns={"held.test": None})
    host.open("GET", "/held.test", upstream=None).disconnect()
    host.dns_lookups[0].answer(["10.0.0.2"])
    assert host.log_lines == []
    assert host.stats["mixer2_callouts_abandoned_total{plugin=resolving}"] == 1


def test_a_response_waits(load: Load) -> None:
    host = load(FILTER, {"in_responses": True}, dns=SERVICE)
    assert host.get("/response").headers["x-addresses"] == "2"


def test_a_lookup_is_used_once_at_a_time(load: Load) -> None:
    host = load(FILTER, dns={"held.test": None}, leak_check=False)
    assert host.get("/twice").status == 200
    assert "a callout is sent again only after its answer" in host.log_lines[0]
    host.dns_lookups[0].answer([])


def test_lookups_of_the_start_wait_for_the_first_tick(load: Load) -> None:
    host = load(FILTER, {"settings": ["service.test", "127.0.0.1", "[bad"]}, dns=SERVICE)
    assert host.dns_lookups == []
    host.advance(0.01)
    assert sorted(host.log_lines) == [
        "settings at 1: False",
        "settings at 2: False",
        "settings: failed",
    ]


def test_an_unanswered_lookup_fails_the_test(load: Load) -> None:
    host = load(FILTER, dns={"held.test": None})
    host.open("GET", "/held.test", upstream=None)
    with pytest.raises(UnansweredError, match=r"DnsLookup\(held.test, pending\)"):
        host.finish()
