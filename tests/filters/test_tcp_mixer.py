"""The mixer for TCP: who may connect, and what is told of connections."""

import json
from typing import Any

import pytest
from envoy.service.ratelimit.v3 import rls_pb2

from adapters.backend.tcp_metrics import CONNECTIONS, DURATION_MS, RECEIVED_BYTES, SENT_BYTES
from mixer2.testhost import ConfigurationRefusedError, Host, Response
from mixer2.testhost.plugin import Load
from mixer2.testhost.properties import AttributePath, AttributeValue

FILTER = "filters/tcp_mixer.py"
NETWORK = {"name": "network", "cidr": {"office": ["10.0.0.0/8", "2001:db8::/32"]}, "default": "out"}
CLOSED = {"handlers": {"closed": {"fixed": {}}}, "attributes": [NETWORK]}
DENY = [{"check": "closed", "when": "network == 'out'"}]
INSIDE: dict[AttributePath, AttributeValue] = {"source.address": "10.1.2.3:4000"}


def denied(host: Host, handler: str) -> int:
    return host.stats.get(f"mixer2_check_denied_total{{handler={handler}}}", 0)


@pytest.mark.simulated("addresses of clients are made up")
@pytest.mark.parametrize(
    ("source", "passes"),
    [
        ("10.1.2.3:4000", True),
        ("192.0.2.1:4000", False),
        ("[2001:db8::1]:4000", True),
        ("[::1]:4000", False),
        ("[::ffff:10.1.2.3]:4000", True),
    ],
)
def test_a_deny_rule_at_connect(load: Load, source: str, passes: bool) -> None:
    host = load(FILTER, {**CLOSED, "rules": DENY})
    connection = host.connect(attributes={"source.address": source})
    connection.send(b"hello")

    assert connection.is_over is not passes
    assert connection.upstream_received == (b"hello" if passes else b"")
    assert denied(host, "closed") == (0 if passes else 1)


def test_everybody_is_kept_out(load: Load) -> None:
    host = load(FILTER, {"handlers": {"closed": {"fixed": {}}}, "rules": [{"check": "closed"}]})
    connection = host.connect()
    assert connection.is_over
    assert connection.upstream_received == b""
    assert denied(host, "closed") == 1


def test_a_dry_run_keeps_nobody_out(load: Load) -> None:
    rules = [{"check": "closed", "dry_run": True}]
    host = load(FILTER, {"handlers": {"closed": {"fixed": {}}}, "rules": rules})
    connection = host.connect()
    connection.send(b"hello")
    assert connection.upstream_received == b"hello"
    assert host.stats["mixer2_check_would_deny_total{handler=closed}"] == 1


@pytest.mark.simulated("addresses of clients are made up")
def test_connections_per_address_are_limited(load: Load) -> None:
    limit = {"rate_limit": {"requests": 2, "per": "1s"}}
    rules = [{"check": "limit", "with": {"client": "source.ip"}}]
    host = load(FILTER, {"handlers": {"limit": limit}, "rules": rules})
    others: dict[AttributePath, AttributeValue] = {"source.address": "10.1.2.4:4000"}

    assert [host.connect(attributes=INSIDE).is_over for _ in range(3)] == [False, False, True]
    assert not host.connect(attributes=others).is_over
    host.advance(1)
    assert not host.connect(attributes=INSIDE).is_over


@pytest.mark.parametrize("allowed", [True, False])
def test_a_connection_waits_for_a_service(load: Load, allowed: bool) -> None:
    code = rls_pb2.RateLimitResponse.OK if allowed else rls_pb2.RateLimitResponse.OVER_LIMIT
    settings = {"cluster": "quota", "domain": "edge"}
    configuration = {
        "handlers": {"limit": {"global_rate_limit": settings, "timeout": "1s"}},
        "rules": [{"check": "limit", "with": {"port": "destination.port"}}],
    }
    host = load(FILTER, configuration, grpc_services={"quota": None})
    connection = host.connect()
    connection.send(b"hello")
    assert connection.upstream_received == b""
    assert connection.is_held

    answer: bytes = rls_pb2.RateLimitResponse(overall_code=code).SerializeToString()
    host.grpc_calls[0].answer(answer)
    assert connection.is_over is not allowed
    assert connection.upstream_received == (b"hello" if allowed else b"")


@pytest.mark.simulated("addresses of clients are made up")
def test_clients_of_a_subnet_are_limited_together(load: Load) -> None:
    configuration = {
        "attributes": [{"name": "client", "subnet": {}}],
        "handlers": {"limit": {"rate_limit": {"requests": 2, "per": "1m"}}},
        "rules": [{"check": "limit", "with": {"client": "client"}}],
    }
    host = load(FILTER, configuration)

    def is_refused(address: str) -> bool:
        return host.connect(attributes={"source.address": f"[{address}]:1"}).is_over

    one, two = "2001:db8:0:1", "2001:db8:0:2"
    assert [is_refused(f"{one}::{n:x}") for n in range(4)] == [False, False, True, True]
    assert not is_refused(f"{two}::1")


