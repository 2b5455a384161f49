"""Case and character classes, for every code point, against CPython's.

The tables hold the Unicode version of unicode_data.c. Under a Python with another one, code points
whose properties it lacks are left out.
"""

import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.runtime.harness import LinkedRuntime, Runtime

DATA = Path(__file__).parents[2] / "build" / "runtime" / "unicode_data.c"
FINAL_SIGMA = "Σ"
CHUNK = 4096


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


@pytest.fixture(scope="module")
def code_points() -> list[str]:
    """All that Python and the tables agree to exist."""
    found = re.search(r"Unicode (\S+),", DATA.read_text(encoding="ascii"))
    assert found
    everything = [chr(code) for code in range(0x110000)]
    if found[1] == unicodedata.unidata_version:
        return everything
    # What a newer version added is unassigned in Python 3.11's database; ucd_3_2_0 is in all.
    return [c for c in everything if unicodedata.ucd_3_2_0.category(c) != "Cn"]


CASES: list[tuple[str, Callable[[str], str]]] = [
    ("CPyStr_Lower", str.lower),
    ("CPyStr_Upper", str.upper),
    ("str_casefold", str.casefold),
    ("str_swapcase", str.swapcase),
    ("str_title", str.title),
]
CLASSES: list[tuple[str, Callable[[str], bool]]] = [
    ("CPyStr_IsDigit", str.isdigit),
    ("CPyStr_IsAlnum", str.isalnum),
    ("CPyStr_IsSpace", str.isspace),
    ("str_is_alpha", str.isalpha),
    ("str_is_decimal", str.isdecimal),
    ("str_is_numeric", str.isnumeric),
    ("str_is_printable", str.isprintable),
    ("str_is_lower", str.islower),
    ("str_is_upper", str.isupper),
    ("str_is_title", str.istitle),
]


@pytest.mark.parametrize(("function", "method"), CASES)
def test_case_of_texts(
    guest: Runtime, code_points: list[str], function: str, method: Callable[[str], str]
) -> None:
    for start in range(0, len(code_points), CHUNK):
        # In titles, spaces make each character begin a word.
        between = " " if method is str.title else ""
        text = between.join(code_points[start : start + CHUNK]).replace(FINAL_SIGMA, "")
        assert guest.call(function, text) == method(text)
    for text in ("", "Hello, World 42", "straße", "İstanbul", "ﬁn", "ΑΣ."):
        if FINAL_SIGMA not in text:
            assert guest.call(function, text) == method(text)


def test_capitals(guest: Runtime, code_points: list[str]) -> None:
    for character in (c for c in code_points if c != c.title() or c in "1 語"):
        text = character + "ǅAß"
        assert guest.call("str_capitalize", text) == text.capitalize()


@given(st.text("aA\u03c3Σ\u03c2.'1 \u0301έ\xadß", max_size=8))
@example("\u03c2Σ")
@example("ΟΔΥΣΣΕΥΣ ΤΗΣ ΙΘΑΚΗΣ. Σ ΑΣ' Σ'ΑΓΑΠΩ 1Σ AΣ")
def test_sigmas(guest: Runtime, text: str) -> None:
    for function, method in CASES:
        assert guest.call(function, text) == method(text)
    assert guest.call("str_capitalize", text) == text.capitalize()


@pytest.mark.parametrize(("function", "method"), CLASSES)
def test_classes(
    guest: Runtime, code_points: list[str], function: str, method: Callable[[str], bool]
) -> None:
    """All members together are of the class; what lies beside a run of members is not."""
    if method is str.istitle:  # small letters belong to titles, but begin none
        for text in ("A", "a", "Ab", "AB", "A B", "A b", "aB", "ǅ", "ǅa", "1A", "A1b", "", "É é"):
            assert guest.call(function, text, result="raw") == text.istitle()
        return
    members = "".join(c for c in code_points if method(c))
    assert guest.call(function, members, result="raw") == 1
    edges = [pair for pair in pairwise(code_points) if method(pair[0]) != method(pair[1])]
    beside = {character for pair in edges for character in pair}
    for character in [*code_points[:128], *beside]:
        answer = guest.call(function, character, result="raw")
        assert answer == method(character), hex(ord(character))
    for text in ("", "a", "1", " ", "a1", "a 1", "\x7f", "A"):
        assert guest.call(function, text, result="raw") == method(text)


def test_repr_of_every_code_point(guest: Runtime, code_points: list[str]) -> None:
    for start in range(0, len(code_points), CHUNK):
        text = "".join(code_points[start : start + CHUNK])
        assert guest.call("str_repr", text) == repr(text)


def test_strip_of_every_code_point(guest: Runtime, code_points: list[str]) -> None:
    spaces = "".join(c for c in code_points if c.isspace())
    assert guest.call("CPyStr_Strip", spaces + "x" + spaces, None) == "x"
    text = " ".join(code_points[:0x3100])
    assert guest.call("PyUnicode_Split", text, None, -1) == text.split()
