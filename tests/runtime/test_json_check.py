"""Where JSON ends, in the run-time against plain Python; and both against the JSON library."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pal import json_check
from tests.runtime.harness import LinkedRuntime, Runtime, Tagged

CHARACTERS = '{}[],:"\\ \n\t\x01u0019dDfF-+.eEtruefalsn x'
soup = st.text(CHARACTERS, max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=3), part),
    max_leaves=8,
)
documents = st.builds(json.dumps, values, indent=st.sampled_from([None, 1]))


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def both(guest: Runtime, function: str, data: bytes, start: int) -> object:
    compiled = guest.call(
        f"native__pal__json_check__{function}", data, Tagged(start), result="tagged"
    )
    assert compiled == getattr(json_check, function)(data, start)
    return compiled


@given(documents | soup)
@example("[" * 100 + "]" * 100)
@example("[" * 101 + "]" * 101)
@example('{"a":1,}')
@example('"\\u00g0"')
@example('"\\')
@example("-")
@example("1.")
@example("")
def test_values_end_as_in_python(guest: Runtime, text: str) -> None:
    data = text.encode()
    for start in range(len(data) + 1):
        both(guest, "end", data, start)
        both(guest, "behind_space", data, start)


@given(documents, st.integers(0, 60), st.sampled_from(CHARACTERS + "\0é"))
def test_what_is_json_is_json_to_python(
    guest: Runtime, document: str, at: int, character: str
) -> None:
    for text in (document, document[:at] + character + document[at + 1 :]):
        data = text.encode()
        start = json_check.behind_space(data, 0)
        end = both(guest, "end", data, start)
        assert isinstance(end, int)
        is_json = end >= 0 and json_check.behind_space(data, end) == len(data)
        try:
            json.loads(text, parse_constant=_refuse)
        except ValueError:
            assert not is_json
        else:
            assert is_json


def _refuse(constant: str) -> None:
    raise ValueError(constant)


@given(values)
def test_kinds(guest: Runtime, value: object) -> None:
    data = json.dumps(value).encode()
    kind = both(guest, "kind", data, 0)
    kinds = {str: 0, int: 1, float: 1, type(None): 4, list: 5, dict: 6}
    assert kind == (3 - bool(value) if isinstance(value, bool) else kinds[type(value)])
    if kind == 1:
        fraction = guest.call(
            "native__pal__json_check__is_fractional", data, Tagged(0), result="raw"
        )
        assert bool(fraction) == json_check.is_fractional(data, 0) == isinstance(value, float)
