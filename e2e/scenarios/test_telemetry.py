"""What was sent, what Envoy counted, and what Prometheus shows."""

import asyncio
from collections import Counter
from typing import Any

import aiohttp
import pytest

from e2e.world import plan as parts
from e2e.world.world import World, eventually, fetch

pytestmark = pytest.mark.asyncio(loop_scope="session")

REQUESTS = "mixer2_http_requests_total"
# Other scenarios have others: Envoy's counters go on as long as the module does.
TENANTS = ("north", "south", "we,ird{}")
SHOWN = ("north", "south", "we%2Cird%7B%7D")
MESH = """
version: 1
listeners:
  shop:
    port: {edge_http}
    routes: shop
    filters: [telemetry]
    nodes: edge
nodes:
  edge: {{id: edge}}
routes:
  shop:
  - to: orders
services:
  orders:
    endpoints: ["127.0.0.1:{upstream}"]
filters:
  telemetry:
    code: {module}
    configuration: {{tenant_header: x-tenant}}
"""


async def test_client_envoy_and_prometheus_count_the_same(world: World) -> None:
    module = world.build("filters/http_telemetry.py")
    world.plan.write_mesh(MESH.format(module=module.name, **world.plan.ports))
    await world.listening("edge_http")
    await world.start(parts.PROMETHEUS)

    sent: Counter[tuple[str, str, str]] = Counter()
    async with aiohttp.ClientSession(world.url("edge_http")) as session:
        for number in range(600):
            tenant = TENANTS[number % 3]
            code = (200, 404, 503, 201)[number % 4]
            method = "POST" if number % 5 == 0 else "GET"
            async with session.request(
                method, f"/orders/{code}", headers={"x-tenant": tenant}
            ) as response:
                assert response.status == code
            sent[tenant, method, f"{code // 100}xx"] += 1

    shown = await eventually(lambda: _shown(world, sum(sent.values())), "Prometheus has scraped")
    names = dict(zip(TENANTS, SHOWN, strict=True))
    expected = {(names[tenant], *rest): count for (tenant, *rest), count in sent.items()}
    assert shown == expected
    stats = await world.stats(parts.EDGE, f"wasmcustom.{REQUESTS}")
    counted = {
        name: n for name, n in stats.items() if any(f"tenant={one}," in name for one in SHOWN)
    }
    assert sum(counted.values()) == sum(sent.values())


async def _shown(world: World, total: int) -> dict[tuple[str, str, str], int] | None:
    """The counts in Prometheus, once they are all there."""
    query = f"{world.url('prometheus')}/api/v1/query?query={REQUESTS}"
    answer: dict[str, Any] = await fetch(query)
    counts = {
        (one["metric"]["tenant"], one["metric"]["method"], one["metric"]["code_class"]): int(
            one["value"][1]
        )
        for one in answer["data"]["result"]
        if one["metric"]["tenant"] in SHOWN
    }
    return counts if sum(counts.values()) >= total else None


async def test_a_change_of_the_configuration_under_load_fails_no_request(world: World) -> None:
    module = world.build("filters/http_telemetry.py")
    mesh = MESH.format(module=module.name, **world.plan.ports)
    world.plan.write_mesh(mesh)
    await world.listening("edge_http")
    signed: Counter[str] = Counter()
    failed: list[str] = []
    over = asyncio.Event()

    async def load(session: aiohttp.ClientSession) -> None:
        while not over.is_set():
            try:
                async with session.get("/orders/200", headers={"x-tenant": "acme"}) as response:
                    if response.status != 200:
                        failed.append(str(response.status))
                    signed[next(h for h in ("x-mixer2", "x-changed") if h in response.headers)] += 1
            except aiohttp.ClientError as error:
                failed.append(repr(error))

    async with aiohttp.ClientSession(world.url("edge_http")) as session:
        clients = [asyncio.create_task(load(session)) for _ in range(4)]
        await eventually(lambda: _is(signed["x-mixer2"] > 100), "requests go through")
        world.plan.write_mesh(mesh.replace("tenant_header: x-tenant", "response_header: x-changed"))
        await eventually(lambda: _is(signed["x-changed"] > 100), "the change is in force")
        over.set()
        await asyncio.gather(*clients)
    assert failed == []


async def _is(condition: bool) -> bool:
    return condition
