"""Checks under the mixer's policies, natively and as Wasm."""

from collections import Counter
from collections.abc import Callable

import pytest

from mixer2.testhost import Host, Request, Response
from mixer2.testhost.plugin import Load

FILTER = "tests/adapters/mixer/remote.py"
Answer = Callable[[Request], Response]


def configuration(**rule: object) -> dict[str, object]:
    handler: dict[str, object] = {"remote": {}, **rule.pop("handler", {})}  # type: ignore[dict-item]
    return {"handlers": {"auth": handler}, "rules": [{"check": "auth", **rule}]}


def saying(status: int = 200, valid_ms: int = 0, valid_uses: int = 0) -> Response:
    headers = {"valid-ms": str(valid_ms), "valid-uses": str(valid_uses)}
    return Response(status, headers, b"" if status == 200 else b"no")


def count(host: Host, what: str, handler: str = "auth") -> int:
    return host.stats[f"mixer2_check_{what}_total{{handler={handler}}}"]


def test_a_verdict_lets_pass_and_marks(load: Load) -> None:
    host = load(FILTER, configuration(), clusters={"auth": saying(200)})

    response = host.get("/", {"x-user": "bob"})

    assert (response.status, response.headers["x-verdict"]) == (200, "200")
    assert host.upstream_requests[0].headers["x-consumer"] == "known"
    assert host.http_callouts[0].request.path == "/1/bob"
    assert host.http_callouts[0].timeout == 500
    assert (count(host, "calls"), count(host, "allowed")) == (1, 1)


def test_a_verdict_denies_with_its_own_answer(load: Load) -> None:
    host = load(FILTER, configuration(), clusters={"auth": saying(403)})

    response = host.get("/", {"x-user": "eve"})

    assert (response.status, response.body, response.headers["x-verdict"]) == (403, b"no", "403")
    assert host.upstream_requests == []
    assert (count(host, "denied"), count(host, "allowed")) == (1, 0)


def test_a_kept_verdict_costs_one_call_per_time_to_live(load: Load) -> None:
    host = load(FILTER, configuration(), clusters={"auth": saying(200, valid_ms=1000)})

    for _ in range(2):
        for _ in range(500):
            assert host.get("/", {"x-user": "bob"}).status == 200
        host.advance(1.0)
    host.get("/", {"x-user": "alice"})

    paths = [callout.request.path for callout in host.http_callouts]
    assert paths == ["/1/bob", "/1/bob", "/1/alice"]
    assert (count(host, "hits"), count(host, "allowed")) == (998, 1001)


def test_a_kept_refusal_denies_without_a_call(load: Load) -> None:
    host = load(FILTER, configuration(), clusters={"auth": saying(429, valid_ms=1000)})

    assert [host.get("/", {"x-user": "bob"}).status for _ in range(5)] == [429] * 5
    assert (count(host, "calls"), count(host, "denied")) == (1, 5)


def test_a_verdict_is_used_as_often_as_it_says(load: Load) -> None:
    host = load(FILTER, configuration(), clusters={"auth": saying(200, 60_000, valid_uses=4)})

    for _ in range(10):
        host.get("/", {"x-user": "bob"})

    assert count(host, "calls") == 3


def test_the_cache_is_bounded(load: Load) -> None:
    config = configuration(handler={"cache": 2})
    host = load(FILTER, config, clusters={"auth": saying(200, valid_ms=60_000)})

    for user in ("a", "b", "c", "c", "b", "a"):
        host.get("/", {"x-user": user})

    assert [callout.request.path for callout in host.http_callouts] == [
        "/1/a",
        "/1/b",
        "/1/c",
        "/1/a",
    ]


def test_values_of_different_fields_are_different_keys(load: Load) -> None:
    values = {"user": "request.headers['a']", "more": "request.headers['b']"}
    host = load(
        FILTER,
        configuration(**{"with": values}),
        clusters={"auth": saying(200, valid_ms=60_000)},
    )

    host.get("/", {"a": "xy", "b": "z"})
    host.get("/", {"a": "x", "b": "yz"})

    assert count(host, "calls") == 2


def test_requests_of_one_key_share_one_call(load: Load) -> None:
    host = load(FILTER, configuration(), clusters={"auth": None})

    exchanges = [host.open("GET", "/", {"x-user": "bob"}) for _ in range(3)]
    assert [exchange.request_is_held for exchange in exchanges] == [True] * 3
    (callout,) = host.http_callouts
    callout.respond(saying(200, valid_ms=1000))
    host.advance(0)

    assert [exchange.request_is_held for exchange in exchanges] == [False] * 3
    for exchange in exchanges:
        exchange.respond(Response(200))
    assert (count(host, "calls"), count(host, "hits"), count(host, "allowed")) == (1, 2, 3)


