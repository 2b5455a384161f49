"""The pairs format: round trip, and what is malformed clears."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer2.testhost import pairs
from mixer2.testhost.header_map import HeaderMap

texts = st.binary(max_size=20)


@given(st.lists(st.tuples(texts, texts), max_size=20))
def test_round_trip(listed: list[tuple[bytes, bytes]]) -> None:
    assert pairs.decode(pairs.encode(listed)) == listed


@given(st.binary(max_size=200))
def test_noise_is_a_list_or_nothing(noise: bytes) -> None:
    decoded = pairs.decode(noise)

    assert decoded == [] or pairs.encode(decoded) == noise


@given(st.binary())
def test_any_bytes_survive_as_text(data: bytes) -> None:
    assert pairs.encode_text(pairs.decode_text(data)) == data


@given(st.text() | st.text(st.characters(categories=["Cs"])))
def test_any_text_has_bytes(text: str) -> None:
    assert pairs.encode_text(text).decode("utf-8", "surrogateescape").encode(
        "utf-8", "surrogateescape"
    ) == pairs.encode_text(text)


def test_surrogates_are_bytes_or_themselves() -> None:
    assert pairs.encode_text("é\udcff\ud800\udc7f") == b"\xc3\xa9\xff\xed\xa0\x80\xed\xb1\xbf"


GOOD = pairs.encode([(b"a", b"1"), (b"bc", b"23")])


@pytest.mark.parametrize("size", range(len(GOOD)))
def test_every_truncation_is_malformed(size: int) -> None:
    assert pairs.decode(GOOD[:size]) == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(GOOD + b"\0", id="bytes left over"),
        pytest.param(GOOD.replace(b"a\0", b"a!"), id="no NUL behind a key"),
        pytest.param(GOOD[:-1] + b"!", id="no NUL at the end"),
        pytest.param(struct.pack("<I", 0xFFFFFFFF) + GOOD[4:], id="count of 2**32 - 1"),
        pytest.param(pairs.encode([(b"k", b"")] * 1025), id="1025 pairs"),
        pytest.param(pairs.encode([(b"k", b"v" * (1 << 20))]), id="over 1 MiB"),
    ],
)
def test_malformed_pairs_clear_the_map(data: bytes) -> None:
    headers = HeaderMap({"x": "y"})

    headers.replace_by_pairs(data)

    assert headers == {}


def test_1024_pairs_are_fine() -> None:
    assert len(pairs.decode(pairs.encode([(b"k", b"v")] * 1024))) == 1024
