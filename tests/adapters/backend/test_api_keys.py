"""The kind `api_keys`, natively and as Wasm."""

import hashlib
from typing import Any

import pytest

from mixer2.testhost import ConfigurationRefusedError, Host
from mixer2.testhost.plugin import Load

FILTER = "tests/adapters/backend/checking.py"


def sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


ANN = {"consumer": "ann", "sha256": sha256("gold")}
BOB = {"consumer": "bob", "sha256": sha256("schlüssel").upper()}


def guarded(load: Load, *keys: Any, **settings: Any) -> Host:
    return load(FILTER, {"kind": "api_keys", "settings": {"keys": keys, **settings}})


def test_whose_key_it_is_is_told(load: Load) -> None:
    host = guarded(load, ANN, BOB)
    assert host.get("/", {"key": "gold", "x-consumer": "root"}).status == 200
    assert host.upstream_requests[0].headers.get_all("x-consumer") == ["ann"]
    assert host.get("/", {"key": "schlüssel"}).status == 200
    assert host.upstream_requests[1].headers["x-consumer"] == "bob"


def test_without_a_key_there_is_a_challenge(load: Load) -> None:
    host = guarded(load, ANN, realm="shop")
    response = host.get("/")
    assert response.status == 401
    assert response.headers["www-authenticate"] == 'ApiKey realm="shop"'
    assert host.log_lines == ["False 0 0 api_key_missing"]


@pytest.mark.parametrize("key", ["Gold", "gold ", "silver", sha256("gold"), "x" * 60_000])
def test_another_key_is_refused(load: Load, key: str) -> None:
    host = guarded(load, ANN, BOB)
    response = host.get("/", {"key": key})
    assert (response.status, response.body) == (403, b"unknown API key\n")
    assert host.log_lines == ["False 0 0 api_key_unknown"]
    assert host.upstream_requests == []


def test_hashes_that_begin_alike_are_told_apart(load: Load) -> None:
    other = {"consumer": "eve", "sha256": sha256("gold")[:32] + "0" * 32}
    host = guarded(load, other, ANN)
    host.get("/", {"key": "gold"})
    assert host.upstream_requests[0].headers["x-consumer"] == "ann"


def test_the_upstreams_header_can_be_named(load: Load) -> None:
    host = guarded(load, ANN, consumer_header="X-Who")
    host.get("/", {"key": "gold"})
    assert host.upstream_requests[0].headers["x-who"] == "ann"


@pytest.mark.parametrize(
    ("keys", "settings", "reason"),
    [
        ([], {}, "settings.keys: expected at least one key"),
        ([{"consumer": "a", "sha256": "gold"}], {}, "settings.keys[0].sha256: expected 64 hex"),
        ([ANN, {"consumer": "a", "sha256": "g" * 64}], {}, "settings.keys[1].sha256: expected 64"),
        ([{"sha256": ANN["sha256"]}], {}, "settings.keys[0].consumer: expected the name"),
        ([ANN, {**ANN, "consumer": "b"}], {}, "settings.keys[1].sha256: this key is already"),
        ([{**ANN, "key": "gold"}], {}, "settings.keys[0].key: unknown field"),
        ([ANN], {"realm": 'a"b'}, "settings.realm: expected a text without quotes"),
        ([ANN], {"consumer_header": "a b"}, "settings.consumer_header: not a header name"),
    ],
)
def test_settings_without_meaning_are_refused(
    load: Load, keys: list[Any], settings: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ConfigurationRefusedError) as caught:
        guarded(load, *keys, **settings)
    assert reason in str(caught.value)
