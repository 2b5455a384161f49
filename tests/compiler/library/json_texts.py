"""Values that JSON has, and texts that are JSON or nearly so."""

import json

from hypothesis import strategies as st

texts = st.text(st.characters(), max_size=20) | st.text(
    '"\\/\x00\x1f\x7f\u2028\ud83d\ude00😀é', max_size=6
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62 - 1)
    | st.floats(allow_nan=False)
    | texts
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)
# JSON's tokens in any order; below, JSON with a piece of this in the place of another.
TOKENS = ["{", "}", "[", "]", ",", ":", '"', '"a"', '"é"', "\\", "\\\\", "\\u", "u", "n"]
TOKENS += ["\\ud83d", "\\ude00", "\\u12g4", "\\uD800", "12", "0", "-", ".", "e", "E", "+", "nul"]
TOKENS += ["null", "true", "false", "NaN", "Infinity", "-Infinity", "é", "😀", "\ufeff"]
TOKENS += [" ", "\n", "\t", "\x00", "\x1f"]
tokens = st.lists(st.sampled_from(TOKENS), max_size=12).map("".join)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    text = json.dumps(draw(values), ensure_ascii=draw(st.booleans()))
    cut = draw(st.integers(0, len(text)))
    end = draw(st.integers(cut, min(len(text), cut + 3)))
    return text[:cut] + draw(tokens) + text[end:]
