"""Foreign functions, filter state and metadata, natively and as Wasm."""

import random

import pytest

from mixer2.testhost import ConfigurationRefusedError
from mixer2.testhost.plugin import Load
from mixer2.testhost.protobuf import last_bytes, read_fields
from pal import foreign

FILTER = "tests/pal/telling.py"


@pytest.mark.simulated("how short zlib is, depends on its build")
def test_data_is_compressed_and_back(load: Load) -> None:
    host = load(FILTER)
    assert host.get("/compress/abc").body == b"abc" * 100
    assert host.get("/uncompress/abc").body == b"foreign function uncompress: SERIALIZATION_FAILURE"


def test_a_function_that_the_proxy_lacks(load: Load) -> None:
    assert load(FILTER).get("/unknown").body == b"foreign function no_such_function: NOT_FOUND"


def test_the_route_is_chosen_again(load: Load) -> None:
    host = load(FILTER)
    assert host.get("/route").status == 200
    assert host.upstream_requests[0].path == "/elsewhere"


def test_values_are_shared_with_other_filters(load: Load) -> None:
    host = load(FILTER)
    assert host.get("/share/gold").body == b"gold"
    assert host.get("/state/wasm.tenant").status == 404


def test_a_read_only_value_is_stored_once(load: Load) -> None:
    assert load(FILTER).get("/share-twice").body == b"set_property 'fixed': BAD_ARGUMENT"


def test_filter_state_of_others(load: Load) -> None:
    host = load(FILTER, attributes={("filter_state", "envoy.string"): "value"})
    assert host.get("/state/envoy.string").body == b"value"


def test_what_envoy_looks_at(load: Load) -> None:
    host = load(FILTER)
    assert host.get("/known/envoy.tcp_proxy.cluster=blue").body == b"blue"
    refused = b"foreign function set_envoy_filter_state: "
    assert host.get("/known/no.such.key=x").body == refused + b"NOT_FOUND"
    assert host.get("/known/envoy.network.ip=x").body == refused + b"BAD_ARGUMENT"


def test_metadata(load: Load) -> None:
    attributes = {("metadata", "filter_metadata", "envoy.lb", "stage"): "blue"}
    host = load(FILTER, attributes=attributes)
    assert host.get("/metadata/stage").body == b"blue"
    assert host.get("/metadata/other").status == 404


def test_an_expression_is_compiled_once(load: Load) -> None:
    calls: list[tuple[str, bytes]] = []

    def create(text: bytes) -> bytes:
        calls.append(("create", text))
        return (7).to_bytes(4, "little")

    def evaluate(token: bytes) -> bytes:
        calls.append(("evaluate", token))
        return b"\x01"

    def delete(token: bytes) -> bytes:
        calls.append(("delete", token))
        return b""

    functions = {"expr_create": create, "expr_evaluate": evaluate, "expr_delete": delete}
    host = load(FILTER, {"expression": "1 < 2"}, foreign_functions=functions, leak_check=False)
    assert host.get("/cel").body == b"true"
    host.finish()
    token = (7).to_bytes(4, "little")
    assert calls == [("create", b"1 < 2"), ("evaluate", token), ("delete", token)]


def test_an_expression_sees_the_request(load: Load) -> None:
    expression = "request.headers['X-Tenant'].startsWith('go') && request.path == '/cel'"
    host = load(FILTER, {"expression": expression})
    assert host.get("/cel", {"x-tenant": "gold"}).body == b"true"
    assert host.get("/cel", {"x-tenant": "silver"}).body == b"false"


@pytest.mark.parametrize("expression", ["1 <", "unknown_function(1)"])
def test_a_bad_expression_refuses_the_configuration(load: Load, expression: str) -> None:
    with pytest.raises(ConfigurationRefusedError, match="foreign function expr_create: BAD_ARGU"):
        load(FILTER, {"expression": expression})


def test_signing(load: Load) -> None:
    def sign(arguments: bytes) -> bytes:
        fields = read_fields(arguments)
        assert fields is not None
        assert last_bytes(fields, 1) == b"sha256"
        assert last_bytes(fields, 2) == b"key"
        if last_bytes(fields, 3) == b"bad":
            return b"\x08\x00\x1a\x0aNo key set"
        return b"\x08\x01\x12\x03sig"

    host = load(FILTER, foreign_functions={"sign": sign})
    assert host.get("/sign/text").body == b"sig"
    assert host.get("/sign/bad").body == b"No key set"


def test_verifying(load: Load) -> None:
    def verify(arguments: bytes) -> bytes:
        fields = read_fields(arguments)
        assert fields is not None
        assert [last_bytes(fields, number) for number in (1, 2, 3, 5)] == [
            b"sha256",
            b"key",
            b"signature",
            b"",
        ]
        return b"\x08\x01" if last_bytes(fields, 4) == b"text" else b"\x12\x03bad"

    host = load(FILTER, foreign_functions={"verify_signature": verify})
    assert host.get("/verify/text").body == b"good"
    assert host.get("/verify/other").body == b"bad"


def test_malformed_answers_read_as_if_they_ended() -> None:
    generator = random.Random(1)
    for _ in range(500):
        junk = generator.randbytes(generator.randrange(12))
        for field in (1, 2, 3):
            assert len(foreign._field(junk, field)) <= len(junk)
