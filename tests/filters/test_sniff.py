"""One port, many protocols: everybody reaches the right cluster, and is counted."""

import pytest

from adapters.backend.tcp_metrics import CONNECTIONS, RECEIVED_BYTES, SENT_BYTES
from filters.sniff import DECISIONS, WAIT_MS
from mixer2.testhost import ConfigurationRefusedError, Host
from mixer2.testhost.plugin import Load
from tests.adapters.ingestion.sniff.samples import HEADS

FILTER = "filters/sniff.py"
NAMES = [
    *("tls", "http1", "http2", "grpc", "redis", "postgresql", "mongodb", "dubbo", "thrift"),
    *("kafka", "server_first", "unknown"),
]
ROUTES = {name: f"{name}-cluster" for name in NAMES}


def sniffing(load: Load, **configuration: object) -> Host:
    return load(FILTER, {"routes": ROUTES, **configuration})


def decided(host: Host) -> dict[str, int]:
    start = f"{DECISIONS}{{protocol="
    return {
        name.removeprefix(start)[:-1]: count
        for name, count in host.stats.items()
        if name.startswith(start)
    }


@pytest.mark.parametrize(("protocol", "head"), HEADS)
def test_every_protocol_reaches_its_cluster(load: Load, protocol: str, head: bytes) -> None:
    host = sniffing(load)
    connection = host.connect(early_data=True)
    connection.send(head)

    assert connection.cluster == f"{protocol}-cluster"
    assert connection.upstream_received == head
    connection.upstream_send(b"answer")
    assert connection.received == b"answer"
    connection.close()
    assert decided(host) == {protocol: 1}
    assert host.stats[f"{CONNECTIONS}{{protocol={protocol},closed_by=downstream}}"] == 1
    assert host.stats[f"{RECEIVED_BYTES}{{protocol={protocol}}}"] == len(head)
    assert host.stats[f"{SENT_BYTES}{{protocol={protocol}}}"] == 6


@pytest.mark.simulated("a test of the clock")
def test_bytes_that_come_one_by_one_are_all_counted_once(load: Load) -> None:
    host = sniffing(load)
    connection = host.connect(early_data=True)
    for byte in b"*1\r\n$4\r\nPING\r\n":
        connection.send(bytes([byte]))
    connection.close()

    assert connection.upstream_received == b"*1\r\n$4\r\nPING\r\n"
    assert host.stats[f"{RECEIVED_BYTES}{{protocol=redis}}"] == 14


@pytest.mark.parametrize(("head", "route"), [(b"", "server_first"), (b"GET /slow", "unknown")])
def test_nobody_waits_longer_than_configured(load: Load, head: bytes, route: str) -> None:
    host = sniffing(load, release_after_ms=50)
    connection = host.connect(early_data=True)
    connection.send(head)
    host.advance(0.04)
    assert connection.is_held
    host.advance(0.02)

    assert connection.cluster == f"{route}-cluster"
    assert connection.upstream_received == head
    connection.send(b" and more")
    assert connection.upstream_received == head + b" and more"
    connection.close()
    assert host.stats[f"{RECEIVED_BYTES}{{protocol={route}}}"] == len(head) + 9


def test_connections_wait_side_by_side(load: Load) -> None:
    host = sniffing(load, release_after_ms=100)
    first = host.connect(early_data=True)
    host.advance(0.06)
    second = host.connect(early_data=True)
    host.advance(0.05)

    assert (first.is_held, second.is_held) == (False, True)
    host.advance(0.06)
    assert not second.is_held
    assert sorted(host.samples[f"{WAIT_MS}{{protocol=server_first}}"]) == [100, 100]


def test_a_server_that_speaks_first_tells_the_protocol(load: Load) -> None:
    host = sniffing(load)
    connection = host.connect(early_data=True)
    host.advance(0.2)
    greeting = b"\x4a\0\0\0\x0a8.0.36\0" + bytes(60)
    connection.upstream_send(greeting[:3])
    connection.upstream_send(greeting[3:])
    connection.close()

    assert connection.received == greeting
    assert connection.cluster == "server_first-cluster"
    assert host.stats[f"{SENT_BYTES}{{protocol=mysql}}"] == len(greeting)


def test_what_has_no_route_goes_where_the_tcp_proxy_says(load: Load) -> None:
    connection = load(FILTER, {}).connect(early_data=True)
    default = connection.cluster
    connection.send(b"*1\r\n$4\r\nPING\r\n")

    assert connection.cluster == default
    assert connection.upstream_received == b"*1\r\n$4\r\nPING\r\n"


@pytest.mark.simulated("a test of the clock")
def test_a_client_that_leaves_while_it_is_held_is_counted(load: Load) -> None:
    host = sniffing(load)
    connection = host.connect(early_data=True)
    connection.send(b"GET /")
    connection.shut_down()

    assert decided(host) == {"unknown": 1}
    host.advance(1)
    assert host.log == []


def test_a_client_that_sends_no_more_is_decided_at_once(load: Load) -> None:
    connection = sniffing(load).connect(early_data=True)
    connection.send(b"GET /")
    connection.half_close()

    assert connection.cluster == "unknown-cluster"
    assert connection.upstream_received == b"GET /"


@pytest.mark.parametrize(
    "configuration",
    [
        {"routes": {"gopher": "a"}},
        {"routes": {"tls": 7}},
        {"release_after_ms": 0},
        {"max_bytes": 1},
        {"timeout": 5},
    ],
)
def test_a_wrong_configuration_is_refused(load: Load, configuration: object) -> None:
    with pytest.raises(ConfigurationRefusedError):
        load(FILTER, configuration)