def test_an_answer_that_is_good_once_is_not_shared(load: Load) -> None:
    host = load(FILTER, configuration(), clusters={"auth": None})

    exchanges = [host.open("GET", "/", {"x-user": "bob"}) for _ in range(3)]
    host.http_callouts[0].respond(saying(200))
    host.advance(0)
    for callout in host.http_callouts[1:]:
        callout.respond(saying(200))
    host.advance(0)
    # From now on nobody waits for the answer of another.
    more = [host.open("GET", "/", {"x-user": "bob"}) for _ in range(2)]
    for callout in host.http_callouts[3:]:
        callout.respond(saying(200))
    host.advance(0)

    for exchange in exchanges + more:
        exchange.respond(Response(200))
    assert (count(host, "calls"), count(host, "allowed")) == (5, 5)


def test_who_leaves_while_waiting_does_not_keep_others_waiting(load: Load) -> None:
    host = load(FILTER, configuration(), clusters={"auth": None})

    first = host.open("GET", "/", {"x-user": "bob"})
    second = host.open("GET", "/", {"x-user": "bob"})
    first.disconnect()
    host.http_callouts[0].respond(saying(200, valid_ms=1000))
    host.advance(0)

    second.respond(Response(200))
    assert second.response.status == 200


def test_the_next_check_follows_the_answer_of_the_first(load: Load) -> None:
    config = {
        "handlers": {"auth": {"remote": {}}, "closed": {"fixed": {"status": 410}}},
        "rules": [{"check": "auth"}, {"check": "closed", "when": "request.method == 'PUT'"}],
    }
    host = load(FILTER, config, clusters={"auth": saying(200)})

    assert host.request("PUT", "/", {"x-user": "bob"}).status == 410
    assert host.get("/", {"x-user": "bob"}).status == 200
    assert len(host.http_callouts) == 2


@pytest.mark.parametrize(("on_failure", "status"), [("open", 200), ("closed", 503)])
def test_without_a_verdict_the_failure_policy_decides(
    load: Load, on_failure: str, status: int
) -> None:
    config = configuration(handler={"on_failure": on_failure, "timeout": "100ms"})
    host = load(FILTER, config, clusters={"auth": None}, strict=False)

    assert host.get("/", {"x-user": "refuse"}).status == status
    assert host.get("/", {"x-user": "raise"}).status == status
    exchange = host.open("GET", "/", {"x-user": "slow"}, upstream=Response(200))
    assert host.http_callouts[0].timeout == 100
    host.advance(0.1)
    assert exchange.response.status == status
    exchange = host.open("GET", "/", {"x-user": "broken"}, upstream=Response(200))
    host.http_callouts[1].respond(Response(500))
    host.advance(0)
    assert exchange.response.status == status

    assert count(host, "errors") == 4
    assert host.log_lines[0] == "handler auth: no verdict: no such user"
    assert "ValueError: in check" in host.log_lines[1]
    assert host.samples["mixer2_check_latency_ms{handler=auth}"] == [100, 0]


def test_a_cluster_that_is_not_there_is_a_failure(load: Load) -> None:
    host = load(FILTER, configuration(handler={"on_failure": "open"}))

    assert host.get("/", {"x-user": "bob"}).status == 200
    assert count(host, "errors") == 1


def test_a_dry_run_enforces_nothing_and_holds_nothing(load: Load) -> None:
    # Nobody answers what the leak check would ask.
    config = configuration(dry_run=True, name="try")
    host = load(FILTER, config, clusters={"auth": None}, leak_check=False)

    exchange = host.open("GET", "/", {"x-user": "bob"}, upstream=Response(200))
    assert not exchange.request_is_held
    assert exchange.response.status == 200
    host.http_callouts[0].respond(saying(403))
    host.advance(0)

    assert (count(host, "would_deny"), count(host, "denied")) == (1, 0)
    assert host.log_lines == ["dry run: try would deny with 403 said_auth"]
    assert "x-consumer" not in host.upstream_requests[0].headers


def test_a_rule_is_for_what_it_matches(load: Load) -> None:
    host = load(
        FILTER,
        configuration(when="request.headers['x-user'] == 'eve'"),
        clusters={"auth": saying(403)},
    )

    assert host.get("/", {"x-user": "bob"}).status == 200
    assert host.get("/").status == 200
    assert host.get("/", {"x-user": "eve"}).status == 403


