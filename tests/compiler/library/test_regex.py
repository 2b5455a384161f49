"""The compiled filters' `re` against CPython's: syntax, matches, errors."""

import json
import re
import warnings
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mixer2.compiler.library import re as ours
from tests.compiler.library.differential import differential

ATOMS = ["a", "b", "ab", "c", ".", "\\d", "\\w", "\\W", "\\s", "[ab]", "[^a]", "[a-c]", "[^\\w]"]
ATOMS += [
    "\\b",
    "\\B",
    "^",
    "$",
    "\\A",
    "\\Z",
    "é",
    "ß",
    "K",
    "s",
    "\\n",
    " ",
    "\u017f",
    "[à-ý]",
    "(?:)",
]
QUANTIFIERS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,3}?", "{2,}", "{,2}"]
TOKENS = [*ATOMS, *QUANTIFIERS, "(", ")", "[", "]", "|", "(?:", "(?P<n>", "(?P<", "(?", "(?i)", "{"]
TOKENS += [
    "(?i:",
    "(?-i:",
    "(?ax-s:",
    "(?x)",
    "(?#",
    "-",
    "}",
    ",",
    "1",
    "\\",
    "\\x4",
    "\\x41",
    "\n",
]
TOKENS += ["\\u00e", "\\U0010ffff", "\\0", "\\101", "\\777", "\\q", "#", ">", "é>", "?", "z-a"]
FLAGS = [0, re.IGNORECASE, re.MULTILINE, re.DOTALL, re.ASCII, re.IGNORECASE | re.ASCII, re.VERBOSE]
TEMPLATES = [
    "x",
    "\\1",
    "<\\g<0>>",
    "\\g<n>",
    "\\n\\101",
    "\\g<9>",
    "\\g",
    "\\q",
    "\\.",
    "\\8",
    "\\07",
]
texts = st.text("aabbcab 1_é\nß\u017fsSKk\u212a\u0131iI\u0130", max_size=8)

# What CPython takes and a linear-time matcher does not.
REFUSED = re.compile("linear time|not in the dialect|too large|LOCALE")


def repeated(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("(?:{}){}".format, part, st.sampled_from(QUANTIFIERS))


def larger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    forms = ["({})", "(?:{})", "(?P<n>{})", "(?i:{})", "(?s-i:{})"]
    return (
        st.builds("{}{}".format, part, part)
        | st.builds("(?:{}|{})".format, part, part)
        | st.builds("{}|{}".format, part, part)
        | st.builds(lambda form, text: str(form).format(text), st.sampled_from(forms), part)
        | repeated(part)
    )


patterns = st.recursive(st.sampled_from(ATOMS), larger, max_leaves=12)
soup = st.lists(st.sampled_from(TOKENS), max_size=7).map("".join)


@st.composite
def requests(draw: st.DrawFn, sources: st.SearchStrategy[str]) -> dict[str, Any]:
    is_text = draw(st.integers(0, 4)) > 0
    pattern, text = draw(sources), draw(texts)
    if not is_text:
        pattern, text = (t.encode("latin-1", "ignore").decode("latin-1") for t in (pattern, text))
    return {
        "is_text": is_text,
        "pattern": pattern,
        "text": text,
        "template": draw(st.sampled_from(TEMPLATES)),
        "flags": int(draw(st.sampled_from(FLAGS))),
        "start": draw(st.integers(-1, 4)),
        "end": draw(st.integers(-1, 9)),
    }


def request(pattern: str, text: str, template: str = "", flags: int = 0) -> dict[str, Any]:
    return {
        "is_text": True,
        "pattern": pattern,
        "text": text,
        "template": template,
        "flags": flags,
        "start": 0,
        "end": 99,
    }


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@settings(max_examples=400)
@given(requests(patterns))
@example(request("(|a)*b", "ab"))
@example(request("(?:(a)|b)*", "ab"))
@example(request("(|a){0,2}", "aa"))
@example(request("(a*)*", "b"))
def test_matches_are_those_of_cpython(wanted: dict[str, Any]) -> None:
    differential("regex").check(json.dumps(wanted).encode())


@settings(max_examples=400)
@given(requests(soup))
def test_pattern_soup_has_the_outcome_of_cpython(wanted: dict[str, Any]) -> None:
    data = json.dumps(wanted).encode()
    compiled = differential("regex").compiled(data)
    if not REFUSED.search(compiled[0]):
        assert compiled == differential("regex").native(data)


@pytest.mark.parametrize("form", ["{}", "[{}-{}]"])
@pytest.mark.parametrize("first", range(0, 0x20000, 0x4000))
def test_cases_of_all_letters(form: str, first: int) -> None:
    """Each cased character, against those that share a case mapping with it and others."""
    for code in range(first, first + 0x4000):
        letter = chr(code)
        if letter.lower() != letter or letter.upper() != letter:
            others = {letter.lower(), letter.upper(), letter.title(), letter.swapcase(), "kKiI"}
            text = "".join(sorted(others | {letter.upper().lower(), "\u017fsµμK\u0130\u0131"}))
            wanted = request(form.format(letter, letter), text, flags=re.IGNORECASE)
            if not (0xD800 <= code < 0xE000):
                differential("regex").check(json.dumps(wanted).encode())


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (r"(a)\1", "backreference"),
        (r"(?P<a>a)(?P=a)", "backreference"),
        (r"a(?=b)", "lookahead"),
        (r"a(?!b)", "lookahead"),
        (r"(?<=a)b", "lookbehind"),
        (r"(?<!a)b", "lookbehind"),
        (r"(?>a)", "atomic"),
        (r"a*+", "possessive"),
        (r"(a)(?(1)b|c)", "conditional"),
        (r"\N{BULLET}", "names of characters"),
        (r"a{100000}", "too large"),
        (r"((((a{9}){9}){9}){9}){9}", "too large"),
    ],
)
def test_what_is_not_linear_is_refused_with_its_place(pattern: str, says: str) -> None:
    with pytest.raises(ours.error, match=says) as refused:
        ours.compile(pattern)
    assert refused.value.pos is not None


def test_nothing_repeated_is_nothing() -> None:
    assert ours.compile("(?:" * 3 + "){10000}" * 3).groups == 0


@pytest.mark.parametrize(
    "pattern", ["(a*)*b", "(a|a)*b", "(a?){30}a{30}b", "(.*)(.*)(.*)(.*)b", "(x+x+)+y|(a|aa)+c"]
)
def test_time_is_linear_in_the_text(pattern: str) -> None:
    """A matcher that backtracks would not end."""
    request = pattern.encode() + b"\0" + b"a" * 20_000

    assert differential("regex_search").compiled(request) == ["None"]


def test_nothing_is_left_behind() -> None:
    for pattern in ("(a|b)*c", "(", "(?P<n>a)|b"):
        wanted = request(pattern, "abcab", "<\\g<0>>")
        differential("regex").check_growth(json.dumps(wanted).encode())


@pytest.mark.parametrize("text", ["", "a.b", "é-~&#\x00 \n", "\\"])
def test_escape(text: str) -> None:
    assert ours.escape(text) == re.escape(text)
    data = text.encode()
    assert ours.escape(data) == re.escape(data)
