"""urllib.parse of compiled filters against CPython's."""

import unicodedata

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.compiler.library.differential import differential

PIECES = ["http", "https:", "//", "/", "?", "#", "@", ":", "[", "]", "::1", "1.2.3.4", "v1.a", "%"]
PIECES += [
    "%2",
    "%20",
    "%C3",
    "%A9",
    "%ff",
    "é",
    "+",
    "&",
    "=",
    "a",
    "B",
    "80",
    "99999",
    ";",
    " ",
    "\t",
]
PIECES += ["example.com", "\x00", "\n", "😀", "%zz", "x-y+z.1"]
pieces = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@settings(max_examples=800)
@given(pieces | st.text(max_size=12))
def test_as_in_cpython(text: str) -> None:
    # Hosts are not brought to NFKC (docs/dialect.md), ports are ASCII digits.
    assume(unicodedata.normalize("NFKC", text) == text or text.isascii() or "//" not in text)
    assume(not any("\ud800" <= c <= "\udfff" for c in text))
    differential("urls").check(text.encode())


def test_nothing_is_left_behind() -> None:
    differential("urls").check_growth(b"http://a:b@[::1]:80/x?a=%20&b=1#f")
