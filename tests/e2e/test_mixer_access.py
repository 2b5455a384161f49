"""Who may do what, decided by a real Envoy."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import grpc.aio
import pytest
from envoy.service.auth.v3 import external_auth_pb2

from mixer2.xds.modules import WasmModule
from tests.e2e.mixing import mixing

pytestmark = pytest.mark.envoy


def checking(handler: dict[str, Any], **rule: Any) -> dict[str, Any]:
    return {"handlers": {"access": handler}, "rules": [{"check": "access", **rule}]}


async def test_api_keys(mixer: WasmModule) -> None:
    keys = [{"consumer": "ann", "sha256": hashlib.sha256(b"gold").hexdigest()}]
    async with mixing(mixer, checking({"api_keys": {"keys": keys}})) as proxy:
        missing, challenge = await proxy.get("/")
        wrong, _ = await proxy.get("/", x_api_key="silver")
        right, _ = await proxy.get("/", x_api_key="gold", x_consumer="root")
        told = proxy.upstream.headers["x-consumer"]
        stats = await proxy.stats("access")
    assert (missing, wrong, right) == (401, 403, 200)
    assert challenge["www-authenticate"] == 'ApiKey realm="api"'
    assert told == "ann"
    assert stats["mixer2_check_denied_total{handler=access}"] == 2


RULES = [
    {"deny": {"paths": ["/private*"]}},
    {"allow": {"methods": ["GET"], "sources": ["127.0.0.0/8"]}},
]


async def test_rules(mixer: WasmModule) -> None:
    async with mixing(mixer, checking({"authz": {"rules": RULES}})) as proxy:
        statuses = [
            (await proxy.get(path, method))[0]
            for path, method in [
                ("/a", "GET"),
                ("/a", "POST"),
                ("/private/x", "GET"),
                ("/%70rivate/x", "GET"),
                ("/a%2f..%2fprivate", "GET"),
            ]
        ]
    assert statuses == [200, 403, 403, 403, 400]


async def test_a_dry_run_of_rules_only_tells(mixer: WasmModule) -> None:
    async with mixing(mixer, checking({"authz": {}}, dry_run=True)) as proxy:
        status, _ = await proxy.get("/")
        stats = await proxy.stats("would_deny")
    assert status == 200
    assert stats == {"mixer2_check_would_deny_total{handler=access}": 1}


class Authorization:
    """Envoy's authorisation service: knows one token."""

    def __init__(self) -> None:
        self.calls = 0

    async def check(self, request: bytes, _context: Any) -> bytes:
        self.calls += 1
        http = external_auth_pb2.CheckRequest.FromString(request).attributes.request.http
        response = external_auth_pb2.CheckResponse()
        if http.headers.get("authorization") == "Bearer good":
            header = response.ok_response.headers.add().header
            header.key, header.value = "x-user", "ann"
        else:
            response.status.code = grpc.StatusCode.PERMISSION_DENIED.value[0]
            response.denied_response.body = f"{http.method} {http.path}: no"
        data: bytes = response.SerializeToString()
        return data

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        server = grpc.aio.server()
        methods = {"Check": grpc.unary_unary_rpc_method_handler(self.check)}
        name = "envoy.service.auth.v3.Authorization"
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, methods),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        try:
            yield port
        finally:
            await server.stop(None)


async def test_a_service_decides_once_for_equal_requests(mixer: WasmModule) -> None:
    service = Authorization()
    handler = {"remote_authz": {"cluster": "authz", "valid": "5m"}, "timeout": "5s"}
    rule = {"with": {"authorization": "request.headers['authorization']"}}
    async with (
        service.serving() as port,
        mixing(mixer, checking(handler, **rule), grpc={"authz": port}) as proxy,
    ):
        good = await proxy.statuses(500, authorization="Bearer good")
        user = proxy.upstream.headers["x-user"]
        bad = await proxy.statuses(500, authorization="Bearer bad")
    assert (good, bad) == (Counter({200: 500}), Counter({403: 500}))
    assert user == "ann"
    # Once for each token in each of the two workers.
    assert 2 <= service.calls <= 4
