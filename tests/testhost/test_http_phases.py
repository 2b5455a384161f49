"""What a plugin can reach in which callback of an HTTP exchange."""

from typing import Any

import pytest

from mixer2.testhost import Response, pairs
from mixer2.testhost.abi import Status
from tests.testhost.scripted import BAD_ARGUMENT, NOT_FOUND, OK, Calls, host

PHASES = [
    "on_request_headers",
    "on_request_body",
    "on_request_trailers",
    "on_response_headers",
    "on_response_body",
    "on_response_trailers",
    "on_log",
    "on_done",
]
FULL: dict[str, Any] = {"body": [b"abc"], "trailers": {"x-t": "1"}}
FULL_RESPONSE = Response(200, {"x-r": "1"}, [b"def"], {"x-rt": "1"})


def in_phase(phase: str, probe: Any, strict: bool = False) -> list[Any]:
    """Results of `probe` in one callback of an exchange that has everything."""
    seen: list[Any] = []

    def callback(calls: Calls, *_: int) -> int:
        seen.append(probe(calls))
        return 0

    callbacks: dict[str, Any] = dict.fromkeys(PHASES, lambda *_: 0) | {phase: callback}
    host(strict, **callbacks).request("POST", "/", upstream=FULL_RESPONSE, **FULL)
    return seen


READABLE = {
    # map: the callbacks in which it can be read, and its answer in all others but the log phase
    0: {"on_request_headers", "on_log"},
    1: {"on_request_trailers"},
    2: {"on_response_headers", "on_log"},
    3: {"on_response_trailers", "on_log"},
}
NAMES = {0: ":path", 1: "x-t", 2: "x-r", 3: "x-rt"}


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("map_type", READABLE)
def test_where_a_map_can_be_read(map_type: int, phase: str) -> None:
    (answer,) = in_phase(phase, lambda calls: calls.get_header_map_value(map_type, NAMES[map_type]))

    if phase in READABLE[map_type]:
        assert answer[0] is OK
    else:
        assert answer == (NOT_FOUND if phase == "on_log" else BAD_ARGUMENT,)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("map_type", READABLE)
def test_pairs_of_a_map_that_is_not_there_are_empty_and_fine(map_type: int, phase: str) -> None:
    (answer,) = in_phase(phase, lambda calls: calls.get_header_map_pairs(map_type))

    assert answer[0] is OK
    assert (answer[1] != b"") == (phase in READABLE[map_type])


@pytest.mark.parametrize(
    ("map_type", "phase", "status"),
    [
        (0, "on_request_headers", OK),
        (0, "on_request_body", BAD_ARGUMENT),
        (0, "on_log", BAD_ARGUMENT),
        (1, "on_request_headers", BAD_ARGUMENT),
        (1, "on_request_body", BAD_ARGUMENT),
        (1, "on_request_trailers", OK),
        (2, "on_request_headers", BAD_ARGUMENT),
        (2, "on_response_headers", OK),
        (2, "on_response_body", BAD_ARGUMENT),
        (3, "on_response_headers", BAD_ARGUMENT),
        (3, "on_response_trailers", OK),
        (4, "on_request_headers", BAD_ARGUMENT),
        (7, "on_response_headers", BAD_ARGUMENT),
        (8, "on_request_headers", BAD_ARGUMENT),
    ],
)
def test_where_a_map_can_be_changed(map_type: int, phase: str, status: Status) -> None:
    (answers,) = in_phase(
        phase,
        lambda calls: {
            calls.add_header_map_value(map_type, "x", "1"),
            calls.replace_header_map_value(map_type, "x", "2"),
            calls.remove_header_map_value(map_type, "x"),
            calls.set_header_map_pairs(map_type, pairs.encode([(b":path", b"/"), (b"a", b"1")]))
            if map_type > 3
            else (status,),
        },
    )

    assert answers == {(status,)}