def talk(host: Host) -> None:
    connection = host.connect()
    connection.send(b"hello")
    connection.upstream_send(b"good day")
    connection.close()


def test_connections_in_the_proxys_stats(load: Load) -> None:
    report = {"report": "stats", "with": {"service": "default(upstream.cluster, 'none')"}}
    host = load(FILTER, {"handlers": {"stats": {"metrics": {}}}, "rules": [report]})
    talk(host)
    talk(host)

    labels = next(name for name in host.stats if name.startswith(RECEIVED_BYTES)).partition("{")[2]
    assert host.stats[f"{CONNECTIONS}{{{labels[:-1]},closed_by=downstream}}"] == 2
    assert host.stats[f"{RECEIVED_BYTES}{{{labels}"] == 10
    assert host.stats[f"{SENT_BYTES}{{{labels}"] == 16
    assert len(host.samples[f"{DURATION_MS}{{{labels}"]) == 2


def test_facts_are_values(load: Load) -> None:
    values = {
        "received": "connection.received_bytes",
        "sent": "connection.sent_bytes",
        "by": "connection.closed_by",
        "long": "connection.duration > duration('1h')",
    }
    counter = {"counter": {"metric": "closed_total"}}
    rules = [{"report": "closed", "with": values, "when": "connection.received_bytes > 0"}]
    host = load(FILTER, {"handlers": {"closed": counter}, "rules": rules})
    talk(host)
    host.connect().close()
    name = "closed_total{received=5,sent=8,by=downstream,long=false}"
    assert {key: n for key, n in host.stats.items() if key.startswith("closed_total")} == {name: 1}


@pytest.mark.simulated("addresses of clients are made up")
def test_connections_in_an_access_log(load: Load) -> None:
    handlers = {
        "remote": {"access_log": {"cluster": "logs"}, "buffer": {"size": 2}},
        "lines": {
            "access_log": {"template": "{source} {closed_by} {close_reason} {sent_bytes} {x}"}
        },
        "closed": {"fixed": {}},
    }
    rules = [
        {"report": ["remote", "lines"], "with": {"x": "network"}},
        {"check": "closed", "when": "network == 'out'"},
    ]
    configuration = {"attributes": [NETWORK], "handlers": handlers, "rules": rules}
    host = load(FILTER, configuration, clusters={"logs": Response(200)})
    connection = host.connect(attributes={**INSIDE, "connection.requested_server_name": "a.b"})
    connection.upstream_send(b"good day")
    connection.close()
    host.connect(attributes={"source.address": "[::1]:4000"})

    assert host.log_lines == [
        "10.1.2.3:4000 downstream - 8 office",
        "[::1]:4000 proxy fixed 0 out",
    ]
    (callout,) = host.http_callouts
    first, second = [json.loads(line) for line in callout.request.body.splitlines()]
    assert (first["source"], first["server_name"], first["sent_bytes"]) == (
        "10.1.2.3:4000",
        "a.b",
        8,
    )
    assert (second["source"], second["close_reason"], second["x"]) == ("[::1]:4000", "fixed", "out")
    assert "path" not in first


@pytest.mark.simulated("a test of the clock")
def test_usage_of_connections(load: Load) -> None:
    usage = {"usage": {"cluster": "billing", "interval": "1s"}}
    rules = [{"report": "billing", "with": {"consumer": "source.ip"}}]
    configuration = {"handlers": {"billing": usage}, "rules": rules}
    host = load(FILTER, configuration, clusters={"billing": Response(200)})
    talk(host)
    host.advance(2)
    (record,) = json.loads(host.http_callouts[0].request.body)["records"]
    assert (record["requests"], record["errors"]) == (1, 0)
    assert (record["request_bytes"], record["response_bytes"]) == (5, 8)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"rules": [{"check": "closed", "when": "request.path == '/'"}]}, "request.path"),
        ({"rules": [{"check": "closed", "when": "connection.sent_bytes > 1"}]}, "sent_bytes"),
        ({"handlers": {"spans": {"tracing": {"cluster": "a"}}}}, "unknown kind of backend"),
        ({"attributes": [{"name": "tenant", "header": "x-tenant"}]}, "expected one source"),
    ],
)
def test_what_connections_do_not_have_is_refused(
    load: Load, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ConfigurationRefusedError, match=reason):
        load(FILTER, {**CLOSED, **change})


@pytest.mark.simulated("counts objects")
def test_nothing_is_left_of_many_connections(load: Load) -> None:
    handlers = {"stats": {"metrics": {}}, "limit": {"rate_limit": {"requests": 1000, "per": "1s"}}}
    rules = [
        {"check": "limit", "with": {"client": "source.ip"}},
        {"report": "stats", "with": {"client": "source.ip"}},
    ]
    host = load(FILTER, {"handlers": handlers, "rules": rules})
    for _ in range(3):
        talk(host)
    before = host.live_objects
    for _ in range(20):
        talk(host)
    assert host.live_objects == before
