"""A quota server, its Redis, and who asks it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import grpc.aio
import pytest

from mixer2.quota.configuration import parse_limits
from mixer2.quota.messages import RateLimitRequest, RateLimitResponse
from mixer2.quota.server import QuotaServer
from mixer2.quota.service import HEALTH_SERVICE, QUOTA_SERVICE, RATE_LIMIT_SERVICE
from mixer2.quota.store import Store
from tests.redis_server import RedisServer


@pytest.fixture(scope="session")
def running_redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


class Client:
    """Asks a server."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._channel = channel

    async def limit(self, domain: str, *descriptors: dict[str, str], hits: int = 0) -> Any:
        return await self._ask(f"/{RATE_LIMIT_SERVICE}/ShouldRateLimit", domain, descriptors, hits)

    async def take(self, domain: str, *descriptors: dict[str, str], hits: int = 0) -> Any:
        return await self._ask(f"/{QUOTA_SERVICE}/Take", domain, descriptors, hits)

    async def health(self) -> bytes:
        answer: bytes = await self._channel.unary_unary(f"/{HEALTH_SERVICE}/Check", None, None)(b"")
        return answer

    async def _ask(
        self, method: str, domain: str, descriptors: tuple[dict[str, str], ...], hits: int
    ) -> Any:
        request = RateLimitRequest(domain=domain, hits_addend=hits)
        for one in descriptors:
            entries = [{"key": key, "value": value} for key, value in one.items()]
            request.descriptors.add(entries=entries)
        return await self.send(method, request.SerializeToString())

    async def send(self, method: str, data: bytes) -> Any:
        answer = await self._channel.unary_unary(method, None, None)(data)
        return RateLimitResponse.FromString(answer)


@asynccontextmanager
async def serving(limits: str, store: Store) -> AsyncIterator[Client]:
    """A client of a server with these limits."""
    async with (
        QuotaServer(parse_limits(limits, "limits.yaml"), store) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        yield Client(channel)
