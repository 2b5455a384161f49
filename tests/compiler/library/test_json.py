"""The compiled filters' json against CPython's."""

import json as cpython_json
import sys
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mixer2.compiler.library import json
from tests.compiler.library.json_texts import damaged, tokens, values


def outcome(module: Any, text: str | bytes) -> tuple[str, ...]:
    """What `loads` does, in a form that tells 1, 1.0 and True, and NaN, apart."""
    try:
        return ("value", repr(module.loads(text)))
    except module.JSONDecodeError as error:
        place = f"{error.pos} {error.lineno} {error.colno} {error.doc!r}"
        if error.msg.startswith("Illegal trailing comma"):  # CPython 3.13's wording
            return ("JSONDecodeError",)
        return ("JSONDecodeError", error.msg, str(error), place)
    except (ValueError, RecursionError) as error:
        return (type(error).__name__, str(error))


def assert_equal_outcome(text: str | bytes) -> None:
    ours = outcome(json, text)
    theirs = outcome(cpython_json, text)
    assert ours[: len(theirs)] == theirs


@given(values, st.booleans())
def test_values_are_read_as_by_cpython(value: object, ensure_ascii: bool) -> None:
    assert_equal_outcome(cpython_json.dumps(value, ensure_ascii=ensure_ascii, indent=1))


@given(values, st.booleans(), st.booleans(), st.sampled_from([None, (",", ":"), (" ;", "=")]))
def test_values_are_written_as_by_cpython(
    value: object, ensure_ascii: bool, sort_keys: bool, separators: tuple[str, str] | None
) -> None:
    ours = json.dumps(value, ensure_ascii=ensure_ascii, sort_keys=sort_keys, separators=separators)

    assert ours == cpython_json.dumps(
        value, ensure_ascii=ensure_ascii, sort_keys=sort_keys, separators=separators
    )


@settings(max_examples=500)
@given(tokens)
@example('"\\ud800\\u0041"')
@example('"\\ud800\\u12g4"')
@example('"\\ud800\\u12')
@example('"\\u1_23"')
@example("1_000")
@example("\u0661")  # a digit, but not an ASCII one
def test_token_soup_has_the_outcome_of_cpython(text: str) -> None:
    assert_equal_outcome(text)


@settings(max_examples=500)
@given(damaged())
def test_damaged_json_has_the_outcome_of_cpython(text: str) -> None:
    assert_equal_outcome(text)


@given(values)
def test_bytes_are_read_with_and_without_byte_order_mark(value: object) -> None:
    data = cpython_json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")

    assert_equal_outcome(data)
    assert_equal_outcome(b"\xef\xbb\xbf" + data)


@pytest.mark.parametrize("data", [b'"\xff"', b'"\xc3', b"[1, \xe2\x82]"])
def test_bytes_that_are_not_utf8_are_refused_as_by_cpython(data: bytes) -> None:
    assert outcome(json, data)[0] == "UnicodeDecodeError"
    assert_equal_outcome(data)


@pytest.mark.parametrize(
    ("opening", "kind"), [("[", "array"), ('{"a":', "object"), ('[{"a":', "array")]
)
def test_depth_is_bounded(opening: str, kind: str) -> None:
    with pytest.raises(RecursionError) as raised:
        json.loads(opening * 100_000)

    message = f"maximum recursion depth exceeded while decoding a JSON {kind} from a unicode string"
    assert str(raised.value) == message


def test_depth_up_to_the_bound_is_read_and_written() -> None:
    text = "[" * 200 + "]" * 200

    assert json.dumps(json.loads(text)) == text


def test_a_value_that_contains_itself_is_refused() -> None:
    value: list[object] = []
    value.append(value)

    with pytest.raises(RecursionError):
        json.dumps(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), [1e308 * 10]])
def test_numbers_beyond_json(value: object) -> None:
    assert json.dumps(value) == cpython_json.dumps(value)
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        json.dumps(value, allow_nan=False)


@pytest.mark.parametrize("value", [{1: 2, "b": 1.5}, {True: 0, None: 1, 2.5: 2}, (1, ("a",)), ()])
def test_names_and_tuples_are_converted_as_by_cpython(value: object) -> None:
    assert json.dumps(value) == cpython_json.dumps(value)


@pytest.mark.parametrize("value", [b"", {1}, [object()], {"a": 1j}, {(1,): 2}])
def test_other_types_are_refused_as_by_cpython(value: object) -> None:
    with pytest.raises(TypeError) as theirs:
        cpython_json.dumps(value)
    with pytest.raises(TypeError) as ours:
        json.dumps(value)

    assert str(ours.value) == str(theirs.value)


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="CPython 3.13 words these two anew")
@pytest.mark.parametrize("text", ["[1,]", '{"a": 1, }'])
def test_trailing_commas_are_described_as_by_cpython_3_11(text: str) -> None:
    assert_equal_outcome(text)
