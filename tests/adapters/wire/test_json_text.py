"""JSON texts, against the library."""

import json

from hypothesis import given

from adapters.wire import json_text
from tests.adapters.wire.strategies import clean, texts


@given(texts)
def test_the_library_reads_what_is_written(text: str) -> None:
    written = json_text.string(text)

    assert json.loads(written.encode()) == clean(text)


def test_texts() -> None:
    assert json_text.string("plain") == '"plain"'
    assert json_text.string('a"b\\c\n\x00\x1fé\udc80') == r'"a\"b\\c\n\u0000\u001fé?"'
