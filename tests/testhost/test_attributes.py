"""Attributes that a test sets; what is there by itself is in tests/conformance."""

import struct
from typing import Any

import pytest
from google.protobuf.internal.encoder import _VarintBytes  # type: ignore[attr-defined]
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from mixer2.testhost.metadata import metadata
from mixer2.testhost.properties import serialise
from mixer2.testhost.protobuf import bytes_field, number_field, read_fields, write_varint
from tests.testhost.scripted import NOT_FOUND, OK, Calls, host


def attribute(path: str, attributes: dict[Any, Any]) -> Any:
    """What a plugin reads in `on_request_headers`."""
    seen: list[Any] = []

    def on_request_headers(calls: Calls, *_: int) -> int:
        seen.append(calls.get_property(path.replace(".", "\0")))
        return 0

    host(on_request_headers=on_request_headers).get("/p?q", attributes=attributes)
    (answer,) = seen
    return answer


@pytest.mark.parametrize(
    ("path", "attributes", "value"),
    [
        ("source.address", {"source.address": "10.0.0.1:5"}, b"10.0.0.1:5"),
        ("source.port", {"source.port": 5}, (5).to_bytes(8, "little")),
        ("connection.mtls", {"connection.mtls": True}, b"\1"),
        ("request.duration", {"request.duration": 1_000_000}, (1_000_000).to_bytes(8, "little")),
        ("request.query", {}, b"q"),
        (
            "metadata.filter_metadata.ns.key",
            {"metadata.filter_metadata.ns.key": 2},
            struct.pack("<d", 2.0),
        ),
        ("xds.node.metadata.zone", {"xds.node.metadata.zone": "a"}, b"a"),
        ("filter_state.own key", {("filter_state", "own key"): b"raw"}, b"raw"),
        ("plugin_name", {"plugin_name": "renamed"}, b"renamed"),
    ],
)
def test_attributes_of_a_request(path: str, attributes: dict[Any, Any], value: bytes) -> None:
    assert attribute(path, attributes) == (OK, value)


def test_what_nobody_set_is_not_found() -> None:
    assert attribute("metadata.filter_metadata.ns.key", {}) == (NOT_FOUND,)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ("é", "é".encode()),
        (b"\xff", b"\xff"),
        (-1, b"\xff" * 8),
        (1.5, struct.pack("<d", 1.5)),
        (False, b"\0"),
        ({}, b"\0\0\0\0"),
        ({"k": 1}, b"\1\0\0\0\1\0\0\0\x08\0\0\0k\0\1\0\0\0\0\0\0\0\0"),
        (["a"], b"\1\0\0\0\1\0\0\0\0\0\0\0a\0\0"),
    ],
)
def test_serialised_values(value: object, data: bytes) -> None:
    assert serialise(value) == data


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_metadata_is_serialised_as_protobuf(members: dict[str, Any]) -> None:
    fields = read_fields(metadata({"ns": members}).serialise())

    assert fields is not None
    ((number, entry),) = fields
    assert number == 1
    assert isinstance(entry, bytes)
    inner = dict(read_fields(entry) or [])
    assert inner[1] == b"ns"
    assert isinstance(inner[2], bytes)
    expected = Struct()
    expected.update(members)
    assert MessageToDict(Struct.FromString(inner[2])) == MessageToDict(expected)


@given(st.binary())
def test_only_fields_or_none_come_of_noise(noise: bytes) -> None:
    fields = read_fields(noise)

    assert fields is None or all(number > 0 for number, _ in fields)


@given(st.lists(st.tuples(st.integers(1, 2**29 - 1), st.integers(1, 2**64 - 1) | st.binary())))
def test_fields_round_trip(fields: list[tuple[int, int | bytes]]) -> None:
    data = b"".join(
        bytes_field(number, value) if isinstance(value, bytes) else number_field(number, value)
        for number, value in fields
    )

    assert read_fields(data) == fields


@given(st.integers(0, 2**64 - 1))
def test_varints_are_as_protobuf_writes_them(value: int) -> None:
    assert write_varint(value) == _VarintBytes(value)