@pytest.mark.parametrize(
    ("phase", "map_type", "status"),
    [("on_request_headers", 0, OK), ("on_log", 0, BAD_ARGUMENT), ("on_log", 2, BAD_ARGUMENT)],
)
def test_the_size_of_a_map_counts_as_a_change(phase: str, map_type: int, status: Status) -> None:
    (answer,) = in_phase(phase, lambda calls: calls.get_header_map_size(map_type))

    assert answer[0] is status


@pytest.mark.parametrize(
    ("phase", "buffer", "answer"),
    [
        ("on_request_headers", 0, (OK, b"")),
        ("on_request_body", 0, (OK, b"abc")),
        ("on_request_body", 1, (OK, b"")),
        ("on_request_trailers", 0, (OK, b"")),
        ("on_response_body", 1, (OK, b"def")),
        ("on_log", 1, (OK, b"")),
        ("on_request_headers", 4, (NOT_FOUND,)),
        ("on_request_headers", 5, (OK, b"")),
        ("on_request_headers", 6, (OK, b"")),
        ("on_request_headers", 7, (NOT_FOUND,)),
        ("on_request_headers", 8, (OK, b"")),
        ("on_request_headers", 9, (BAD_ARGUMENT,)),
    ],
)
def test_buffers(phase: str, buffer: int, answer: tuple[Any, ...]) -> None:
    (seen,) = in_phase(phase, lambda calls: calls.get_buffer_bytes(buffer, 0, 100))

    assert seen == answer


def test_callbacks_come_in_envoys_order_with_log_before_done() -> None:
    seen: list[tuple[str, tuple[int, ...]]] = []

    def noting(name: str) -> Any:
        return lambda _calls, *arguments: seen.append((name, arguments))

    names = ["on_context_create", *PHASES, "on_delete"]
    host(**{name: noting(name) for name in names}).request(
        "POST", "/", upstream=FULL_RESPONSE, **FULL
    )

    assert seen == [
        ("on_context_create", (1, 0)),
        ("on_context_create", (2, 1)),
        ("on_request_headers", (2, 6, 0)),
        ("on_request_body", (2, 3, 0)),
        ("on_request_trailers", (2, 1)),
        ("on_response_headers", (2, 4, 0)),
        ("on_response_body", (2, 3, 0)),
        ("on_response_trailers", (2, 1)),
        ("on_log", (2,)),
        ("on_done", (2,)),
        ("on_delete", (2,)),
    ]


def test_the_plugins_configuration_is_shown_in_on_configure_only() -> None:
    seen: dict[str, Any] = {}

    def probe(name: str) -> Any:
        def callback(calls: Calls, *_: int) -> int:
            seen[name] = calls.get_buffer_bytes(7, 0, 100)
            return 1

        return callback

    names = ["on_vm_start", "on_configure"]
    host(**{name: probe(name) for name in names})

    assert seen == {"on_vm_start": (NOT_FOUND,), "on_configure": (OK, b"")}


def test_headers_are_read_as_they_are_and_written_to_the_upstream() -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        assert calls.get_header_map_value(0, "X-Tenant") == (OK, "gold")
        assert calls.get_header_map_value(0, "absent") == (NOT_FOUND,)
        calls.add_header_map_value(0, "X-Tenant", "silver")
        calls.replace_header_map_value(0, "x-new", "1")
        calls.remove_header_map_value(0, "x-old")
        return 0

    loaded = host(on_request_headers=on_request_headers)
    loaded.get("/", {"x-tenant": "gold", "x-old": "1"})

    (request,) = loaded.upstream_requests
    assert request.headers.get_all("x-tenant") == ["gold", "silver"]
    assert request.headers["x-new"] == "1"
    assert "x-old" not in request.headers


def test_malformed_pairs_clear_the_headers_and_the_request_finds_no_route() -> None:
    def on_request_headers(calls: Calls, *_: int) -> int:
        assert calls.set_header_map_pairs(0, b"\1\0\0\0\xff") == (OK,)
        return 0

    loaded = host(on_request_headers=on_request_headers)
    response = loaded.get("/")

    assert response.status in (404, 503)
    assert loaded.upstream_requests == []