def test_a_rule_that_is_not_enabled_is_only_read(load: Load) -> None:
    host = load(FILTER, configuration(enabled=False), clusters={"auth": saying(403)})

    assert host.get("/", {"x-user": "bob"}).status == 200
    assert host.http_callouts == []


def test_sampling_leaves_requests_out(load: Load) -> None:
    host = load(FILTER, configuration(sample=0.25), clusters={"auth": saying(403)})

    statuses = [host.get("/", {"x-user": "bob"}).status for _ in range(400)]

    assert 60 <= statuses.count(403) <= 140
    assert host.stats["mixer2_sampled_out_total{handler=auth}"] == statuses.count(200)


def test_an_injected_failure_does_not_reach_the_backend(load: Load) -> None:
    handler = {"fault": {"probability": 0.5, "fail": True}, "on_failure": "closed"}
    host = load(FILTER, configuration(handler=handler), clusters={"auth": saying(200)})

    statuses = [host.get("/", {"x-user": "bob"}).status for _ in range(100)]

    struck = statuses.count(503)
    assert 20 <= struck <= 80
    assert host.stats["mixer2_faults_total{handler=auth}"] == struck
    assert count(host, "errors") == struck
    assert count(host, "calls") == 100 - struck


@pytest.mark.parametrize(("fail", "status"), [(False, 200), (True, 503)])
def test_an_injected_delay_comes_before_the_call(load: Load, fail: bool, status: int) -> None:
    handler = {"fault": {"probability": 1, "delay": "300ms", "fail": fail}}
    host = load(FILTER, configuration(handler=handler), clusters={"auth": saying(200)})

    exchange = host.open("GET", "/", {"x-user": "bob"}, upstream=Response(200))
    host.advance(0.2)
    assert exchange.request_is_held
    host.advance(0.2)

    assert exchange.response.status == status
    assert len(host.http_callouts) == (0 if fail else 1)


def test_prefetch_asks_for_many_and_ahead(load: Load) -> None:
    config = configuration(handler={"prefetch": 200})
    host = load(FILTER, config, clusters={"auth": saying(200, 60_000, valid_uses=200)})

    for _ in range(2_000):
        assert host.get("/", {"x-user": "bob"}).status == 200

    assert host.http_callouts[0].request.path == "/200/bob"
    # One per cent of the requests is the most that it may cost; here it is half of that.
    assert count(host, "calls") <= 12


def test_prefetched_uses_end_with_the_quota(load: Load) -> None:
    granted: list[int] = []

    def quota(request: Request) -> Response:
        if sum(granted) >= 1000:
            return saying(429, valid_ms=60_000)
        granted.append(int(request.path.split("/")[1]))
        return saying(200, 60_000, granted[-1])

    host = load(FILTER, configuration(handler={"prefetch": 100}), clusters={"auth": quota})

    statuses = [host.get("/", {"x-user": "bob"}).status for _ in range(2000)]

    assert statuses == [200] * 1000 + [429] * 1000
    assert count(host, "calls") == 11


def test_prefetch_at_ten_thousand_requests_a_second_of_one_key(load: Load) -> None:
    """A request each 100 us, and a service that takes 5 ms: 1 % of calls, 2 % over the quota."""
    requests, quota, answer_after = 10_000, 6_000, 50
    config = configuration(handler={"prefetch": 500})
    host = load(FILTER, config, clusters={"auth": None}, leak_check=False)
    spent = 0
    due: dict[int, int] = {}
    found: Counter[int] = Counter()
    for number in range(requests + answer_after):
        if number < requests:
            host.open("GET", "/", {"x-user": "bob"}, upstream=Response(200))
        host.advance(0.0001)
        for index, callout in enumerate(host.http_callouts):
            if due.setdefault(index, number + answer_after) == number:
                wanted = int(callout.request.path.split("/")[1])
                granted = min(wanted, quota - spent)
                spent += granted
                denied, allowed = saying(429, valid_ms=60_000), saying(200, 60_000, granted)
                callout.answer(allowed if granted else denied)
        found.update(exchange.response.status for exchange in host.exchanges if exchange.is_over)
        host.forget()

    assert found.total() == requests
    assert set(found) == {200, 429}
    assert found[200] <= quota * 1.02
    assert found[200] >= quota * 0.98
    assert len(host.http_callouts) <= requests / 100
