"""Paths that mean one place, and those that do not."""

from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.backend.plain_path import plain_path


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/", "/"),
        ("/a/b?x=/../y", "/a/b"),
        ("/a/b#c", "/a/b"),
        ("/%61dmin", "/admin"),
        ("/caf%C3%A9", "/café"),
        ("/a.b/..c/...", "/a.b/..c/..."),
        ("*", "*"),
    ],
)
def test_plain_paths(path: str, plain: str) -> None:
    assert plain_path(path) == plain


@pytest.mark.parametrize(
    "path",
    [
        "",
        "admin",
        "//admin",
        "/a//b",
        "/x/../admin",
        "/./admin",
        "/admin/..",
        "/admin/.",
        "/%2e%2e/admin",
        "/%2E./admin",
        "/a%2Fb",
        "/a%5cb",
        "/a\\b",
        "/%2561dmin",
        "/%",
        "/%4",
        "/%zz",
        "/a%00",
        "/a%0a",
        "/a\x7f",
        "http://example.com/",
    ],
)
def test_ambiguous_paths(path: str) -> None:
    assert plain_path(path) is None


segments = st.text(
    st.characters(exclude_categories=["C"], exclude_characters="/\\%"), min_size=1, max_size=8
)


@given(st.lists(segments.filter(lambda text: text not in (".", ".."))), st.data())
def test_every_encoding_of_a_plain_path_is_that_path(parts: list[str], data: st.DataObject) -> None:
    path = "/" + "/".join(parts)
    safe = data.draw(st.sampled_from(["/", "/abcdefghijklmnopqrstuvwxyz"]))
    encoded = quote(path, safe=safe)
    assert plain_path(encoded) == path
    assert unquote(encoded) == path


@given(st.text(max_size=20))
def test_what_is_accepted_is_what_the_library_decodes(path: str) -> None:
    plain = plain_path("/" + path)
    if plain is not None:
        assert plain == unquote(("/" + path).partition("?")[0].partition("#")[0])
        assert ".." not in plain.split("/")
