"""Stat names: docs/decisions/0006."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pal.stat_names import StatNameError, escape, stat_name


def test_labels_stand_in_braces_in_their_order() -> None:
    name = stat_name("requests_total", ["tenant", "method"], ["acme", "GET"])

    assert name == "requests_total{tenant=acme,method=GET}"


def test_no_labels_no_braces() -> None:
    assert stat_name("requests_total", [], []) == "requests_total"


def test_values_must_match_labels() -> None:
    with pytest.raises(StatNameError, match="requests_total: expected 2 label values, got 1"):
        stat_name("requests_total", ["tenant", "method"], ["acme"])


@pytest.mark.parametrize(
    ("value", "escaped"),
    [
        ("acme", "acme"),
        ("a b:c=d|e;f'g\"h\\i", "a b:c=d|e;f'g\"h\\i"),
        ("100%", "100%25"),
        ("{a,b}", "%7Ba%2Cb%7D"),
        ("a\nb\tc\0d\x7f", "a%0Ab%09c%00d%7F"),
        ("a.b", "a.b"),
        ("a.", "a%2E"),
        ("a..", "a.%2E"),
        (".", "%2E"),
        ("", "none"),
        ("zürich 東京 😀", "zürich 東京 😀"),
        (b"caf\xe9".decode("utf-8", "surrogateescape"), "caf%E9"),
        ("\ud800", "\ufffd"),
        ("x" * 70, "x" * 64),
        ("é" * 33, "é" * 32),
        ("x" + "東" * 30, "x" + "東" * 21),
        ("x" * 61 + "😀", "x" * 61),
        ("x" * 63 + "..", "x" * 63 + "%2E"),
        ("%" * 65, "%25" * 64),
    ],
)
def test_escaping(value: str, escaped: str) -> None:
    assert escape(value) == escaped


any_value = st.text() | st.binary(max_size=200).map(lambda b: b.decode("utf-8", "surrogateescape"))


@given(any_value)
def test_an_escaped_value_is_safe_in_a_stat_name(value: str) -> None:
    escaped = escape(value)

    assert escaped
    assert not re.search(r"[{},\x00-\x1f\x7f]", escaped)
    assert not re.search(r"%(?![0-9A-F]{2})", escaped)
    assert not escaped.endswith(".")
    escaped.encode("utf-8")


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_different_values_stay_different(one: bytes, other: bytes) -> None:
    texts = [data.decode("utf-8", "surrogateescape") for data in (one, other)]

    same = escape(texts[0]) == escape(texts[1])

    assert same == (one == other or {one, other} == {b"", b"none"})
