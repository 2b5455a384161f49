"""Strict mode: what Envoy lets pass and what fails the test nevertheless."""

from typing import Any

import pytest

from mixer2.testhost import LeakError, MisuseError, ProxyDiedError, Response, UnsupportedError
from mixer2.testhost.leaks import check_leaks
from mixer2.testhost.protobuf import bytes_field, number_field
from tests.testhost.scripted import OK, Calls, host


def misusing(callback: str, *call: Any) -> Any:
    """Make a host call in a callback of a strict host."""

    def misuse(calls: Calls, *_: int) -> int:
        name, *arguments = call
        getattr(calls, name)(*arguments)
        return 1 if callback == "on_configure" else 0

    callbacks: dict[str, Any] = {callback: misuse}
    return host(strict=True, **callbacks).get("/", upstream=Response(200, body=b"body"))


@pytest.mark.parametrize(
    ("callback", "call", "why"),
    [
        (
            "on_response_headers",
            ("get_header_map_value", 0, ":path"),
            r"proxy_on_response_headers \(http context 2\) wants to read request headers: .* until",
        ),
        (
            "on_request_headers",
            ("get_header_map_pairs", 2),
            "wants to read response headers: .* until on_response_headers let them go on",
        ),
        (
            "on_response_body",
            ("add_header_map_value", 2, "x", "y"),
            "wants to change response headers",
        ),
        ("on_configure", ("get_header_map_value", 0, ":path"), r"\(root context 1\)"),
        ("on_request_headers", ("get_buffer_bytes", 7, 0, 9), "buffer plugin configuration"),
        ("on_request_headers", ("set_header_map_pairs", 0, b"\1\0\0\0\xff"), "malformed pairs"),
        (
            "on_request_headers",
            ("send_local_response", 403, "", b"", b"\1\0\0\0\xff", 0),
            "malformed pairs",
        ),
        (
            "on_response_body",
            ("set_buffer_bytes", 1, 0, 0, b"longer "),
            "content-length says 4, its body has 18 bytes: remove the header in on_response",
        ),
    ],
)
def test_misuse(callback: str, call: tuple[Any, ...], why: str) -> None:
    with pytest.raises(MisuseError, match=why):
        misusing(callback, *call)


def test_on_log_may_ask_for_what_is_not_there() -> None:
    assert misusing("on_log", "get_header_map_value", 1, "x").status == 200


def test_a_metric_that_is_defined_per_request() -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        assert calls.define_metric(0, "requests")[0] is OK
        return 0

    loaded = host(strict=True, on_request_headers=on_request_headers)
    loaded.get("/")

    with pytest.raises(MisuseError, match="metric 'requests' is defined again while a request"):
        loaded.get("/")


def test_metrics_without_bound() -> None:
    def on_request_headers(calls: Calls, context: int, *_: int) -> int:
        for number in range(6000):
            calls.define_metric(0, f"{context}.{number}")
        return 0

    loaded = host(strict=True, on_request_headers=on_request_headers)
    loaded.get("/")

    with pytest.raises(MisuseError, match="more than 10000 metrics"):
        loaded.get("/")


def test_what_is_misuse_is_fine_when_the_host_is_not_strict() -> None:
    def on_response_headers(calls: Calls, *_: int) -> int:
        assert calls.get_header_map_value(0, ":path") == (2,)
        return 0

    assert host(strict=False, on_response_headers=on_response_headers).get("/").status == 200


@pytest.mark.parametrize("strict", [False, True])
def test_what_kills_envoy_is_never_fine(strict: bool) -> None:
    def on_log(calls: Calls, *_: int) -> None:
        calls.send_local_response(403, "", b"", b"", 0)

    with pytest.raises(ProxyDiedError, match="a local response in on_log"):
        host(strict=strict, on_log=on_log).get("/")


ACTIONS = [
    ("send_local_response", 403, "", b"", b"", 0),
    ("continue_stream", 0),
    ("continue_stream", 2),
    ("close_stream", 1),
    ("close_stream", 2),
]


