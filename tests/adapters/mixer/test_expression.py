"""Expressions: what there is beyond CEL, and what people read when they get it wrong."""

import pytest

from adapters.mixer.expression.errors import AbsentError, EvaluationError, ExpressionError
from adapters.mixer.expression.parser import parse
from adapters.mixer.scope import Scope
from mixer2.testhost.plugin import Load
from tests.adapters.mixer.conftest import Headers, bag, compile_expression, evaluate

FILTER = "tests/adapters/mixer/evaluating.py"

VALUES = [
    ("default(request.headers['x-user'], 'nobody')", "nobody"),
    ("default(1 / (size(request.query) - 5), 7)", "7"),
    ("has(request.headers['x-user']) ? 'yes' : 'no'", "no"),
    ("has(request.headers.host)", "false"),
    ("request.method", "GET"),
    ("request.url_path", "/api/Users"),
    ("request.query", "a=1?b"),
    ("request.headers['X-Case']", "Kept"),
    ("request.headers[request.method.lowerAscii()]", "of get"),
    ("request.headers['x-missing']", ""),
    ("request.url_path.lowerAscii()", "/api/users"),
    ("'aé'.upperAscii()", "Aé"),
    ("'  a b '.trim()", "a b"),
    ("request.path.indexOf('?')", "10"),
    ("request.path.substring(5, 10)", "Users"),
    ("'a-b-c'.replace('-', '')", "abc"),
    ("1 < 1.5 && 2.0 == 2", "true"),
    ("duration('1m') + duration('1.5s')", "61500000000"),
    ("(duration('1h') - duration('1m')).getMinutes()", "59"),
    ("4611686018427387903", "4611686018427387903"),
    ("0.1 + 0.2", "0.30000000000000004"),
    ("1.0", "1.0"),
    ("r'\\d' + \"'\" + '\\u00e9\\x41'", "\\d'éA"),
]
ERRORS = [
    ("1 / size(request.headers['x-case'].substring(4))", "division by zero"),
    ("4611686018427387903 + 1", "int overflow"),
    ("int(request.method)", "not an int: 'GET'"),
    ("int('99999999999999999999')", "int overflow"),
    ("double('x')", "not a number: 'x'"),
    ("'abc'.substring(2, 1)", "no part 2 to 1 in 3 characters"),
]
REFUSALS = [
    ("", 1, "expected a value, got the end"),
    ("request.methd", 1, "unknown attribute request.methd; there are request.method, "),
    ("1 + user", 5, "unknown attribute user; there are request.*, response.*, "),
    ("request.path == 1", 14, "'==' does not compare a string and an int"),
    ("request.path ? 1 : 2", 1, "expected a bool before '?', got a string"),
    ("1 + 1.0", 3, "'+' does not take an int and a double; convert one of them"),
    ("request.path.matchez('a')", 14, "unknown method matchez; there are startsWith, "),
    ("len(request.path)", 1, "unknown function len; there are has, default, "),
    ("'a'.startsWith()", 5, "startsWith() takes 1 argument, got 0"),
    ("4611686018427387904", 1, "an int of more than 63 bits: 4611686018427387904"),
    ("1u", 2, "a number ends before 'u'; there are no unsigned ints"),
    ("null == 1", 1, "there is no null; ask has(attribute)"),
    ("'abc", 1, "the string does not end"),
    ("'\\d'", 2, "unknown escape '\\d'; a raw string is r'...'"),
    ("(" * 40, 33, "nested more than 32 levels deep"),
    ("duration('5 s')", 1, "not a duration such as '1.5s', '200ms', '1h30m': '5 s'"),
    ("request.headers == request.headers", 17, "a map is no value by itself"),
    ("'x' in request.path", 5, "expected a list or a map after 'in', got a string"),
]
REQUEST = {"X-Case": "Kept", "get": "of get"}


def test_values(load: Load) -> None:
    host = load(FILTER)

    for source, _ in VALUES:
        host.get("/api/Users?a=1?b", {**REQUEST, "x-expression": source})

    assert host.log_lines == [value for _, value in VALUES]


def test_errors_of_evaluation(load: Load) -> None:
    host = load(FILTER)

    for source, _ in ERRORS:
        host.get("/", {**REQUEST, "x-expression": source})

    assert host.log_lines == [f"error: {reason}" for _, reason in ERRORS]


def test_refusals_name_the_column(load: Load) -> None:
    host = load(FILTER)

    for source, column, reason in REFUSALS:
        host.get("/", {"x-expression": source})

        assert host.log_lines[-1].startswith(f"refused: column {column}: {reason}")


def test_the_response_is_known_when_the_exchange_is_over() -> None:
    assert evaluate("response.code / 100 == 5", code=503) is True
    assert evaluate("response.headers['grpc-status']", response={"grpc-status": "0"}) == "0"
    for source in ("response.code", "response.headers['a']", "'a' in response.headers"):
        with pytest.raises(ExpressionError, match="known only when the exchange is over"):
            compile_expression(source, over=False)


def test_without_a_response_its_attributes_are_absent() -> None:
    with pytest.raises(AbsentError):
        evaluate("response.code", code=0)
    assert evaluate("has(response.headers.a)", code=0) is False


def test_an_attribute_is_read_once() -> None:
    scope = Scope()
    twice = parse("request.headers['a'] + request.headers.A + request.headers['a']", scope, False)
    attributes = bag(scope, {"a": "x"}, {}, 0)

    assert twice.text(attributes) == "xxx"
    assert isinstance(attributes.request, Headers)
    assert attributes.request.reads == ["a"]
    assert scope.size == 1


def test_an_attribute_is_read_once_for_all_items_of_a_list() -> None:
    scope = Scope()
    contained = parse("request.headers.a in [request.headers.b, request.headers.c]", scope, False)
    attributes = bag(scope, {"a": "x", "b": "y", "c": "x"}, {}, 0)

    assert contained.truth(attributes)
    assert isinstance(attributes.request, Headers)
    assert attributes.request.reads == ["a", "b", "c"]


def test_what_is_named_once_takes_no_place_in_the_bags() -> None:
    scope = Scope()
    parse("request.method + request.path + request.path", scope, False)

    assert scope.size == 1


def test_what_is_not_asked_for_is_not_read() -> None:
    scope = Scope()
    lazy = parse("true || request.method == 'GET'", scope, False)
    attributes = bag(scope, {}, {}, 0)

    assert lazy.truth(attributes)
    assert isinstance(attributes.request, Headers)
    assert attributes.request.reads == []


def test_an_absent_value_matches_nothing_and_is_no_value() -> None:
    with pytest.raises(EvaluationError):
        evaluate("request.headers['a'] != 'x'")
    assert evaluate("request.headers['a'] == 'x' || true") is True
