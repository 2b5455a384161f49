"""Reports under the mixer's policies, natively and as Wasm."""

from collections.abc import Mapping

from mixer2.testhost import Host, Response
from mixer2.testhost.plugin import Load

FILTER = "tests/adapters/mixer/remote.py"
# Records that wait for their batch are objects that are held on purpose.
HOARDING = {"leak_check": False}


def configuration(handler: Mapping[str, object], **rule: object) -> dict[str, object]:
    return {"handlers": {"lines": handler}, "rules": [{"report": "lines", **rule}]}


def exported(host: Host) -> list[str]:
    return [callout.request.body.decode() for callout in host.http_callouts]


def count(host: Host, what: str, handler: str = "lines") -> int:
    return host.stats[f"mixer2_report_{what}_total{{handler={handler}}}"]


def stays(host: Host) -> bool:
    """Whether a plugin that was asked to go is still there."""
    return host.workers[0].root.done_pending


def test_a_full_batch_goes_at_once(load: Load) -> None:
    config = configuration({"collector": {}, "buffer": {"size": 3}})
    host = load(FILTER, config, clusters={"collector": Response(200)})

    for number in range(7):
        host.get(f"/{number}", {"x-user": "bob"})

    assert exported(host) == [
        "bob /0 200\nbob /1 200\nbob /2 200\n",
        "bob /3 200\nbob /4 200\nbob /5 200\n",
    ]
    assert count(host, "calls") == 2
    host.advance(1.0)
    assert exported(host)[2:] == ["bob /6 200\n"]


def test_a_batch_goes_when_its_time_is_over(load: Load) -> None:
    config = configuration({"collector": {}, "buffer": {"interval": "200ms"}})
    host = load(FILTER, config, clusters={"collector": Response(200)}, **HOARDING)

    host.get("/a", upstream=Response(503))
    host.advance(0.1)
    assert exported(host) == []
    host.get("/b")
    host.advance(0.11)

    assert exported(host) == [" /a 503\n /b 200\n"]
    assert host.upstream_requests[0].headers["x-begun"] == "yes"


def test_a_batch_that_failed_comes_again_and_is_dropped_at_last(load: Load) -> None:
    handler = {"collector": {}, "buffer": {"size": 2, "interval": "100ms", "attempts": 2}}
    host = load(FILTER, configuration(handler), clusters={"collector": Response(503)}, **HOARDING)

    host.get("/a")
    host.get("/b")
    host.advance(0.25)

    assert exported(host) == [" /a 200\n /b 200\n"] * 2
    assert (count(host, "errors"), count(host, "dropped")) == (2, 2)
    assert host.log_lines[0] == "handler lines: not exported: status 503"


def test_what_must_arrive_is_sent_until_it_does(load: Load) -> None:
    answers = [Response(503)] * 5 + [Response(200)]
    handler = {
        "collector": {"at_least_once": True},
        "buffer": {"size": 1, "interval": "10ms", "attempts": 1},
    }
    host = load(
        FILTER, configuration(handler), clusters={"collector": lambda _: answers.pop(0)}, **HOARDING
    )

    host.get("/a")
    host.get("/b")
    answers.append(Response(200))
    host.advance(5.0)

    assert exported(host) == [" /a 200\n"] * 6 + [" /b 200\n"]
    assert count(host, "dropped") == 0


def test_an_outage_drops_what_is_beyond_the_limit_and_traffic_flows(load: Load) -> None:
    handler = {"collector": {}, "buffer": {"size": 2, "limit": 5, "interval": "1h"}}
    host = load(FILTER, configuration(handler), clusters={"collector": None}, **HOARDING)

    assert [host.get("/").status for _ in range(20)] == [200] * 20

    assert count(host, "dropped") == 15
    assert len(host.http_callouts) == 1
    host.http_callouts[0].respond(Response(200))
    host.advance(0.1)
    host.http_callouts[1].respond(Response(200))
    host.advance(0.1)


def test_a_slow_receiver_times_out(load: Load) -> None:
    handler = {"collector": {}, "buffer": {"size": 1, "attempts": 1, "interval": "1h"}}
    host = load(FILTER, configuration(handler), clusters={"collector": None}, **HOARDING)

    host.get("/")
    host.advance(0.3)

    assert (count(host, "errors"), count(host, "dropped")) == (1, 1)
    assert host.samples["mixer2_report_latency_ms{handler=lines}"] == [200]


def test_a_record_that_raises_is_counted(load: Load) -> None:
    host = load(FILTER, configuration({"collector": {}}), strict=False)

    assert host.get("/", {"x-user": "raise"}).status == 200

    assert count(host, "errors") == 1
    assert "ValueError: in record" in host.log_lines[0]


