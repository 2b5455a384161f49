"""A limit that two Envoys share, counted by the quota server in Redis."""

import asyncio
import json
from collections import Counter

import aiohttp
import pytest

from e2e.world import plan as parts
from e2e.world.plan import USER_LIMIT
from e2e.world.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

CONNECTIONS = 8
NODES = (parts.EDGE, parts.INNER)
MESH = """
version: 1
nodes:
  edge: {{id: edge}}
  inner: {{id: inner}}
listeners:
  edge: {{port: {edge_http}, routes: limited, filters: [limit], nodes: edge}}
  inner: {{port: {inner_http}, routes: limited, filters: [limit], nodes: inner}}
routes:
  limited: [{{to: orders, response_headers: {{set: {{x-scenario: limit}}}}}}]
services:
  orders: {{endpoints: ["127.0.0.1:{upstream}"]}}
  quota:
    endpoints: ["127.0.0.1:{quota}"]
    protocol: http2
    tls:
      ca: {identities}/ca.crt
      names: quota.world
      certificate: {identities}/node.crt
      key: {identities}/node.key
filters:
  limit: {{code: {module}, calls: quota, configuration: {configuration}}}
"""


async def limited(world: World, on_failure: str) -> None:
    """Have both Envoys ask the quota server about each request of a user."""
    module = world.build("filters/mixer.py")
    handler = {
        "global_rate_limit": {"cluster": "quota", "domain": "world"},
        "timeout": "5s",
        "on_failure": on_failure,
    }
    user = {"user": "request.headers['x-user']"}
    configuration = json.dumps(
        {"handlers": {"limit": handler}, "rules": [{"check": "limit", "with": user}]}
    )
    world.plan.write_mesh(
        MESH.format(
            module=module.name,
            configuration=configuration,
            identities=world.plan.identities.folder,
            **world.plan.ports,
        )
    )
    for node in NODES:
        await world.in_force(node, f'"on_failure": "{on_failure}"')
        await world.answers_with(f"{node}_http", "x-scenario", "limit")


async def answers(world: World, node: str, user: str, count: int) -> Counter[int]:
    """How often which status came from an Envoy."""
    connections = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(world.url(f"{node}_http"), connector=connections) as session:

        async def ask() -> int:
            async with session.get("/orders/200", headers={"x-user": user}) as response:
                await response.read()
                return response.status

        return Counter(await asyncio.gather(*(ask() for _ in range(count))))


async def test_two_envoys_share_a_global_limit(world: World) -> None:
    await world.start(parts.REDIS, parts.QUOTA)
    await limited(world, "closed")

    first, second = await asyncio.gather(
        *(answers(world, node, "ann", USER_LIMIT) for node in NODES)
    )

    assert first + second == Counter({200: USER_LIMIT, 429: USER_LIMIT})
    assert first[200] > 0
    assert second[200] > 0
    # Others have a limit of their own, and of it also what is left is shared.
    assert await answers(world, parts.EDGE, "bob", USER_LIMIT - 1) == {200: USER_LIMIT - 1}
    assert await answers(world, parts.INNER, "bob", 2) == {200: 1, 429: 1}


@pytest.mark.parametrize(("on_failure", "status"), [("open", 200), ("closed", 503)])
async def test_a_quota_server_that_is_killed_forgets_nothing(
    world: World, on_failure: str, status: int
) -> None:
    await world.start(parts.REDIS, parts.QUOTA)
    await limited(world, on_failure)
    user = f"carol-{on_failure}"
    assert await answers(world, parts.EDGE, user, USER_LIMIT - 1) == {200: USER_LIMIT - 1}

    world.stop(parts.QUOTA, kill=True)
    assert await answers(world, parts.INNER, user, 10) == {status: 10}

    await world.start(parts.QUOTA)
    assert (await answers(world, parts.INNER, user, 20)).total() == 20
    after = await answers(world, parts.EDGE, user, 10)
    assert after == {429: 10}
