"""TCP connections, natively and as Wasm."""

import pytest

from mixer2.testhost.plugin import Load
from pal.dispatch import ERRORS_METRIC

FILTER = "tests/pal/piping.py"
ERRORS = f"{ERRORS_METRIC}{{plugin=piping}}"

pytestmark = pytest.mark.cpython


def test_a_connections_life(load: Load) -> None:
    host = load(FILTER)
    connection = host.connect()
    connection.send(b"ping")
    connection.upstream_send(b"pong")
    connection.half_close()
    connection.upstream_half_close()
    assert (connection.upstream_received, connection.received) == (b"ping", b"pong!!")
    assert connection.is_over
    assert host.log_lines == [
        "new",
        "down 4 False ping",
        "up 4 False pong",
        "down 0 True ",
        "up 0 True ",
        "upstream closed by UNKNOWN",
        "downstream closed by LOCAL",
        "done",
        "log",
    ]


@pytest.mark.parametrize(
    ("sent", "arrived"), [(b"replace", b"replaced"), (b"around", b"<around>"), (b"plain", b"plain")]
)
def test_bytes_are_changed(load: Load, sent: bytes, arrived: bytes) -> None:
    connection = load(FILTER).connect()
    connection.send(sent)
    assert connection.upstream_received == arrived


def test_bytes_wait_for_more(load: Load) -> None:
    host = load(FILTER)
    connection = host.connect()
    connection.send(b"hold")
    assert connection.is_held
    connection.send(b"more")
    assert connection.upstream_received == b"holdmore"
    assert host.log_lines[1:] == ["down 4 False hold", "down 8 False holdmore"]


def test_bytes_of_the_upstream_wait_for_more(load: Load) -> None:
    connection = load(FILTER).connect()
    connection.upstream_send(b"hold")
    assert connection.received == b""
    connection.upstream_send(b"more")
    assert connection.received == b"holdmore!"


def test_a_connection_waits_for_its_first_bytes(load: Load) -> None:
    connection = load(FILTER, {"hold": True}).connect(early_data=True)
    assert connection.is_held
    connection.send(b"go")
    assert connection.is_connected
    assert connection.upstream_received == b"go"


def test_the_filter_closes(load: Load) -> None:
    host = load(FILTER)
    connection = host.connect()
    connection.send(b"close")
    assert connection.is_over
    assert connection.upstream_received == b""
    assert "downstream closed by LOCAL" in host.log_lines


def test_the_client_closes(load: Load) -> None:
    host = load(FILTER)
    host.connect().close()
    assert "downstream closed by REMOTE" in host.log_lines


@pytest.mark.parametrize("refuse", [False, True])
@pytest.mark.parametrize("raises", ["create", "callbacks"])
def test_errors_of_a_new_connection(load: Load, refuse: bool, raises: str) -> None:
    host = load(FILTER, {"raises": raises, "refuse": refuse})
    connection = host.connect()
    assert connection.is_over == refuse
    assert host.stats[ERRORS] == (2 if refuse and raises == "callbacks" else 1)
    if not refuse:
        connection.send(b"x")
        assert connection.upstream_received == b"x"


@pytest.mark.parametrize("refuse", [False, True])
def test_errors_of_bytes(load: Load, refuse: bool) -> None:
    host = load(FILTER, {"refuse": refuse})
    connection = host.connect()
    connection.send(b"raise")
    assert host.stats[ERRORS] == 1
    assert connection.is_over == refuse
    assert connection.upstream_received == (b"" if refuse else b"raise")


def test_errors_of_the_upstreams_bytes(load: Load) -> None:
    host = load(FILTER)
    connection = host.connect()
    connection.upstream_send(b"raise")
    assert host.stats[ERRORS] == 1
    assert connection.received == b"raise"


def test_nothing_is_left_of_many_connections(load: Load) -> None:
    host = load(FILTER)
    held = []
    for _ in range(3):
        for _ in range(10):
            host.connect().close()
        held.append(host.live_objects)
    assert held[1] == held[2]


def test_a_program_without_connections_exports_nothing_of_them(load: Load) -> None:
    exports = load("filters/hello.py").workers[0].vm.exports
    assert not [name for name in exports if "stream" in name or "connection" in name]
    assert "proxy_on_new_connection" in load(FILTER).workers[0].vm.exports
