"""Encodings and their error handlers against CPython's."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.runtime.harness import LinkedRuntime, Runtime, outcome

ENCODINGS = ["utf-8", "UTF8", "utf_8", "U8", "ascii", "us-ascii", "latin-1", "ISO-8859-1", "l1"]
HANDLERS = ["strict", "ignore", "replace", "surrogateescape", "surrogatepass", "backslashreplace"]
# Bytes that start, continue, or have no place in UTF-8.
FRAGMENTS = [b"a", b"\x80", b"\xbf", b"\xc0", b"\xc2", b"\xc3\xa9", b"\xe0", b"\xa0", b"\xe2\x82"]
FRAGMENTS += [b"\xed", b"\xed\xa0\x80", b"\xed\xb2\x80", b"\xef\xbf\xbf", b"\xf0", b"\x90"]
FRAGMENTS += [b"\xf0\x9f\x98", b"\xf0\x9f\x98\x80", b"\xf4", b"\x8f", b"\xf4\x90\x80\x80", b"\xf5"]
FRAGMENTS += [b"\xff", b"eight888"]
data = st.binary(max_size=16) | st.lists(st.sampled_from(FRAGMENTS), max_size=8).map(b"".join)
texts = st.text("aé\x7f\x80ÿĀ語😀\ud800\udc80\udcff\udfff", max_size=10)


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


@given(data, st.sampled_from(ENCODINGS), st.sampled_from(HANDLERS))
@example(b"\xed\xb2", "utf-8", "surrogatepass")
def test_decode(guest: Runtime, encoded: bytes, encoding: str, errors: str) -> None:
    if errors == "surrogatepass" and encoding not in {"utf-8", "UTF8", "utf_8", "U8"}:
        errors = "strict"
    assert outcome(lambda: guest.call("CPy_Decode", encoded, encoding, errors)) == outcome(
        lambda: encoded.decode(encoding, errors)
    )


@given(texts, st.sampled_from(ENCODINGS), st.sampled_from(HANDLERS))
def test_encode(guest: Runtime, text: str, encoding: str, errors: str) -> None:
    if errors == "surrogatepass" and encoding not in {"utf-8", "UTF8", "utf_8", "U8"}:
        errors = "strict"
    assert outcome(lambda: guest.call("CPy_Encode", text, encoding, errors)) == outcome(
        lambda: text.encode(encoding, errors)
    )


@given(data, texts)
def test_strict_shortcuts(guest: Runtime, encoded: bytes, text: str) -> None:
    for function, encoding in (
        ("CPy_DecodeUTF8", "utf-8"),
        ("CPy_DecodeASCII", "ascii"),
        ("CPy_DecodeLatin1", "latin-1"),
    ):
        assert outcome(lambda f=function: guest.call(f, encoded)) == outcome(  # type: ignore[misc]
            lambda e=encoding: encoded.decode(e)  # type: ignore[misc]
        )
    for function, encoding in (
        ("PyUnicode_AsUTF8String", "utf-8"),
        ("PyUnicode_AsASCIIString", "ascii"),
        ("PyUnicode_AsLatin1String", "latin-1"),
    ):
        assert outcome(lambda f=function: guest.call(f, text)) == outcome(  # type: ignore[misc]
            lambda e=encoding: text.encode(e)  # type: ignore[misc]
        )


@given(data, texts)
def test_one_handler_each(guest: Runtime, encoded: bytes, text: str) -> None:
    for errors in ("surrogatepass", "surrogateescape"):
        assert outcome(lambda e=errors: guest.call(f"decode_utf8_{e}", encoded)) == outcome(  # type: ignore[misc]
            lambda e=errors: encoded.decode("utf-8", e)  # type: ignore[misc]
        )
    assert guest.call("encode_utf8_surrogatepass", text) == text.encode("utf-8", "surrogatepass")


def test_defaults(guest: Runtime) -> None:
    assert guest.call("CPy_Decode", "é".encode(), 0, 0) == "é"
    assert guest.call("CPy_Encode", "é", 0, 0) == "é".encode()


@pytest.mark.parametrize("encoding", ["utf-9", "utf-16", "", "latin", "x" * 100, "utf 8", "é"])
def test_encodings_by_name(guest: Runtime, encoding: str) -> None:
    if encoding == "utf-16":  # CPython has it, guests do not
        with pytest.raises(LookupError, match=r"^unknown encoding: utf-16$"):
            guest.call("CPy_Encode", "a", encoding, 0)
        return
    assert outcome(lambda: guest.call("CPy_Encode", "a", encoding, 0)) == outcome(
        lambda: "a".encode(encoding)
    )


@pytest.mark.parametrize("text", ["a", "\ud800"])
def test_an_unknown_handler_matters_when_it_is_needed(guest: Runtime, text: str) -> None:
    assert outcome(lambda: guest.call("CPy_Encode", text, "utf-8", "nosuch")) == outcome(
        lambda: text.encode("utf-8", "nosuch")
    )


def test_the_error_of_a_long_run_names_its_ends(guest: Runtime) -> None:
    assert outcome(lambda: guest.call("PyUnicode_AsASCIIString", "aéé語b")) == outcome(
        lambda: "aéé語b".encode("ascii")
    )
