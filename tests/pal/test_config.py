"""Configurations, and what their authors read when they are wrong."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pal import ConfigurationError
from pal.config import Config

SOME = b"""{
    "header": "X-Tenant", "limit": 7, "ratio": 0.5, "whole": 2, "on": true,
    "names": ["a", "b"], "inner": {"limit": 3, "deeper": {"names": ["c"]}}
}"""


def test_fields_have_their_types() -> None:
    found = Config.parse(SOME)

    assert found.get_str("header", "") == "X-Tenant"
    assert found.get_header_name("header", "") == "x-tenant"
    assert found.get_int("limit", 0) == 7
    assert found.get_float("ratio", 0.0) == 0.5
    assert found.get_float("whole", 0.0) == 2.0
    assert found.get_bool("on", False) is True
    assert found.get_str_list("names", []) == ["a", "b"]
    inner = found.get_section("inner")
    assert inner.get_int("limit", 0) == 3
    assert inner.get_section("deeper").get_str_list("names", []) == ["c"]
    found.refuse_unknown_fields()


@pytest.mark.parametrize("data", [b"", b"{}", b" { } "])
def test_absent_fields_have_their_defaults(data: bytes) -> None:
    found = Config.parse(data)

    assert found.get_str("header", "x-a") == "x-a"
    assert found.get_header_name("header", "X-A") == "x-a"
    assert found.get_int("limit", 100, minimum=1) == 100
    assert found.get_float("ratio", 0.25) == 0.25
    assert found.get_bool("on", True) is True
    assert found.get_str_list("names", ["d"]) == ["d"]
    assert found.get_section("inner").get_int("limit", 5) == 5
    found.refuse_unknown_fields()


READS: dict[str, Callable[[Config], object]] = {
    "str": lambda found: found.get_str("f", ""),
    "header": lambda found: found.get_header_name("f", ""),
    "int": lambda found: found.get_int("f", 0, minimum=1, maximum=9),
    "float": lambda found: found.get_float("f", 0.0),
    "bool": lambda found: found.get_bool("f", False),
    "list": lambda found: found.get_str_list("f", []),
    "section": lambda found: found.get_section("f"),
}


@pytest.mark.parametrize(
    ("read", "value", "message"),
    [
        ("str", "1", "f: expected a string, got an integer"),
        ("str", "null", "f: null has no meaning here; leave the field out"),
        ("header", '"x tenant"', "f: not a header name: x tenant"),
        ("header", '":path"', "f: not a header name: :path"),
        ("header", '"naïve"', "f: not a header name: naïve"),
        ("header", '""', "f: expected a header name, got the empty string"),
        ("int", '"7"', "f: expected an integer, got a string"),
        ("int", "true", "f: expected an integer, got true"),
        ("int", "7.0", "f: expected an integer, got a fractional number"),
        ("int", "0", "f: expected at least 1, got 0"),
        ("int", "10", "f: expected at most 9, got 10"),
        ("float", "false", "f: expected a number, got false"),
        ("float", "[]", "f: expected a number, got a list"),
        ("bool", "0", "f: expected true or false, got an integer"),
        ("list", "{}", "f: expected a list of strings, got an object"),
        ("list", '["a", 1]', "f[1]: expected a string, got an integer"),
        ("section", "[]", "f: expected an object, got a list"),
    ],
)
def test_a_wrong_field_is_named_with_what_came(read: str, value: str, message: str) -> None:
    found = Config.parse(f'{{"f": {value}}}'.encode())

    with pytest.raises(ConfigurationError) as raised:
        READS[read](found)

    assert str(raised.value) == message


def test_a_field_is_named_by_its_path() -> None:
    inner = Config.parse(SOME).get_section("inner").get_section("deeper")

    with pytest.raises(ConfigurationError) as raised:
        inner.get_int("names", 0)
    assert str(raised.value) == "inner.deeper.names: expected an integer, got a list"
    assert str(inner.refusal("names", "too few")) == "inner.deeper.names: too few"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "not JSON: line 1 column 2: expected a name in double quotes"),
        (b'{"a" 1}', "not JSON: line 1 column 6: expected ':'"),
        (b'{\n  "a": 1,\n  "b": tru\n}', "not JSON: line 3 column 8: expected a value"),
        (b'{"a": 1} x', "not JSON: line 1 column 10: expected the end"),
        (b'{"a": 1,}', "not JSON: line 1 column 9: expected a name in double quotes"),
        (b'{"a": 01}', "not JSON: line 1 column 8: expected ',' or the end of the list or object"),
        (b'{"a": "\\x"}', "not JSON: line 1 column 9: unknown escape"),
        (b'{"a": "\xff"}', "not JSON: 'utf-8' codec can't decode byte 0xff in position 7"),
        (b"[" * 10_000, "not JSON: line 1 column 101: nested more than 100 levels deep"),
        (b"[1]", "expected an object, got a list"),
        (b"null", "expected an object, got null"),
    ],
)
def test_what_is_no_object_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        Config.parse(data)

    assert str(raised.value).startswith(message)


def test_an_unknown_field_is_refused_with_the_known_ones() -> None:
    found = Config.parse(b'{"limit": 1, "limmit": 2}')
    found.get_int("limit", 0)
    found.get_str("header", "")

    with pytest.raises(ConfigurationError) as raised:
        found.refuse_unknown_fields()
    assert str(raised.value) == "limmit: unknown field; there are limit, header"


def test_an_unknown_field_of_a_section_is_refused() -> None:
    found = Config.parse(b'{"inner": {"limmit": 2}}')
    found.get_section("inner").get_int("limit", 0)

    with pytest.raises(
        ConfigurationError, match=r"^inner\.limmit: unknown field; there are limit$"
    ):
        found.refuse_unknown_fields()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text(max_size=6), JSON, max_size=4),
    st.booleans(),
    st.sampled_from([None, 2]),
)
def test_fields_are_those_that_json_reads(
    document: dict[str, object], ascii_only: bool, indent: int | None
) -> None:
    """CPython's json writes it and says what is in it; `infinity` is not JSON."""
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent)
    if "Infinity" in text:
        return
    found = Config.parse(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode())
    for name, value in json.loads(
        text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    ).items():
        if isinstance(value, str):
            assert found.get_str(name, "") == value
        elif isinstance(value, bool):
            assert found.get_bool(name, not value) is value
        elif isinstance(value, int) and abs(value) < 10**16:
            assert found.get_int(name, 0) == value
        elif isinstance(value, float):
            assert found.get_float(name, 0.0) == value


@given(
    st.binary(max_size=30)
    | st.text(alphabet='{}[]",:\\u0123eE.-+tfn \n', max_size=20).map(str.encode)
)
@example(b"0{")
@example(b"[0[]")
@example(b'[{"b":0}{]')
def test_what_json_refuses_is_refused(data: bytes) -> None:
    document = b'{"a":' + data + b"}"
    try:
        json.loads(document, parse_constant=_refuse)
    except (ValueError, RecursionError):
        with pytest.raises(ConfigurationError):
            Config.parse(document)
    else:
        Config.parse(document)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


@given(
    st.binary(max_size=40)
    | st.text(max_size=20).map(lambda text: json.dumps({text: text}).encode())
)
def test_only_configuration_errors_escape(data: bytes) -> None:
    with suppress(ConfigurationError):
        found = Config.parse(data)
        for read in READS.values():
            read(found)
        found.refuse_unknown_fields()
