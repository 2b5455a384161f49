"""The kind `authz`, natively and as Wasm."""

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.backend.authz import Pattern
from adapters.backend.networks import Networks
from mixer2.testhost import ConfigurationRefusedError, Host
from mixer2.testhost.plugin import Load

FILTER = "tests/adapters/backend/checking.py"
SHOP: list[dict[str, Any]] = [
    {"deny": {"sources": ["10.9.0.0/16", "2001:db8:bad::/48"]}},
    {"allow": {"methods": ["GET", "HEAD"], "paths": ["/public/*", "/health"]}},
    {"allow": {"principals": ["spiffe://shop/*"], "paths": ["/orders", "*.json"]}},
]


def guarded(load: Load, *rules: dict[str, Any], **settings: Any) -> Host:
    return load(FILTER, {"kind": "authz", "settings": {"rules": rules, **settings}})


def status(host: Host, **values: str) -> int:
    request = {"method": "GET", "path": "/", "source": "192.0.2.1", **values}
    return host.get("/", request).status


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"path": "/public/a"}, 200),
        ({"path": "/public/"}, 200),
        ({"path": "/public"}, 403),
        ({"path": "/health?full=1"}, 200),
        ({"path": "/healthy"}, 403),
        ({"path": "/public/a", "method": "POST"}, 403),
        ({"path": "/public/a", "method": "get"}, 403),
        ({"path": "/public/a", "source": "10.9.1.2"}, 403),
        ({"path": "/public/a", "source": "10.10.1.2"}, 200),
        ({"path": "/public/a", "source": "::ffff:10.9.1.2"}, 403),
        ({"path": "/public/a", "source": "2001:db8:bad::7"}, 403),
        ({"path": "/public/a", "source": "2001:db8:600d::7"}, 200),
        ({"path": "/public/a", "source": ""}, 200),
        ({"path": "/orders", "principal": "spiffe://shop/cart"}, 200),
        ({"path": "/x/y.json", "principal": "spiffe://shop/cart"}, 200),
        ({"path": "/orders", "principal": "spiffe://other/cart"}, 403),
        ({"path": "/orders"}, 403),
        ({"path": "/%70ublic/a"}, 200),
        ({"path": "/public/../orders"}, 400),
        ({"path": "/public//a"}, 400),
    ],
)
def test_the_first_rule_that_matches_decides(
    load: Load, values: dict[str, str], expected: int
) -> None:
    assert status(guarded(load, *SHOP), **values) == expected


def test_what_no_rule_matches_is_the_defaults(load: Load) -> None:
    assert status(guarded(load)) == 403
    assert status(guarded(load, default="allow")) == 200
    denying = guarded(load, {"deny": {"paths": ["/admin*"]}}, {"allow": {}})
    assert status(denying, path="/x") == 200
    assert status(denying, path="/%61dmin/x") == 403


def test_a_denial_says_which_rule_it_was(load: Load) -> None:
    host = guarded(load, *SHOP)
    status(host, path="/public/a", source="10.9.0.1")
    status(host, path="/nowhere")
    status(host, path="//")
    assert host.log_lines == [
        "False 0 0 denied_by_rule_0",
        "False 0 0 denied_by_default",
        "False 0 0 ambiguous_path",
    ]


@pytest.mark.parametrize(
    ("rules", "settings", "reason"),
    [
        ([{}], {}, "settings.rules[0].allow: expected either allow or deny"),
        ([{"allow": {}, "deny": {}}], {}, "settings.rules[0].allow: expected either"),
        ([{"allow": {"path": ["/"]}}], {}, "settings.rules[0].allow.path: unknown field"),
        ([{"allow": {"paths": ["/a*b"]}}], {}, "settings.rules[0].allow.paths[0]: expected one *"),
        (
            [{"deny": {"sources": ["10.0.0.0/33"]}}],
            {},
            "settings.rules[0].deny.sources: 10.0.0.0/33 is no network",
        ),
        (
            [{"deny": {"sources": ["10.0.0.1/8"]}}],
            {},
            "settings.rules[0].deny.sources: 10.0.0.1/8 has host bits set",
        ),
        ([], {"default": "maybe"}, "settings.default: expected allow or deny, got maybe"),
    ],
)
def test_settings_without_meaning_are_refused(
    load: Load, rules: list[dict[str, Any]], settings: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ConfigurationRefusedError) as caught:
        guarded(load, *rules, **settings)
    assert reason in str(caught.value)


@given(st.text("ab/", max_size=4), st.text("ab/", max_size=6))
def test_patterns(fixed: str, text: str) -> None:
    assert Pattern(fixed).matches(text) == (text == fixed)
    assert Pattern(fixed + "*").matches(text) == text.startswith(fixed)
    if fixed:
        assert Pattern("*" + fixed).matches(text) == text.endswith(fixed)


@given(st.ip_addresses(), st.ip_addresses(), st.integers(0, 128))
def test_networks(address: Any, base: Any, bits: int) -> None:
    length = bits % (base.max_prefixlen + 1)
    network = ipaddress.ip_network((base, length), strict=False)
    expected = address in network
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        expected = expected or mapped in network
    assert Networks([str(network)]).have(str(address)) == expected


@given(st.text(max_size=20))
def test_what_is_no_address_is_in_no_network(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        assert not Networks(["0.0.0.0/0", "::/0"]).have(text)
