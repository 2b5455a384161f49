"""Header maps: one fetch, kept and written through."""

from collections.abc import Callable

import pytest

from pal import HeaderMap, HeadersUnavailableError, HostcallError, status
from pal.abi import MAP_REQUEST_HEADERS, MAP_RESPONSE_HEADERS, MAP_RESPONSE_TRAILERS
from tests.pal.fake_host import FakeHost

USES: dict[str, Callable[[HeaderMap], object]] = {
    "get_header_map_pairs": lambda headers: headers.get("a"),
    "replace_header_map_value": lambda headers: headers.set("a", "b"),
    "add_header_map_value": lambda headers: headers.add("a", "b"),
    "remove_header_map_value": lambda headers: headers.remove("a"),
}

HEADERS = [(":path", "/"), ("cookie", "a=1"), ("cookie", "b=2"), ("x-tenant", "acme")]


@pytest.fixture
def headers(host: FakeHost) -> HeaderMap:
    host.maps[MAP_REQUEST_HEADERS] = list(HEADERS)
    return HeaderMap(MAP_REQUEST_HEADERS)


def test_reads_cost_one_host_call(host: FakeHost, headers: HeaderMap) -> None:
    assert headers.get("x-tenant") == "acme"
    assert headers.get("cookie") == "a=1"
    assert headers.get_all("cookie") == ["a=1", "b=2"]
    assert headers.get_all("x-none") == []
    assert headers.get("x-none") is None
    assert ":path" in headers
    assert "x-none" not in headers
    assert headers.items() == HEADERS
    assert host.calls == ["get_header_map_pairs"]


def test_names_are_case_insensitive(headers: HeaderMap) -> None:
    assert headers.get("X-Tenant") == "acme"
    assert headers.get_all("Cookie") == ["a=1", "b=2"]
    headers.set("X-Tenant", "globex")
    assert headers.get("x-tenant") == "globex"
    assert headers.get("X-TENANT") == "globex"


def test_writes_reach_the_proxy_and_what_was_read(host: FakeHost, headers: HeaderMap) -> None:
    headers.get(":path")

    headers.set("x-tenant", "globex")
    headers.add("cookie", "c=3")
    headers.add("x-new", "1")
    headers.remove(":path")

    expected = [
        ("x-tenant", "globex"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("cookie", "c=3"),
        ("x-new", "1"),
    ]
    assert sorted(host.maps[MAP_REQUEST_HEADERS]) == sorted(expected)
    assert headers.items() == expected
    assert headers.get("cookie") == "a=1"
    assert headers.get_all("cookie") == ["a=1", "b=2", "c=3"]
    assert headers.get(":path") is None
    assert ":path" not in headers
    assert host.calls.count("get_header_map_pairs") == 1


def test_changing_a_list_of_values_changes_no_header(headers: HeaderMap) -> None:
    headers.get("cookie")
    headers.add("cookie", "c=3")

    headers.get_all("cookie").clear()

    assert headers.get_all("cookie") == ["a=1", "b=2", "c=3"]


def test_writes_alone_fetch_nothing(host: FakeHost, headers: HeaderMap) -> None:
    headers.set("x-a", "1")
    headers.add("x-a", "2")
    headers.remove("cookie")

    assert "get_header_map_pairs" not in host.calls
    assert headers.get_all("x-a") == ["1", "2"]
    assert "cookie" not in headers


def test_what_was_read_is_kept_when_the_proxy_shows_it_no_more(
    host: FakeHost, headers: HeaderMap
) -> None:
    headers.get("x-tenant")
    del host.maps[MAP_REQUEST_HEADERS]

    assert headers.get(":path") == "/"
    with pytest.raises(HeadersUnavailableError, match="request headers are there in"):
        headers.set(":path", "/other")
    assert headers.get(":path") == "/"


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize(
    ("map_type", "message"),
    [
        (MAP_REQUEST_HEADERS, "request headers are there in on_request_headers"),
        (1, "request trailers are there in on_request_trailers"),
        (MAP_RESPONSE_HEADERS, "response headers are there from on_response_headers on"),
        (MAP_RESPONSE_TRAILERS, "response trailers are there in on_response_trailers"),
    ],
)
def test_a_map_that_is_not_there_says_when_it_is(map_type: int, message: str) -> None:
    headers = HeaderMap(map_type)

    for use in USES.values():
        with pytest.raises(HeadersUnavailableError, match=message):
            use(headers)
    with pytest.raises(HeadersUnavailableError, match=message):
        headers.items()
    with pytest.raises(HeadersUnavailableError, match=message):
        headers.get_all("a")
    with pytest.raises(HeadersUnavailableError, match=message):
        assert "a" in headers


def test_in_the_log_phase_no_response_reads_as_no_headers(host: FakeHost) -> None:
    host.log_phase = True

    assert HeaderMap(MAP_RESPONSE_HEADERS).get(":status") is None


def test_an_empty_map_is_fetched_again(host: FakeHost) -> None:
    host.maps[MAP_RESPONSE_TRAILERS] = []
    trailers = HeaderMap(MAP_RESPONSE_TRAILERS)

    assert trailers.items() == []
    host.maps[MAP_RESPONSE_TRAILERS] = [("grpc-status", "0")]
    assert trailers.get("grpc-status") == "0"


def test_bytes_that_are_not_utf8_survive(host: FakeHost) -> None:
    raw = b"caf\xe9\xff".decode("utf-8", "surrogateescape")
    host.maps[MAP_REQUEST_HEADERS] = [("x-raw", raw)]

    value = HeaderMap(MAP_REQUEST_HEADERS).get("x-raw")

    assert value is not None
    assert value.encode("utf-8", "surrogateescape") == b"caf\xe9\xff"


@pytest.mark.parametrize("call", USES)
def test_other_refusals_name_call_and_status(host: FakeHost, headers: HeaderMap, call: str) -> None:
    host.refusals[call] = status.INTERNAL_FAILURE
    with pytest.raises(HostcallError, match=f"^{call}: INTERNAL_FAILURE$") as raised:
        USES[call](headers)

    assert raised.value.status == status.INTERNAL_FAILURE
