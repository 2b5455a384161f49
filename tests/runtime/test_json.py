"""JSON as the run-time reads and writes it, against CPython's."""

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mixer2.compiler.library import _json_decoder
from tests.compiler.library.json_texts import damaged, tokens, values
from tests.runtime.harness import Boxed, Handle, LinkedRuntime, Runtime

READ = "native__pystd___json_decoder__read"
WRITE = "native__pystd___json_encoder__write"


@pytest.fixture(scope="module")
def shared(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def read(runtime: Runtime, text: str) -> str:
    """The value, or what is wrong; in a form that tells 1, 1.0 and True, and NaN, apart."""
    before = runtime.live_objects()
    fault = runtime.make([])
    try:
        value = runtime.call(READ, text, Handle(fault), counted=False)
        found = runtime.value(fault)
    finally:
        runtime.release(fault)
    assert runtime.live_objects() == before
    if not found:
        return repr(value)
    number, place = found
    assert value is None
    return f"{_json_decoder._MESSAGES[number]} at {place}"


def cpythons(text: str) -> str:
    try:
        return repr(json.JSONDecoder().decode(text))
    except json.JSONDecodeError as error:
        message = error.msg.partition(": ")[0]
        # CPython 3.13's wording.
        message = "Expecting value" if message.startswith("Illegal trailing") else message
        return f"{message} at {error.pos}"


def write(
    runtime: Runtime,
    value: object,
    *,
    ensure_ascii: bool = True,
    allow_nan: bool = True,
    separators: tuple[str, str] = (", ", ": "),
    sort_keys: bool = False,
) -> object:
    given = Boxed(value) if isinstance(value, int) else value
    return runtime.call(WRITE, given, ensure_ascii, allow_nan, *separators, sort_keys)


@settings(max_examples=300)
@given(values, st.booleans(), st.sampled_from([None, 1]))
def test_values_are_read(
    shared: Runtime, value: object, ensure_ascii: bool, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=ensure_ascii, indent=indent)

    assert read(shared, text) == cpythons(text)


@settings(max_examples=1000)
@given(tokens | damaged())
@example('"\\ud800\\u0041"')
@example('"\\ud83d\\ude00\\ud83d"')
@example('"\\ud800\\u12g4"')
@example('"\\ud800\\u12')
@example('["\\')
@example('{"a": [1, {"b": "c')
@example("[1.]")
@example("[1e+]")
@example("-")
@example("-Infinit")
def test_what_is_wrong_is_said_as_by_cpython(shared: Runtime, text: str) -> None:
    assert read(shared, text) == cpythons(text)


@given(st.text('a\x7f\x1f"\\é', max_size=24))
def test_strings_of_any_size_are_read_word_by_word(shared: Runtime, text: str) -> None:
    assert read(shared, f'"{text}"') == cpythons(f'"{text}"')


@settings(max_examples=300)
@given(
    values, st.booleans(), st.booleans(), st.sampled_from([(", ", ": "), (",", ":"), (" ;é", "=")])
)
def test_values_are_written(
    shared: Runtime,
    value: object,
    ensure_ascii: bool,
    sort_keys: bool,
    separators: tuple[str, str],
) -> None:
    written = write(
        shared, value, ensure_ascii=ensure_ascii, sort_keys=sort_keys, separators=separators
    )

    assert written == json.dumps(
        value, ensure_ascii=ensure_ascii, sort_keys=sort_keys, separators=separators
    )


@pytest.mark.parametrize(
    "value",
    [{1: 2, "b": 1.5}, {True: 0, None: 1, 2.5: 2, float("inf"): 3}, (1, ("a",)), (), {}, [[], {}]],
)
def test_names_and_tuples_are_converted(shared: Runtime, value: object) -> None:
    assert write(shared, value) == json.dumps(value)


@pytest.mark.parametrize("value", [[b""], {"a": {1}}, {b"": 1}, [1, {"x": [frozenset()]}]])
def test_other_types_are_refused(shared: Runtime, value: object) -> None:
    with pytest.raises(TypeError) as theirs:
        json.dumps(value)

    with pytest.raises(TypeError, match=r"serializable|keys must be") as ours:
        write(shared, value)

    assert str(ours.value) == str(theirs.value)


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"a": float("-inf")}])
def test_numbers_beyond_json(shared: Runtime, value: object) -> None:
    assert write(shared, value) == json.dumps(value)
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        write(shared, value, allow_nan=False)


def test_names_that_cannot_be_sorted_are_refused(shared: Runtime) -> None:
    with pytest.raises(TypeError, match="'<' not supported between instances of"):
        write(shared, {"a": 1, 2: 3}, sort_keys=True)


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = {"a": value} if depth % 2 else [value]
    return value


@pytest.mark.parametrize(
    ("act", "doing"),
    [
        (lambda runtime: read(runtime, "[" * 201), "decoding a JSON array from a unicode string"),
        (
            lambda runtime: read(runtime, '{"a":' * 201),
            "decoding a JSON object from a unicode string",
        ),
        (lambda runtime: write(runtime, nested(201)), "encoding a JSON object"),
        (lambda runtime: write(runtime, nested(202)), "encoding a JSON object"),
    ],
)
def test_depth_is_bounded(shared: Runtime, act: Callable[[Runtime], object], doing: str) -> None:
    with pytest.raises(RecursionError, match=f"maximum recursion depth exceeded while {doing}"):
        act(shared)


@pytest.mark.parametrize("depth", [199, 200])
def test_depth_up_to_the_bound(shared: Runtime, depth: int) -> None:
    text = json.dumps(nested(depth))

    assert write(shared, nested(depth)) == text
    assert read(shared, text) == repr(nested(depth))


@pytest.mark.parametrize("text", ["4611686018427387904", "[-4611686018427387905]", "9" * 5000])
def test_ints_beyond_63_bits_are_refused(shared: Runtime, text: str) -> None:
    with pytest.raises(OverflowError):
        read(shared, text)
