"""The services over gRPC."""

from typing import Any

import grpc
import pytest
from structlog.testing import capture_logs

from mixer2.quota.errors import CannotListen, StoreUnavailable
from mixer2.quota.limits import Limits
from mixer2.quota.messages import RateLimitRequest, RateLimitResponse
from mixer2.quota.redis_store import RedisStore
from mixer2.quota.server import QuotaServer
from mixer2.quota.service import RATE_LIMIT_SERVICE
from mixer2.quota.store import MemoryStore
from tests.quota.conftest import serving
from tests.redis_server import RedisServer

LIMITS = """
domain: edge
descriptors:
- {key: user, rate_limit: {unit: year, requests_per_unit: 3}}
- {key: path, rate_limit: {unit: year, requests_per_unit: 5}}
"""
OK = RateLimitResponse.OK
OVER = RateLimitResponse.OVER_LIMIT
YEAR = RateLimitResponse.RateLimit.YEAR


def codes(answer: Any) -> tuple[int, list[int], list[int]]:
    statuses = list(answer.statuses)
    return (
        answer.overall_code,
        [one.code for one in statuses],
        [one.limit_remaining for one in statuses],
    )


async def test_so_many_pass_and_one_more_does_not() -> None:
    async with serving(LIMITS, MemoryStore()) as client:
        answers = [codes(await client.limit("edge", {"user": "ann"})) for _ in range(4)]
        assert answers == [(OK, [OK], [2]), (OK, [OK], [1]), (OK, [OK], [0]), (OVER, [OVER], [0])]
        assert codes(await client.limit("edge", {"user": "bob"})) == (OK, [OK], [2])


async def test_an_answer_says_the_limit_and_when_it_is_new() -> None:
    async with serving(LIMITS, MemoryStore()) as client:
        (status,) = (await client.limit("edge", {"user": "ann"})).statuses
    assert (status.current_limit.requests_per_unit, status.current_limit.unit) == (3, YEAR)
    assert 0 < status.duration_until_reset.seconds <= 31_536_000


async def test_a_refused_question_costs_nothing() -> None:
    async with serving(LIMITS, MemoryStore()) as client:
        await client.limit("edge", {"user": "ann"}, hits=3)
        both = codes(await client.limit("edge", {"user": "ann"}, {"path": "/"}))
        assert both == (OVER, [OVER, OK], [0, 5])
        assert codes(await client.limit("edge", {"path": "/"}, hits=5)) == (OK, [OK], [0])


async def test_what_meets_no_limit_passes() -> None:
    async with serving(LIMITS, MemoryStore()) as client:
        assert codes(await client.limit("edge", {"tenant": "a"})) == (OK, [OK], [0])
        assert codes(await client.limit("other", {"user": "a"})) == (OK, [OK], [0])
        mixed = codes(await client.limit("edge", {"tenant": "a"}, {"user": "a"}))
        assert mixed == (OK, [OK, OK], [0, 2])


async def test_equal_descriptors_are_counted_once() -> None:
    async with serving(LIMITS, MemoryStore()) as client:
        answer = codes(await client.limit("edge", {"user": "ann"}, {"user": "ann"}))
        assert answer == (OK, [OK, OK], [2, 2])


async def test_tokens_are_granted_as_far_as_they_go() -> None:
    async with serving(LIMITS, MemoryStore()) as client:
        granted = []
        for _ in range(3):
            answer = await client.take("edge", {"user": "ann"}, hits=2)
            granted.append((answer.overall_code, answer.statuses[0].quota.requests))
        assert granted == [(OK, 2), (OK, 1), (OVER, 0)]
        assert codes(await client.limit("edge", {"user": "ann"})) == (OVER, [OVER], [0])


async def test_tokens_are_good_until_the_window_ends() -> None:
    async with serving(LIMITS, MemoryStore()) as client:
        (status,) = (await client.take("edge", {"user": "ann"}, hits=2)).statuses
    until = status.quota.valid_until.seconds
    assert until % 31_536_000 in (0, 31_535_999)


async def test_the_proxy_may_bring_the_limit() -> None:
    request = RateLimitRequest(domain="edge")
    descriptor = request.descriptors.add(entries=[{"key": "user", "value": "ann"}])
    descriptor.limit.requests_per_unit = 1
    descriptor.limit.unit = YEAR
    method = f"/{RATE_LIMIT_SERVICE}/ShouldRateLimit"
    async with serving(LIMITS, MemoryStore()) as client:
        found = [await client.send(method, request.SerializeToString()) for _ in range(2)]
    assert [one.overall_code for one in found] == [OK, OVER]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (b"\x0a\x05ab", "not a RateLimitRequest"),
        (b"", "the domain is empty"),
        (RateLimitRequest(domain="edge").SerializeToString(), "there are no descriptors"),
        (
            RateLimitRequest(domain="edge", descriptors=[{}] * 101).SerializeToString(),
            "101 descriptors; at most 100 are counted",
        ),
    ],
)
async def test_what_is_no_question_is_refused(request_: bytes, reason: str) -> None:
    async with serving(LIMITS, MemoryStore()) as client:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await client.send(f"/{RATE_LIMIT_SERVICE}/ShouldRateLimit", request_)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert caught.value.details() == reason


async def test_an_outage_of_redis_is_told_logged_once_and_ends() -> None:
    with RedisServer() as redis_server:
        store = RedisStore(redis_server.url, timeout=5)
        async with serving(LIMITS, store) as client:
            await client.limit("edge", {"user": "ann"})
            with capture_logs() as logs:
                redis_server.stop()
                for _ in range(3):
                    with pytest.raises(grpc.aio.AioRpcError) as caught:
                        await client.limit("edge", {"user": "ann"})
                    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
                redis_server.start()
                answer = codes(await client.limit("edge", {"user": "ann"}))
    assert answer == (OK, [OK], [2])
    events = [one["event"] for one in logs]
    assert events == ["quota.store_unavailable", "quota.store_back"]


async def test_its_health_is_that_of_its_redis() -> None:
    with RedisServer() as redis_server:
        store = RedisStore(redis_server.url, timeout=5)
        async with serving(LIMITS, store) as client:
            healthy = await client.health()
            redis_server.stop()
            sick = await client.health()
            redis_server.start()
            again = await client.health()
    assert (healthy, sick, again) == (b"\x08\x01", b"\x08\x02", b"\x08\x01")


async def test_a_taken_port_is_an_error() -> None:
    async with QuotaServer(Limits(), MemoryStore()) as first:
        second = QuotaServer(Limits(), MemoryStore(), port=first.port)
        with pytest.raises(CannotListen, match=f"{first.port}: Address already in use"):
            await second.__aenter__()


async def test_plain_text_beyond_loopback_needs_permission() -> None:
    with pytest.raises(CannotListen, match="no loopback address"):
        await QuotaServer(Limits(), MemoryStore(), host="0.0.0.0").__aenter__()


async def test_a_redis_that_is_not_there_is_told_at_once() -> None:
    store = RedisStore("unix:///nowhere/redis.sock")
    with pytest.raises(StoreUnavailable):
        await store.ping()
    await store.close()
