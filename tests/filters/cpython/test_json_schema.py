"""JSON Schema in the proxy: what is let through, what is refused and how."""

import json
from typing import Any

import pytest

from mixer2.testhost import ConfigurationRefusedError, Host
from mixer2.testhost.plugin import Load

FILTER = "filters/cpython/json_schema.py"
# `pattern` has a lookahead, which compiled filters cannot do; `$ref` and `if` are the package's.
SCHEMA = {
    "definitions": {"sku": {"type": "string", "pattern": "^(?!TEST-)[A-Z]{3}-[0-9]+$"}},
    "type": "object",
    "required": ["sku", "quantity"],
    "properties": {
        "sku": {"$ref": "#/definitions/sku"},
        "quantity": {"type": "integer", "minimum": 1},
        "gift": {"type": "boolean"},
    },
    "if": {"properties": {"gift": {"const": True}}, "required": ["gift"]},
    "then": {"properties": {"quantity": {"maximum": 1}}},
    "additionalProperties": False,
}
RULES = {"rules": [{"path": "/orders", "schema": SCHEMA}, {"path": "/any/*", "schema": True}]}

pytestmark = pytest.mark.cpython(only=True)


def post(host: Host, body: bytes | list[bytes], path: str = "/orders?x=1") -> tuple[int, Any]:
    response = host.request("POST", path, {"content-type": "application/json"}, body)
    is_problem = response.headers.get("content-type") == "application/problem+json"
    return response.status, json.loads(response.body) if is_problem else None


def test_a_good_body_reaches_the_service(load: Load) -> None:
    host = load(FILTER, RULES)

    assert post(host, b'{"sku": "ABC-1", "quantity": 2}') == (200, None)
    assert host.upstream_requests[-1].body == b'{"sku": "ABC-1", "quantity": 2}'
    assert host.stats["json_schema_requests_total{outcome=valid}"] == 1


def test_a_body_in_parts_is_checked_as_a_whole(load: Load) -> None:
    host = load(FILTER, RULES)

    assert post(host, [b'{"sku": "AB', b'C-1", "quan', b'tity": 2}'])[0] == 200
    assert post(host, [b'{"sku": "AB', b'C-1"', b"}"])[0] == 422


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            {"sku": "ABC-1", "quantity": 0},
            ("/quantity", "data.quantity must be bigger than or equal to 1"),
        ),
        ({"sku": "ABC-1"}, ("", "data must contain ['quantity'] properties")),
        (
            {"sku": "ABC-1", "quantity": 2, "gift": True},
            ("/quantity", "data.quantity must be smaller than or equal to 1"),
        ),
        (
            {"sku": "TEST-1", "quantity": 1},
            ("/sku", "data.sku must match pattern ^(?!TEST-)[A-Z]{3}-[0-9]+$"),
        ),
    ],
)
def test_what_is_wrong_is_told(load: Load, body: Any, error: tuple[str, str]) -> None:
    host = load(FILTER, RULES)

    status, problem = post(host, json.dumps(body).encode())

    assert status == 422
    assert [(one["pointer"], one["detail"]) for one in problem["errors"]] == [error]
    assert host.upstream_requests == []
    assert host.stats["json_schema_requests_total{outcome=invalid}"] == 1


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused(load: Load, body: bytes) -> None:
    host = load(FILTER, RULES)

    assert post(host, body)[0] == 400
    assert host.stats["json_schema_requests_total{outcome=malformed}"] == 1


def test_other_requests_go_on_unread(load: Load) -> None:
    host = load(FILTER, RULES)

    assert post(host, b"no json", "/other")[0] == 200
    assert host.get("/orders").status == 200
    assert post(host, b"1", "/any/thing")[0] == 200


@pytest.mark.parametrize(
    ("configuration", "complaint"),
    [
        ({"rules": [{"path": "/x", "schema": {"type": "nothing"}}]}, "rules[0].schema"),
        ({"rules": [{"path": "x", "schema": {}}]}, "rules[0].path"),
        ({"rules": [{"path": "/x"}]}, "rules[0].schema: missing"),
        ({"rules": 1}, "rules: expected a list"),
        ({}, "`rules`"),
    ],
)
def test_a_bad_configuration_is_refused(load: Load, configuration: Any, complaint: str) -> None:
    with pytest.raises(ConfigurationRefusedError) as refusal:
        load(FILTER, configuration)

    assert complaint in str(refusal.value)
