"""TCP connections as a test meets them; what happens in them is in tests/conformance."""

from typing import Any

from mixer2.testhost.protobuf import bytes_field
from tests.testhost.scripted import OK, Calls, host


def test_bytes_go_both_ways_and_can_be_cut_anywhere() -> None:
    seen: list[bytes] = []

    def on_downstream_data(calls: Calls, _context: int, size: int, _end: int) -> int:
        data = calls.get_buffer_bytes(2, 0, size)[1]
        seen.append(data)
        return 0 if data.endswith(b"\n") else 1

    connection = host(on_downstream_data=on_downstream_data).connect()
    for byte in b"ping\n":
        connection.send(bytes([byte]))
    connection.upstream_send(b"pong\n")

    assert seen == [b"p", b"pi", b"pin", b"ping", b"ping\n"]
    assert connection.upstream_received == b"ping\n"
    assert connection.received == b"pong\n"
    assert not connection.is_held


def test_a_sniffer_chooses_the_cluster() -> None:
    def on_downstream_data(calls: Calls, _context: int, size: int, _end: int) -> int:
        data = calls.get_buffer_bytes(2, 0, size)[1]
        if len(data) < 4:
            return 1
        cluster = b"http" if data.startswith(b"GET ") else b"other"
        state = bytes_field(1, b"envoy.tcp_proxy.cluster") + bytes_field(2, cluster)
        assert calls.call_foreign_function("set_envoy_filter_state", state)[0] is OK
        return 0

    loaded = host(on_new_connection=lambda *_: 1, on_downstream_data=on_downstream_data)
    clusters = []
    for bytes_sent in (b"GET / HTTP/1.1", b"\0\1\2\3"):
        connection = loaded.connect(early_data=True)
        connection.send(bytes_sent[:2])
        assert connection.is_held
        connection.send(bytes_sent[2:])
        clusters.append((connection.cluster, connection.upstream_received))

    assert clusters == [("http", b"GET / HTTP/1.1"), ("other", b"\0\1\2\3")]


def test_a_timer_lets_a_silent_client_go_on() -> None:
    waiting: set[int] = set()

    def on_configure(calls: Calls, *_: int) -> int:
        calls.set_tick_period_milliseconds(300)
        return 1

    def on_new_connection(_calls: Calls, context: int) -> int:
        waiting.add(context)
        return 1

    def on_tick(calls: Calls, _root: int) -> None:
        for context in sorted(waiting):
            if calls.set_effective_context(context) == (OK,):
                calls.continue_stream(2)
        waiting.clear()

    loaded = host(on_configure=on_configure, on_new_connection=on_new_connection, on_tick=on_tick)
    connection = loaded.connect()
    assert not connection.is_connected

    loaded.advance(0.3)
    connection.upstream_send(b"220 ready")

    assert connection.received == b"220 ready"


def test_the_plugin_is_told_of_a_connection_that_is_left_open() -> None:
    seen: list[str] = []
    names = ["on_downstream_connection_close", "on_done", "on_log", "on_delete"]

    def noting(name: str) -> Any:
        def callback(*_: object) -> int:
            seen.append(name)
            return 1

        return callback

    callbacks = {name: noting(name) for name in names}
    loaded = host(**callbacks)
    loaded.connect()

    loaded.finish()

    assert seen == [*names, "on_done", "on_delete"]
