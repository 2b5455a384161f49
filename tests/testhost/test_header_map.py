"""Header maps: Envoy's manners."""

import pytest

from mixer2.testhost.header_map import INLINE_REQUEST_HEADERS, HeaderMap


def test_names_are_lower_cased() -> None:
    headers = HeaderMap({"X-Tenant": "Gold"})

    assert headers.items() == [("x-tenant", "Gold")]
    assert headers["X-TENANT"] == "Gold"


def test_values_keep_their_order() -> None:
    headers = HeaderMap([("set-cookie", "a"), ("x", "1"), ("set-cookie", "b")])

    assert headers.get("set-cookie") == "a"
    assert headers.get_all("set-cookie") == ["a", "b"]


def test_set_replaces_all_values_by_one_at_the_end() -> None:
    headers = HeaderMap([("a", "1"), ("b", "2"), ("a", "3")])

    headers.set("a", "4")

    assert headers.items() == [("b", "2"), ("a", "4")]


def test_adding_to_an_inline_header_appends_to_its_value() -> None:
    headers = HeaderMap({"user-agent": "curl"}, INLINE_REQUEST_HEADERS)

    headers.add("User-Agent", "more")

    assert headers.items() == [("user-agent", "curl,more")]


def test_pseudo_headers_stand_first() -> None:
    headers = HeaderMap([("x", "1"), (":path", "/"), (":method", "GET")])

    assert list(headers) == [":path", ":method", "x"]


def test_byte_size_counts_bytes_not_characters() -> None:
    assert HeaderMap({"x": "é"}).byte_size == 3


def test_a_missing_header_names_those_that_are_there() -> None:
    with pytest.raises(KeyError, match=r"no header 'y'; there are \['x'\]"):
        HeaderMap({"x": "1"})["y"]
