"""Lines of access logs."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.backend.instance import Instance, ValueType
from adapters.backend.log_line import ExchangeFields, JsonLine, TemplateError, TextLine
from adapters.events import UNMEASURED, HttpExchange, HttpRequest
from tests.adapters.wire.strategies import clean, texts

HEAD = HttpRequest("GET", "example.com", '/a?b="c"', "", 1_700_000_000_123_456_789)
EXCHANGE = HttpExchange(HEAD, 204, 12_600_000, 10, UNMEASURED)
FIELDS = ExchangeFields()
INSTANCE = Instance(
    0,
    ["user", "attempt", "ratio", "cached"],
    [ValueType.TEXT, ValueType.INT, ValueType.DOUBLE, ValueType.BOOL],
)


def test_json() -> None:
    line = JsonLine(INSTANCE, FIELDS).line(["ann", "2", "0.5", "true"], EXCHANGE, None)
    assert json.loads(line) == {
        "time": "2023-11-14T22:13:20.123Z",
        "method": "GET",
        "host": "example.com",
        "path": '/a?b="c"',
        "code": 204,
        "duration_ms": 13,
        "request_bytes": 10,
        "user": "ann",
        "attempt": 2,
        "ratio": 0.5,
        "cached": True,
    }


def test_what_an_exchange_does_not_have_is_left_out() -> None:
    found = json.loads(JsonLine(INSTANCE, FIELDS).line(["", "", "", ""], EXCHANGE, None))
    assert not {"user", "attempt", "ratio", "cached"} & found.keys()


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_doubles_that_json_has_no_word_for_are_texts(value: str) -> None:
    found = json.loads(JsonLine(INSTANCE, FIELDS).line(["", "", value, ""], EXCHANGE, None))
    assert found["ratio"] == value


@given(texts, texts, texts)
def test_whatever_clients_send_is_one_line_of_json(method: str, path: str, user: str) -> None:
    exchange = HttpExchange(HttpRequest(method, "", path, "", 0), 0, 0, UNMEASURED, UNMEASURED)
    line = JsonLine(INSTANCE, FIELDS).line([user, "", "", ""], exchange, None)
    found = json.loads(line)
    assert (found["method"], found["path"]) == (clean(method), clean(path))
    assert found.get("user", "") == clean(user)
    assert "\n" not in line


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("", ""),
        ("plain", "plain"),
        ("{method} {path}", 'GET /a?b=\\"c\\"'),
        ("{code} {duration_ms}ms in:{request_bytes} out:{response_bytes}", "204 13ms in:10 out:-"),
        ("[{time}] {host}", "[2023-11-14T22:13:20.123Z] example.com"),
        ("{{{user}}} {attempt}", "{an\\nn} -"),
    ],
)
def test_templates(template: str, line: str) -> None:
    assert TextLine(template, INSTANCE, FIELDS).line(["an\nn", "", "", ""], EXCHANGE, None) == line


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{user", "a { without its }"),
        ("user}", "a } without its {"),
        ("{consumer}", "unknown field {consumer}; there are time, method, host, path, code"),
        ("{}", "unknown field {}"),
    ],
)
def test_templates_without_meaning(template: str, reason: str) -> None:
    with pytest.raises(TemplateError) as caught:
        TextLine(template, INSTANCE, FIELDS)
    assert reason in str(caught.value)


@given(st.text(alphabet="{}ab", max_size=12))
def test_a_template_is_refused_or_used(template: str) -> None:
    instance = Instance(0, ["a", "b", "ab"], [ValueType.TEXT] * 3)
    try:
        line = TextLine(template, instance, FIELDS).line(["1", "2", "3"], EXCHANGE, None)
    except TemplateError:
        return
    names = {"a": "1", "b": "2", "ab": "3"}
    assert line == template.format(**names)
