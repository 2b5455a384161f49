"""The counters of both stores: the same demands get the same answers."""

import asyncio
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer2.quota.errors import StoreUnavailable
from mixer2.quota.redis_store import RedisStore
from mixer2.quota.store import Demand, Level, MemoryStore, Store, Taken
from tests.redis_server import RedisServer

YEAR = 31_536_000

demands = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 20), st.integers(1, 8)),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one[0],
)


def summary(taken: Taken) -> tuple[int, list[tuple[int, bool]]]:
    return taken.granted, [(level.remaining, level.short) for level in taken.levels]


@settings(max_examples=60)
@given(st.lists(st.tuples(demands, st.booleans()), max_size=12))
async def test_both_stores_count_the_same(
    running_redis: RedisServer, steps: list[tuple[list[tuple[str, int, int]], bool]]
) -> None:
    prefix = uuid.uuid4().hex
    memory = MemoryStore()
    shared = RedisStore(running_redis.url, timeout=5)
    for wanted, partial in steps:
        amount = wanted[0][2]
        asked = [
            Demand(prefix + key, limit, YEAR, amount if partial else one)
            for key, limit, one in wanted
        ]
        in_memory = await memory.take(asked, partial=partial)
        in_redis = await shared.take(asked, partial=partial)
        assert summary(in_memory) == summary(in_redis)
        for one, other in zip(in_memory.levels, in_redis.levels, strict=True):
            assert abs(one.reset_ms - other.reset_ms) < 60_000
    await shared.close()


async def test_a_window_ends_in_memory() -> None:
    now = 1_000_000.0
    store = MemoryStore(lambda: now)
    demand = Demand("k", 2, 60, 1)
    granted = [(await store.take([demand], partial=False)).granted for _ in range(3)]
    assert granted == [1, 1, 0]
    level = (await store.take([demand], partial=False)).levels[0]
    assert level == Level(0, 20_000, True)
    now += 20
    assert (await store.take([demand], partial=False)).granted == 1


async def test_a_window_ends_in_redis(running_redis: RedisServer) -> None:
    store = RedisStore(running_redis.url, timeout=5)
    demand = Demand(uuid.uuid4().hex, 1, 1, 1)
    await store.take([demand], partial=False)
    async with asyncio.timeout(10):
        while not (await store.take([demand], partial=False)).granted:
            await asyncio.sleep(0.05)
    await store.close()


async def test_memory_forgets_windows_that_are_over() -> None:
    now = 0.0
    store = MemoryStore(lambda: now)
    for number in range(9_999):
        await store.take([Demand(f"k{number}", 1, 1, 1)], partial=False)
    now = 5.0
    await store.take([Demand("last", 1, 1, 1)], partial=False)
    assert len(store._counters) == 1


async def test_many_clients_never_get_more_than_the_limit(running_redis: RedisServer) -> None:
    stores = [RedisStore(running_redis.url, timeout=5) for _ in range(3)]
    demand = Demand(uuid.uuid4().hex, 100, YEAR, 7)

    async def ask(store: Store) -> int:
        taken = [await store.take([demand], partial=True) for _ in range(20)]
        return sum(one.granted for one in taken)

    assert sum(await asyncio.gather(*(ask(store) for store in stores * 2))) == 100
    for store in stores:
        await store.close()


async def test_counts_survive_a_restart_of_the_server_and_of_redis() -> None:
    with RedisServer() as redis_server:
        redis_server.stop()
        redis_server.start(keep=True)
        demand = Demand("k", 3, YEAR, 2)
        first = RedisStore(redis_server.url, timeout=5)
        assert (await first.take([demand], partial=False)).granted == 2
        await first.close()

        redis_server.stop()
        second = RedisStore(redis_server.url, timeout=5)
        with pytest.raises(StoreUnavailable, match="Redis"):
            await second.take([demand], partial=False)
        redis_server.start(keep=True)
        taken = await second.take([demand], partial=True)
        await second.close()
    assert summary(taken) == (1, [(0, True)])


async def test_what_others_wrote_counts_as_nothing(running_redis: RedisServer) -> None:
    import redis

    key = uuid.uuid4().hex
    with redis.Redis.from_url(running_redis.url) as client:
        client.hset(key, mapping={"w": "garbage", "n": "garbage"})
    store = RedisStore(running_redis.url, timeout=5)
    assert (await store.take([Demand(key, 5, YEAR, 1)], partial=False)).granted == 1
    await store.close()
