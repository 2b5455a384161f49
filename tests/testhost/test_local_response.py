"""Local responses: deferred, once, and through the plugin's own response callbacks."""

from typing import Any

import pytest

from mixer2.testhost import Response, pairs
from tests.testhost.scripted import OK, Calls, host

NONE = 0xFFFFFFFF
PAUSE = 4


def answer(calls: Calls, code: int = 403, body: bytes = b"no", details: str = "why not") -> Any:
    headers = pairs.encode([(b"x-why", b"because")])
    return calls.send_local_response(code, details, body, headers, NONE)


def test_it_goes_through_the_response_callbacks_and_not_upstream() -> None:
    seen: list[str] = []

    def on_request_headers(calls: Calls, *_: int) -> int:
        assert answer(calls) == (OK,)
        seen.append("sent")
        return PAUSE

    def on_response_headers(calls: Calls, _context: int, _count: int, end_of_stream: int) -> int:
        seen.append(f"headers {end_of_stream}")
        assert calls.get_header_map_value(2, ":status") == (OK, "403")
        assert calls.get_header_map_value(0, ":path") == (OK, "/")
        calls.add_header_map_value(2, "x-mine", "1")
        return 0

    def on_response_body(_calls: Calls, _context: int, size: int, end_of_stream: int) -> int:
        seen.append(f"body {size} {end_of_stream}")
        return 0

    loaded = host(
        on_request_headers=on_request_headers,
        on_response_headers=on_response_headers,
        on_response_body=on_response_body,
    )
    response = loaded.get("/")

    assert seen == ["sent", "headers 0", "body 2 1"]
    assert (response.status, response.body) == (403, b"no")
    assert response.headers["x-why"] == "because"
    assert response.headers["x-mine"] == "1"
    assert response.headers["content-type"] == "text/plain"
    assert response.headers["content-length"] == "2"
    assert response.details == "why_not"
    assert loaded.upstream_requests == []


def test_what_the_callback_returns_does_not_matter() -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        answer(calls)
        return 0

    loaded = host(on_request_headers=on_request_headers)

    assert loaded.get("/").status == 403
    assert loaded.upstream_requests == []


def test_of_two_the_first_wins() -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        assert answer(calls, 401) == (OK,)
        assert answer(calls, 402) == (OK,)
        return PAUSE

    assert host(on_request_headers=on_request_headers).get("/").status == 401


def test_without_body_there_is_no_content_type() -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        answer(calls, body=b"")
        return PAUSE

    response = host(on_request_headers=on_request_headers).get("/")

    assert response.body == b""
    assert "content-type" not in response.headers
    assert "content-length" not in response.headers


def test_from_a_response_callback_it_goes_straight_to_the_client() -> None:
    calls_of_headers = 0

    def on_response_headers(calls: Calls, *_: int) -> int:
        nonlocal calls_of_headers
        calls_of_headers += 1
        answer(calls, 502)
        return PAUSE

    response = host(on_response_headers=on_response_headers).get("/")

    assert response.status == 502
    assert calls_of_headers == 1


def test_after_the_responses_headers_went_on_it_resets_the_stream() -> None:
    def on_response_body(calls: Calls, *_: int) -> int:
        answer(calls)
        return 1

    loaded = host(on_response_body=on_response_body)
    exchange = loaded.open("GET", "/", upstream=Response(200, body=b"hello"))

    assert exchange.was_reset
    assert exchange.response.status == 200
    assert exchange.response.body == b""


def test_a_grpc_request_is_answered_by_headers_alone() -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        calls.send_local_response(403, "", b"no", b"", NONE)
        return PAUSE

    response = host(on_request_headers=on_request_headers).get(
        "/s/m", {"content-type": "application/grpc"}
    )

    assert response.status == 200
    assert response.headers["grpc-status"] == "7"
    assert response.headers["grpc-message"] == "no"
    assert response.body == b""


@pytest.mark.parametrize("callback", ["on_vm_start", "on_configure"])
def test_without_a_stream_it_is_fine_and_does_nothing(callback: str) -> None:
    def start(calls: Calls, *_: int) -> int:
        assert answer(calls) == (OK,)
        return 1

    callbacks: dict[str, Any] = {callback: start}

    assert host(**callbacks).get("/").status == 200
