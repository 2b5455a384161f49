"""Limits of a real Envoy: of its own, and shared with others through the quota server."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from mixer2.quota.configuration import parse_limits
from mixer2.quota.redis_store import RedisStore
from mixer2.quota.server import QuotaServer
from mixer2.xds.modules import WasmModule
from tests.e2e.mixing import free_port, mixing
from tests.redis_server import RedisServer

pytestmark = pytest.mark.envoy

LIMITS = """
domain: edge
descriptors:
- {key: user, rate_limit: {unit: year, requests_per_unit: 500}}
"""
BY_USER = {"user": "request.headers['x-user']"}


def checking(name: str, handler: dict[str, Any], **rule: Any) -> dict[str, Any]:
    return {"handlers": {name: handler}, "rules": [{"check": name, **rule}]}


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.mark.parametrize("values", [{}, BY_USER], ids=["one bucket", "a bucket for each user"])
async def test_two_workers_share_a_local_limit_exactly(
    mixer: WasmModule, values: dict[str, str]
) -> None:
    limit = {"rate_limit": {"requests": 1000, "per": "1h"}}
    async with mixing(mixer, checking("limit", limit, **{"with": values})) as proxy:
        found = await proxy.statuses(1500, connections=16, x_user="ann")
        denied, headers = await proxy.get("/", x_user="ann")
        stats = await proxy.stats("limit")
    # A token comes every 3.6 s, so a slow run may see a few more; never fewer.
    assert 1000 <= found[200] <= 1010
    assert found.total() == 1500
    assert set(found) == {200, 429}
    assert denied == 429
    assert headers["x-ratelimit-limit"] == "1000, 1000;w=3600"
    assert 1 <= int(headers["retry-after"]) <= 4
    assert stats["mixer2_check_allowed_total{handler=limit}"] == found[200]
    assert stats["mixer2_check_denied_total{handler=limit}"] == found[429] + 1
    assert stats.get("mixer2_check_errors_total{handler=limit}", 0) == 0


async def test_users_have_limits_of_their_own(mixer: WasmModule) -> None:
    limit = {"rate_limit": {"requests": 5, "per": "1h"}}
    async with mixing(mixer, checking("limit", limit, **{"with": BY_USER})) as proxy:
        ann = await proxy.statuses(20, x_user="ann")
        bob = await proxy.statuses(3, x_user="bob")
    assert (ann, bob) == (Counter({429: 15, 200: 5}), Counter({200: 3}))


async def test_two_proxies_share_a_global_limit(mixer: WasmModule, redis: RedisServer) -> None:
    handler = {"global_rate_limit": {"cluster": "quota", "domain": "edge"}, "timeout": "5s"}
    configuration = checking("limit", handler, **{"with": BY_USER})
    async with AsyncExitStack() as stack:
        store = RedisStore(redis.url, timeout=5)
        limits = parse_limits(LIMITS, "limits.yaml")
        server = await stack.enter_async_context(QuotaServer(limits, store))
        proxies = [
            await stack.enter_async_context(
                mixing(mixer, configuration, grpc={"quota": server.port}, node=f"edge-{number}")
            )
            for number in range(2)
        ]
        found = await asyncio.gather(*(one.statuses(400, x_user="ann") for one in proxies))
        other = await proxies[0].statuses(1, x_user="bob")
    assert (found[0] + found[1])[200] == 500
    assert other == Counter({200: 1})


async def test_fetched_tokens_never_exceed_the_quota_and_save_calls(
    mixer: WasmModule, redis: RedisServer
) -> None:
    handler = {
        "quota": {"cluster": "quota", "domain": "edge"},
        "prefetch": 50,
        "timeout": "5s",
        "on_failure": "closed",
    }
    configuration = checking("limit", handler, **{"with": BY_USER})
    async with AsyncExitStack() as stack:
        store = RedisStore(redis.url, timeout=5)
        limits = parse_limits(LIMITS, "limits.yaml")
        server = await stack.enter_async_context(QuotaServer(limits, store))
        proxy = await stack.enter_async_context(
            mixing(mixer, configuration, grpc={"quota": server.port})
        )
        found = await proxy.statuses(2000, connections=16, x_user="prefetching")
        stats = await proxy.stats("limit")
    assert found.total() == 2000
    assert 400 <= found[200] <= 500  # what a worker fetched and did not use is not spent
    assert stats["mixer2_check_calls_total{handler=limit}"] <= 40


@pytest.mark.parametrize(("policy", "status"), [("open", 200), ("closed", 503)])
async def test_without_the_service_the_policy_holds(
    mixer: WasmModule, policy: str, status: int
) -> None:
    handler = {"global_rate_limit": {"cluster": "quota"}, "on_failure": policy}
    configuration = checking("limit", handler, **{"with": BY_USER})
    async with mixing(mixer, configuration, grpc={"quota": free_port()}) as proxy:
        found = await proxy.statuses(40, x_user="ann")
        stats = await proxy.stats("limit")
    assert found == Counter({status: 40})
    assert stats["mixer2_check_errors_total{handler=limit}"] >= 1
