"""Patterns that the run-time reads, against the Python of the compiler: programs and refusals."""

import warnings
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mixer2.compiler.library import _regex_compiler
from tests.compiler.library.test_regex import patterns, soup
from tests.runtime.harness import LinkedRuntime, Runtime, Tagged

FLAGS = [0, 2, 4, 8, 16, 32, 64, 256, 2 | 256, 2 | 8 | 16, 32 | 256]


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def read(guest: Runtime, pattern: str | bytes, flags: int) -> Any:
    return guest.call("native__pystd___regex_compiler__compiled", pattern, Tagged(flags))


def check(guest: Runtime, pattern: str | bytes, flags: int = 0) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            wanted: Any = _regex_compiler.compiled(pattern, flags)
        except ValueError as error:
            with pytest.raises(ValueError, match=str(error)):
                read(guest, pattern, flags)
            return
    assert read(guest, pattern, flags) == wanted


@settings(max_examples=400)
@given(patterns | soup | st.text(max_size=6), st.sampled_from(FLAGS), st.booleans())
@example("(?:)*?|(?:a|b?){2,4}?c", 0, True)
@example("((a{2,3}b?)+?|c*){3}", 0, True)
@example("(?P<é>a)(?P<é>b)", 0, False)
@example("[\\x41-\\x40]", 0, True)
@example("a{000000000000000003}", 0, True)
def test_a_pattern_is_read_as_in_python(
    guest: Runtime, pattern: str, flags: int, is_text: bool
) -> None:
    check(guest, pattern if is_text else pattern.encode("latin-1", "ignore"), flags)


@pytest.mark.parametrize(
    "pattern",
    [
        *("a{10001}", "((((a{9}){9}){9}){9}){9}", "(a{10000}){10000}[", "(?:(?:){10000}){10000}"),
        *("(" * 100 + ")" * 100, "(" * 101 + ")" * 101, "(" * 100_000, "[" * 100_000),
        *("(?P<a>x)(?P<a>y)", "(?P<a b>x)", "(?P<>x)", "(?P<a", "(?P<\\n>x)", "(?P<\x85>)"),
        *("(?x) a # (\n b", "(?i)(?x)#(\nA", "(?i)|K", "(?#c)(?i)a", "a(?i)", "(?i-i:a)"),
        *("(?a-i:\\w)", "(?u:a)", "(?L:a)", "(?au:a)", "(?-a:a)", "(?i-:a)", "(?-", "(?i"),
        *("[]", "[^]", "[]-a]", "[a-]", "[\\d-a]", "[a-\\d]", "[\\d-]", "[", "[^", "\\", "[\\"),
        *("\\8", "\\18", "\\118", "\\777", "\\0777", "[\\8]", "\\N{X}", "\\ud800", "\\U00110000"),
        *("a{2", "a{,", "a{}", "{1}", "x{1,2}{3}", "^*", "a**", "a*+", "a{3,2}", "a|*"),
        *("(?<x)", "(?P>", "(?=a)", "(?<!a)", "(?(1)a)", "(?>a)", "(?P=a)", "(?#"),
        *("a)", "(?&)", "(?-é:)"),
    ],
)
@pytest.mark.parametrize("is_text", [True, False])
def test_what_is_refused_is_refused_in_equal_words(
    guest: Runtime, pattern: str, is_text: bool
) -> None:
    check(guest, pattern if is_text else pattern.encode("latin-1"))
