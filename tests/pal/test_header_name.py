"""Names of headers."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pal import header_name

# RFC 9110, section 5.6.2.
TOKEN = set("!#$%&'*+-.^_`|~" + string.digits + string.ascii_letters)


@given(st.text())
def test_only_ascii_letters_change(name: str) -> None:
    lowered = header_name.lower(name)

    assert all(
        after == (before.lower() if before.isascii() else before)
        for before, after in zip(name, lowered, strict=True)
    )


@pytest.mark.parametrize("code", range(256))
def test_tokens(code: int) -> None:
    assert header_name.is_valid(chr(code)) == (chr(code) in TOKEN)


def test_a_name_is_not_empty() -> None:
    assert not header_name.is_valid("")
