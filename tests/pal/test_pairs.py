"""The wire format of header maps."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pal import pairs

# What comes out of decoding any bytes with surrogateescape.
texts = st.binary(max_size=12).map(lambda data: data.decode("utf-8", "surrogateescape"))
headers = st.lists(st.tuples(texts, texts), max_size=6)


def test_the_layout_is_that_of_the_specification() -> None:
    assert pairs.encode([(":path", "/"), ("x-a", "")]) == (
        struct.pack("<5I", 2, 5, 1, 3, 0) + b":path\0/\0" + b"x-a\0\0"
    )


def test_no_headers_are_no_bytes_as_envoy_writes_them() -> None:
    assert pairs.encode([]) == b""
    assert pairs.items(b"") == []
    assert pairs.count(b"") == 0


@given(headers)
def test_what_is_encoded_is_read(expected: list[tuple[str, str]]) -> None:
    encoded = pairs.encode(expected)

    assert pairs.items(encoded) == expected
    assert pairs.count(encoded) == len(expected)
    for name, _ in [*expected, ("missing", "")]:
        assert pairs.values(encoded, name) == [value for n, value in expected if n == name]
        assert pairs.first(encoded, name) == dict(reversed(expected)).get(name)


@given(
    st.binary(max_size=80)
    | st.builds(
        lambda n, rest: struct.pack("<I", n) + rest, st.integers(0, 4), st.binary(max_size=60)
    )
)
def test_no_bytes_make_reading_fail(noise: bytes) -> None:
    found = pairs.items(noise)

    assert pairs.count(noise) == len(found)
    for name, _ in found:
        assert pairs.first(noise, name) == dict(reversed(found))[name]
        assert name in dict(found)
    assert pairs.first(noise, "missing") == dict(reversed(found)).get("missing")


@given(headers, st.data())
def test_a_cut_list_ends_where_it_was_cut(
    expected: list[tuple[str, str]], data: st.DataObject
) -> None:
    encoded = pairs.encode(expected)
    cut = encoded[: data.draw(st.integers(0, len(encoded)))]

    found = pairs.items(cut)

    assert found == expected[: len(found)]
    assert len(found) < len(expected) or cut == encoded


@pytest.mark.parametrize("size", [0xFFFF_FFFF, 0x8000_0000, 0x7FFF_FFFF])
def test_huge_sizes_end_the_list(size: int) -> None:
    assert pairs.items(struct.pack("<I", size) + b"ab") == []
    assert pairs.items(struct.pack("<3I", 1, size, 0) + b"ab\0") == []
    assert pairs.first(struct.pack("<3I", 1, 0, size) + b"\0ab\0", "") is None
