"""The same json inside a module: what a filter that says `import json` gets."""

import json

import pytest

from mixer2.testhost.pairs import decode_text, encode_text
from mixer2.testhost.plugin import Load


def expected(text: bytes) -> list[str]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        return [f"JSONDecodeError: {error}"]
    except UnicodeDecodeError as error:
        return [str(error)]
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return [json.dumps(value), compact]


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "[true, false, null]",
        '{"b": 1, "a": [1, -2, 0, 4611686018427387903]}',
        '{"nested": {"list": [{}, [], [[]]], "empty": ""}}',
        "[0.1, 1e3, -2.5E-7, 1e400, 1.0, 123456789.125, 5e-324, 1e22, 1e16, 0.0001, 0.00001]",
        "[NaN, Infinity, -Infinity, -0.0]",
        r'"\u00e9\ud83d\ude00\u0000\n\t\"\\\/\b\f\r"',
        '"é 東京 😀 \u2028"',
        r'"\ud800 \udc00"',
        '{"a": 1, "a": 2}',
        "[1,]",
        '{"a" 1}',
        "{\n  'a': 1}",
        '["é", }',
        '"\\x"',
        '"\\u12g4"',
        '"open',
        "01",
        "1 2",
        "",
        "\t\r\n [1] \n",
        b"\xef\xbb\xbf[1]",
        b'"\xff"',
        "[" * 200 + "]" * 200,
    ],
)
def test_json_in_a_filter_is_cpythons(load: Load, text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text

    host = load("json_echo.py", data)

    lines = [decode_text(encode_text(line)) for line in expected(data)]
    assert host.log_lines == lines
