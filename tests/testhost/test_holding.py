"""Holding and resuming: what goes on when, and what the body callbacks see."""

from typing import Any

import pytest

from mixer2.testhost import HeldError, Response
from mixer2.testhost.settings import PluginSettings
from tests.testhost.scripted import OK, Calls, host

CONTINUE, STOP, _, STOP_ALL_BUFFER, STOP_ALL_WATERMARK = range(5)
BODY_CONTINUE, BUFFER, WATERMARK, NO_BUFFER = range(4)


class Body:
    """Notes (size, end, bytes) of each body callback and answers what it was told to."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.seen: list[tuple[int, int, bytes]] = []

    def __call__(self, calls: Calls, _context: int, size: int, end: int) -> int:
        self.seen.append((size, end, calls.get_buffer_bytes(0, 0, 100)[1]))
        return self.answers.pop(0) if self.answers else BODY_CONTINUE


def test_a_body_arrives_as_http1_delivers_it() -> None:
    body = Body()
    host(on_request_body=body).post("/", b"0123456789")

    assert body.seen == [(10, 0, b"0123456789"), (0, 1, b"")]


def test_a_collected_body_is_shown_as_a_whole() -> None:
    body = Body(BUFFER, BUFFER, CONTINUE)
    loaded = host(on_request_body=body)
    loaded.post("/", [b"01", b"23", b"4"])

    assert body.seen == [(2, 0, b"01"), (4, 0, b"0123"), (5, 1, b"01234")]
    assert loaded.upstream_requests[0].chunks == [b"01234"]


def test_a_stop_without_buffer_drops_what_came() -> None:
    body = Body(NO_BUFFER, CONTINUE)
    loaded = host(on_request_body=body)
    loaded.post("/", [b"01", b"23"])

    assert body.seen == [(2, 0, b"01"), (2, 1, b"23")]
    assert loaded.upstream_requests[0].body == b"23"


@pytest.mark.parametrize("status", [STOP_ALL_BUFFER, STOP_ALL_WATERMARK, 77])
def test_stopped_headers_hold_everything_until_they_are_resumed(status: int) -> None:
    body = Body()

    def on_tick(calls: Calls, _root: int) -> None:
        assert calls.set_effective_context(2) == (OK,)
        assert calls.continue_stream(0) == (OK,)

    def on_configure(calls: Calls, *_: int) -> int:
        calls.set_tick_period_milliseconds(1000)
        return 1

    loaded = host(
        on_configure=on_configure,
        on_tick=on_tick,
        on_request_headers=lambda *_: status,
        on_request_body=body,
    )
    exchange = loaded.open("POST", "/", body=[b"01", b"23"], upstream=Response(200))

    assert exchange.request_is_held
    assert exchange.upstream_request is None
    assert body.seen == []
    with pytest.raises(HeldError, match="the filter holds the request"):
        _ = exchange.response

    loaded.advance(1)

    assert body.seen == [(4, 1, b"0123")]
    assert exchange.response.status == 200
    assert loaded.upstream_requests[0].body == b"0123"


def test_stop_iteration_shows_the_body_and_both_go_on_together() -> None:
    body = Body(BUFFER, CONTINUE)
    loaded = host(on_request_headers=lambda *_: STOP, on_request_body=body)
    exchange = loaded.open("POST", "/", body=None, upstream=Response(200))

    exchange.send_data(b"01")
    assert exchange.upstream_request is None
    exchange.send_data(b"23", end_of_stream=True)

    assert body.seen == [(2, 0, b"01"), (4, 1, b"0123")]
    assert exchange.response.status == 200
    assert loaded.upstream_requests[0].chunks == [b"0123"]


def test_stop_iteration_is_stop_all_unless_the_configuration_allows_it() -> None:
    body = Body()
    loaded = host(
        settings=PluginSettings(allow_stop_iteration=False),
        on_request_headers=lambda *_: STOP,
        on_request_body=body,
    )
    exchange = loaded.open("POST", "/", body=[b"01"])

    assert body.seen == []
    assert exchange.request_is_held


def test_continue_and_end_stream_is_continue() -> None:
    assert host(on_request_headers=lambda *_: 2).get("/").status == 200


def test_held_trailers_hold_the_rest() -> None:
    def resume(calls: Calls, _root: int) -> None:
        calls.set_effective_context(2)
        calls.continue_stream(0)

    def on_configure(calls: Calls, *_: int) -> int:
        calls.set_tick_period_milliseconds(10)
        return 1

    loaded = host(
        on_configure=on_configure,
        on_tick=resume,
        on_request_body=Body(BUFFER),
        on_request_trailers=lambda *_: 1,
    )
    exchange = loaded.open("POST", "/", body=[b"01"], trailers={"x-t": "1"}, upstream=Response(200))
    assert exchange.request_is_held

    loaded.advance(0.01)

    (request,) = loaded.upstream_requests
    assert request.body == b"01"
    assert request.trailers == {"x-t": "1"}


def test_trailers_can_be_made_in_the_callback_of_the_last_part() -> None:
    def on_request_body(calls: Calls, _context: int, _size: int, end: int) -> int:
        status = calls.add_header_map_value(1, "x-made", "here")
        assert status == ((OK,) if end else (2,))
        return 0

    loaded = host(on_request_body=on_request_body)
    loaded.post("/", [b"01", b"23"])

    (request,) = loaded.upstream_requests
    assert request.body == b"0123"
    assert request.trailers == {"x-made": "here"}


def test_a_body_can_be_replaced_while_it_is_collected() -> None:
    def on_response_headers(calls: Calls, *_: int) -> int:
        calls.remove_header_map_value(2, "content-length")
        return 0

    def on_response_body(calls: Calls, _context: int, _size: int, end: int) -> int:
        if not end:
            return BUFFER
        assert calls.set_buffer_bytes(1, 0, 0xFFFFFFFF, b"replaced") == (OK,)
        return 0

    loaded = host(on_response_headers=on_response_headers, on_response_body=on_response_body)

    assert loaded.get("/", upstream=Response(200, body=b"original")).body == b"replaced"


@pytest.mark.parametrize(("direction", "status"), [("request", 413), ("response", 500)])
def test_more_than_the_buffer_limit_ends_in_an_error(direction: str, status: int) -> None:
    callbacks: dict[str, Any] = {
        f"on_{direction}_headers": lambda *_: STOP,
        f"on_{direction}_body": lambda *_: BUFFER,
    }
    loaded = host(**callbacks)
    large = b"x" * (1024 * 1024 + 1)

    if direction == "request":
        response = loaded.post("/", large)
    else:
        response = loaded.get("/", upstream=Response(200, body=large))

    assert response.status == status


def test_a_client_that_goes_away_ends_the_held_exchange() -> None:
    seen: list[str] = []
    loaded = host(
        on_request_headers=lambda *_: STOP_ALL_BUFFER,
        on_log=lambda *_: seen.append("log"),
        on_delete=lambda *_: seen.append("delete"),
    )
    exchange = loaded.open()

    exchange.disconnect()

    assert seen == ["log", "delete"]
    assert exchange.was_reset


def test_exchanges_can_be_interleaved() -> None:
    order: list[tuple[int, int]] = []

    def on_request_body(_calls: Calls, context: int, size: int, _end: int) -> int:
        order.append((context, size))
        return 0

    loaded = host(on_request_body=on_request_body)
    one, other = (loaded.open("POST", body=None, upstream=Response(200)) for _ in range(2))

    one.send_data(b"1")
    other.send_data(b"22")
    one.send_data(b"333", end_of_stream=True)
    other.send_data(b"4444", end_of_stream=True)

    assert order == [(2, 1), (3, 2), (2, 3), (3, 4)]
    assert one.response.status == other.response.status == 200