def test_an_injected_failure_fails_the_export(load: Load) -> None:
    handler = {
        "collector": {},
        "buffer": {"size": 1, "attempts": 1, "interval": "1h"},
        "fault": {"probability": 1, "fail": True},
    }
    host = load(FILTER, configuration(handler), clusters={"collector": Response(200)})

    host.get("/")

    assert host.http_callouts == []
    assert (count(host, "errors"), count(host, "dropped")) == (1, 1)
    assert host.stats["mixer2_faults_total{handler=lines}"] == 1


def test_an_injected_delay_holds_the_export(load: Load) -> None:
    handler = {
        "collector": {},
        "buffer": {"size": 1},
        "fault": {"probability": 1, "delay": "50ms"},
    }
    host = load(FILTER, configuration(handler), clusters={"collector": Response(200)}, **HOARDING)

    host.get("/")
    assert host.http_callouts == []
    host.advance(0.06)

    assert exported(host) == [" / 200\n"]


def test_rules_choose_what_is_reported_and_with_which_values(load: Load) -> None:
    config = {
        "attributes": [
            {"name": "tenant", "header": "x-tenant", "default": "none"},
            {"name": "api", "path_template": ["/users/{id}", "/files/{rest=**}"]},
        ],
        "handlers": {"seen": {"counter": {"metric": "seen_total"}}},
        "instances": {"by_api": {"api": "api", "code": "response.code"}},
        "rules": [
            {"report": "seen", "instance": "by_api", "when": "has(api)"},
            {"report": "seen", "with": {"tenant": "tenant"}, "when": "response.code >= 500"},
        ],
    }
    host = load(FILTER, config)

    host.get("/users/17?x=1")
    host.get("/users/17/", {"x-tenant": "acme"}, upstream=Response(500))
    host.get("/files/a/b", upstream=Response(503))
    host.get("/other")

    seen = {name: n for name, n in host.stats.items() if name.startswith("seen_total")}
    assert seen == {
        "seen_total{api=/users/%7Bid%7D,code=200}": 1,
        "seen_total{api=/files/%7Brest=**%7D,code=503}": 1,
        "seen_total{tenant=acme}": 1,
        "seen_total{tenant=none}": 1,
    }


def test_one_rule_may_tell_several(load: Load) -> None:
    config = {
        "handlers": {"a": {"counter": {"metric": "a"}}, "b": {"counter": {"metric": "b"}}},
        "rules": [{"report": ["a", "b"], "with": {"m": "request.method"}, "sample": 1}],
    }
    host = load(FILTER, config)

    host.get("/")

    assert (host.stats["a{m=GET}"], host.stats["b{m=GET}"]) == (1, 1)
    assert count(host, "calls", "a") == 1


def test_an_error_of_an_expression_is_counted_and_matches_nothing(load: Load) -> None:
    config = {
        "handlers": {"a": {"counter": {"metric": "a"}}},
        "rules": [
            {"report": "a", "when": "int(request.headers['n']) > 1"},
            {"report": "a", "with": {"n": "string(1 / int(request.headers['n']))"}},
        ],
    }
    host = load(FILTER, config)

    host.get("/", {"n": "x"})
    host.get("/")

    assert host.stats["mixer2_expression_errors_total{handler=a}"] == 2
    assert host.stats["a{n=none}"] == 2


def test_what_waits_is_sent_when_the_configuration_goes(load: Load) -> None:
    config = configuration({"collector": {}, "buffer": {"size": 2, "interval": "1h"}})
    host = load(FILTER, config, clusters={"collector": None}, **HOARDING)
    for path in ("/a", "/b", "/c"):
        host.get(path)
    host.http_callouts[0].respond(Response(200))
    host.advance(0)

    host.proxy.end_root(host.workers[0].root)
    assert exported(host) == [" /a 200\n /b 200\n", " /c 200\n"]
    assert stays(host)
    host.http_callouts[1].respond(Response(200))
    host.advance(0)

    assert not stays(host)


def test_the_end_does_not_wait_for_what_cannot_be_delivered(load: Load) -> None:
    config = configuration({"collector": {}, "buffer": {"size": 1, "interval": "1h"}})
    host = load(FILTER, config, clusters={"collector": None}, **HOARDING)
    host.get("/a")
    host.get("/b")

    host.proxy.end_root(host.workers[0].root)
    assert stays(host)
    host.advance(1.0)

    assert not stays(host)
    assert count(host, "dropped") == 2


def test_with_nothing_to_send_the_configuration_goes_at_once(load: Load) -> None:
    host = load(FILTER, configuration({"collector": {}}))

    host.proxy.end_root(host.workers[0].root)

    assert not stays(host)
