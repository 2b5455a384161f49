"""Attribute producers, in the whole mixer, natively and as Wasm."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mixer.jwt_claim import claim_of
from mixer2.mixer.guest import refusal
from mixer2.testhost.plugin import Load

FILTER = "filters/mixer.py"
CONFIGURATION = {
    "attributes": [
        {"name": "caller", "jwt_claim": "sub"},
        {"name": "org", "jwt_claim": "org.id", "token_header": "x-token"},
        {
            "name": "tenant",
            "expression": "default(org, default(request.headers['x-tenant'], 'nobody'))",
        },
        {
            "name": "network",
            "cidr": {"office": "10.0.0.0/8", "partner": ["192.0.2.0/24", "2001:db8::/32"]},
            "address": "request.headers['x-from']",
            "default": "internet",
        },
        {"name": "own", "cidr": {"loopback": "127.0.0.0/8"}},
        {
            "name": "subnet",
            "subnet": {"v4": 24},
            "address": "request.headers['x-from']",
            "default": "nowhere",
        },
        {
            "name": "kind",
            "expression": "request.path.matches('^/v[0-9]+/') ? 'api' : 'page'",
        },
    ],
    "handlers": {"seen": {"counter": {"metric": "seen"}}},
    "rules": [
        {
            "report": "seen",
            "with": {
                "caller": "caller",
                "tenant": "tenant",
                "network": "network",
                "own": "own",
                "kind": "kind",
            },
        }
    ],
}


def token(claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{payload}.c2ln"


@pytest.mark.parametrize(
    ("address", "subnet"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("::ffff:10.1.2.3", "10.1.2.0/24"),
        ("nonsense", "nowhere"),
        ("10.1.2.3.4", "nowhere"),
        ("1::2::3", "nowhere"),
    ],
)
def test_subnets(load: Load, address: str, subnet: str) -> None:
    rule = {"report": "seen", "with": {"subnet": "subnet"}}
    host = load(FILTER, {**CONFIGURATION, "rules": [rule]})
    host.get("/", {"x-from": address})
    shown = next(name for name in host.stats if name.startswith("seen{"))
    assert shown == f"seen{{subnet={subnet}}}"


def test_what_producers_find(load: Load) -> None:
    host = load(FILTER, CONFIGURATION, attributes={"source.address": "127.0.0.9:4711"})

    def seen(path: str, headers: dict[str, str]) -> str:
        before = dict(host.stats)
        host.get(path, headers)
        (name,) = [
            name
            for name, count in host.stats.items()
            if name.startswith("seen{") and count != before.get(name, 0)
        ]
        return name

    ann = token({"sub": "ann", "org": {"id": 7}})
    assert seen("/v1/x", {"authorization": f"Bearer {ann}", "x-token": ann}) == (
        "seen{caller=ann,tenant=7,network=internet,own=loopback,kind=api}"
    )
    assert seen("/x", {"x-tenant": "acme", "x-from": "10.1.2.3"}) == (
        "seen{caller=none,tenant=acme,network=office,own=loopback,kind=page}"
    )
    assert seen("/v/1", {"authorization": "Basic x", "x-from": "2001:db8::1"}) == (
        "seen{caller=none,tenant=nobody,network=partner,own=loopback,kind=page}"
    )
    assert seen("/v22/", {"authorization": "Bearer a.b", "x-from": "no address"}) == (
        "seen{caller=none,tenant=nobody,network=internet,own=loopback,kind=api}"
    )


@pytest.mark.parametrize(
    ("claims", "claim", "value"),
    [
        ({"sub": "é"}, "sub", "é"),
        ({"a": {"b": {"c": "deep"}}}, "a.b.c", "deep"),
        ({"a.b": "flat"}, "a.b", "flat"),
        ({"a": {"b": 1.5}}, "a.b", "1.5"),
        ({"a": True, "b": False}, "b", "false"),
        ({"a": None}, "a", None),
        ({"a": ["x"]}, "a", None),
        ({"a": {"b": 1}}, "a", None),
        ({"a": "text"}, "a.b", None),
        ({"b": 1}, "a", None),
        ([1], "a", None),
    ],
)
def test_claims(claims: object, claim: str, value: str | None) -> None:
    assert claim_of(token(claims).split(".")[1], claim) == value


@given(st.text(), st.text(min_size=1))
def test_any_payload_has_the_claim_or_not(payload: str, claim: str) -> None:
    claim_of(payload, claim)


def refused(*producers: dict[str, object]) -> str | None:
    return refusal({"attributes": list(producers)})


@pytest.mark.parametrize(
    ("producers", "reason"),
    [
        (
            [{"name": "a", "header": "x"}, {"name": "a", "header": "y"}],
            "attributes[1].name: there is an attribute a already",
        ),
        (
            [{"name": "a.b", "header": "x"}, {"name": "a", "header": "y"}],
            "attributes[1].name: there is an attribute a already",
        ),
        (
            [{"name": "request.path", "header": "x"}],
            "attributes[0].name: there is an attribute request.path already",
        ),
        (
            [{"name": "request.headers.x", "header": "x"}],
            "attributes[0].name: there is an attribute request.headers.x already",
        ),
        (
            [{"name": "a", "expression": "b"}, {"name": "b", "header": "x"}],
            "attributes[0].expression: column 1: unknown attribute b; there are request.*, ",
        ),
        (
            [{"name": "a", "header": "x", "jwt_claim": "y"}],
            "attributes[0].jwt_claim: beside header: expected one source",
        ),
        (
            [{"name": "a b", "header": "x"}],
            "attributes[0].name: expected a name such as tenant or api.path, got 'a b'",
        ),
        (
            [{"name": "a", "path_template": ["/x/{", "/y"]}],
            "attributes[0].path_template[0]: expected {name}, {name=**} or plain text, got '{'",
        ),
        (
            [{"name": "a", "path_template": "x"}],
            "attributes[0].path_template[0]: expected a path that starts with '/', got 'x'",
        ),
        (
            [{"name": "a", "path_template": "/{r=**}/x"}],
            "attributes[0].path_template[0]: nothing may follow '{name=**}'",
        ),
        (
            [{"name": "a", "cidr": {"n": "10.0.0.1/8"}}],
            "attributes[0].cidr.n: 10.0.0.1/8 has host bits set",
        ),
        (
            [{"name": "a", "subnet": {"v6": 129}}],
            "attributes[0].subnet.v6: expected at most 128, got 129",
        ),
        (
            [{"name": "a", "subnet": {"bits": 8}}],
            "attributes[0].subnet.bits: unknown field; there are v4, v6",
        ),
        (
            [{"name": "a", "expression": "request.path.matches('(')"}],
            "attributes[0].expression: column 14: not a pattern: ",
        ),
        (
            [{"name": "a", "expression": "request.path.matches(r'(a)\\1')"}],
            "attributes[0].expression: column 14: not a pattern: ",
        ),
    ],
)
def test_what_will_not_do_is_refused(producers: list[dict[str, object]], reason: str) -> None:
    found = refused(*producers)

    assert found is not None
    assert found.startswith(reason)