@pytest.mark.parametrize("call", ACTIONS)
def test_the_plugins_context_is_no_stream(call: tuple[Any, ...]) -> None:
    with pytest.raises(
        MisuseError, match=r"\(root context 1\) wants to .* is no stream: choose one"
    ):
        misusing("on_configure", *call)


@pytest.mark.parametrize("call", ACTIONS)
def test_a_context_used_after_its_end(call: tuple[Any, ...]) -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        calls.set_tick_period_milliseconds(100)
        return 0

    def on_tick(calls: Calls, *_: int) -> None:
        if calls.set_effective_context(2)[0] is OK:
            return
        name, *arguments = call
        getattr(calls, name)(*arguments)

    loaded = host(strict=True, on_request_headers=on_request_headers, on_tick=on_tick)
    held = loaded.open(upstream=None)
    loaded.advance(0.1)
    held.disconnect()

    with pytest.raises(MisuseError, match="context 2 has ended: proxy_set_effective_context said"):
        loaded.advance(0.1)


def test_to_learn_that_a_context_has_ended_is_no_misuse() -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        calls.set_tick_period_milliseconds(100)
        return 0

    def on_tick(calls: Calls, *_: int) -> None:
        calls.set_effective_context(2)

    loaded = host(strict=True, on_request_headers=on_request_headers, on_tick=on_tick)
    assert loaded.get().status == 200
    loaded.advance(1)


@pytest.mark.parametrize("stream", [2, 3])
def test_what_belongs_to_connections_is_misuse_in_a_request(stream: int) -> None:
    with pytest.raises(MisuseError, match="which does nothing: that is for tcp streams"):
        misusing("on_request_headers", "close_stream", stream)


_FLATBUFFERS = bytes_field(1, b"own") + number_field(3, 2)


@pytest.mark.parametrize("strict", [False, True])
def test_what_is_not_implemented_is_refused_loudly(strict: bool) -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        calls.call_foreign_function("declare_property", _FLATBUFFERS)
        return 0

    with pytest.raises(UnsupportedError, match="property 'own' is declared as FlatBuffers"):
        host(strict=strict, on_request_headers=on_request_headers).get("/")


def test_a_guest_that_catches_the_error_does_not_hide_it() -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        try:
            calls.call_foreign_function("declare_property", _FLATBUFFERS)
        except Exception:  # noqa: BLE001  (as pal.dispatch does)
            return 0
        return 0

    with pytest.raises(UnsupportedError):
        host(on_request_headers=on_request_headers).get("/")


class Counter:
    def __init__(self, *counts: int | None) -> None:
        self.counts = list(counts)

    def __call__(self) -> int | None:
        return self.counts.pop(0)


def test_growth_each_time_is_a_leak() -> None:
    with pytest.raises(LeakError, match=r"4 equal requests: \[5, 6, 8, 9\]"):
        check_leaks(lambda: True, Counter(5, 6, 8, 9))


@pytest.mark.parametrize(
    "counts", [(5, 9, 9, 9), (5, 6, 5, 6), (5, 5, 5, 5), (None,), (9, 8, 9, 10)]
)
def test_what_is_no_leak(counts: tuple[int | None, ...]) -> None:
    check_leaks(lambda: True, Counter(*counts))


def test_a_request_that_does_not_end_tells_nothing_of_leaks() -> None:
    check_leaks(lambda: False, Counter(1, 2, 3, 4))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\1\0\0\0bad", "7 bytes of malformed pairs"),
        ((2000).to_bytes(4, "little") + bytes(16_000 + 4_000), "2000 headers, more than 1024"),
        (bytes(1 << 20) + b"more", "1048580 bytes of headers, more than 1048576"),
    ],
)
def test_pairs_that_envoy_would_take_for_none_say_why(data: bytes, why: str) -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        calls.set_header_map_pairs(0, data)
        return 0

    with pytest.raises(MisuseError, match=f"{why}: Envoy takes them for an empty list"):
        host(strict=True, on_request_headers=on_request_headers).get()
