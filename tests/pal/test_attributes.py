import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pal import AttributeTypeError, HostcallError, attributes, pairs, status
from tests.pal.fake_host import FakeHost


def test_values_have_their_types(host: FakeHost) -> None:
    host.attributes = {
        "plugin_name": b"caf\xc3\xa9",
        "response.code": struct.pack("<q", 404),
        "connection.mtls": b"\x01",
        "request.id": b"",
    }

    assert attributes.get_str("plugin_name") == "café"
    assert attributes.get_int("response.code") == 404
    assert attributes.get_bool("connection.mtls") is True
    assert attributes.get_bytes("request.id") == b""
    assert attributes.get_str("request.id") == ""


def test_what_has_no_value_here_is_none(host: FakeHost) -> None:
    assert attributes.get_bytes("request.path") is None
    assert attributes.get_str("request.path") is None
    assert attributes.get_int("request.size") is None
    assert attributes.int_or("request.size", -1) == -1
    assert attributes.get_bool("connection.mtls") is None
    host.refusals["get_property"] = status.SERIALIZATION_FAILURE
    assert attributes.get_str("xds.upstream_host_locality_metadata") is None


@pytest.mark.parametrize("value", [0, 1, -1, 2**32 - 1, 2**32, -(2**32), 2**62 - 1, -(2**62)])
def test_integers_are_signed_64_bit_little_endian(host: FakeHost, value: int) -> None:
    host.attributes["a"] = struct.pack("<q", value)

    assert attributes.get_int("a") == value
    assert attributes.int_or("a", -1) == value


def test_the_elements_of_a_path_are_separated_by_nul_for_the_proxy(host: FakeHost) -> None:
    attributes.get_bytes("xds.node.id")
    attributes.get_bytes("filter_state\0envoy.string")

    assert host.asked == ["xds\0node\0id", "filter_state\0envoy.string"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a: expected an integer, got 0 bytes"),
        (b"1234567", "got 7 bytes"),
        (b"123456789", "9"),
    ],
)
def test_a_value_of_another_size_is_no_integer(host: FakeHost, data: bytes, message: str) -> None:
    host.attributes["a"] = data

    with pytest.raises(AttributeTypeError, match=message):
        attributes.get_int("a")


def test_a_value_of_another_size_is_no_boolean(host: FakeHost) -> None:
    host.attributes["a"] = b"12345678"

    with pytest.raises(AttributeTypeError, match="a: expected a boolean, got 8 bytes"):
        attributes.get_bool("a")


def test_other_refusals_are_errors(host: FakeHost) -> None:
    host.refusals["get_property"] = status.INTERNAL_FAILURE

    with pytest.raises(HostcallError, match="get_property: INTERNAL_FAILURE"):
        attributes.get_str("plugin_name")


@given(st.integers(-1, 100))
def test_every_status_has_a_name(code: int) -> None:
    known = 0 <= code <= status.UNIMPLEMENTED

    assert (status.name(code) == f"status {code}") != known


def test_numbers_maps_and_lists(host: FakeHost) -> None:
    headers = pairs.encode([("a", "1"), ("b", "\udcff")])
    host.attributes = {"double": struct.pack("<d", -0.1), "map": headers, "short": b"1234"}

    assert attributes.get_double("double") == -0.1
    assert attributes.get_map("map") == [("a", b"1"), ("b", b"\xff")]
    assert attributes.get_text_map("map") == [("a", "1"), ("b", "\udcff")]
    assert attributes.get_list("map") == [b"a", b"b"]
    assert attributes.get_double("none") is None
    assert attributes.get_map("none") == []
    assert attributes.get_list("none") == []
    with pytest.raises(AttributeTypeError, match="expected a number, got 4 bytes"):
        attributes.get_double("short")
