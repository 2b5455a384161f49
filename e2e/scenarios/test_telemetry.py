"""What was sent, what Envoy counted, and what Prometheus shows."""

from collections import Counter
from typing import Any
from urllib.parse import unquote

import aiohttp
import pytest

from adapters.backend.series import REQUESTS
from e2e.demo.plugin_stats import requests
from e2e.demo.tally import Key, Tally, differences
from e2e.world import plan as parts
from e2e.world.world import World, eventually, fetch

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Other scenarios have others: Envoy's counters go on as long as the module does.
TENANTS = ("north", "south", "we,ird{}")
MESH = """
version: 1
listeners:
  edge:
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
    configuration: {{tenant_header: x-tenant, response_header: x-counted}}
"""


async def test_client_envoy_and_prometheus_count_the_same(world: World) -> None:
    module = world.build("filters/http_telemetry.py")
    world.plan.write_mesh(MESH.format(module=module.name, **world.plan.ports))
    await world.answers_with("edge_http", "x-counted")
    await world.start(parts.PROMETHEUS)

    sent: Tally = Counter()
    async with aiohttp.ClientSession(world.url("edge_http")) as session:
        for number in range(600):
            tenant = TENANTS[number % 3]
            code = (200, 404, 503, 201)[number % 4]
            method = "POST" if number % 5 == 0 else "GET"
            async with session.request(
                method, f"/orders/{code}", headers={"x-tenant": tenant}
            ) as response:
                assert response.status == code
            sent[Key(tenant, method, f"{code // 100}xx")] += 1

    shown = await eventually(lambda: _shown(world, sent.total()), "Prometheus has scraped")
    assert differences(sent, shown) == []
    assert differences(sent, _ours(requests(await world.stats(parts.EDGE, "wasmcustom")))) == []


async def _shown(world: World, total: int) -> Tally | None:
    """The counts in Prometheus, once they are all there."""
    query = f"{world.url('prometheus')}/api/v1/query?query={REQUESTS}"
    answer: dict[str, Any] = await fetch(query)
    shown: Tally = Counter()
    for one in answer["data"]["result"]:
        labels = one["metric"]
        key = Key(unquote(labels["tenant"]), labels["method"], labels["code_class"])
        shown[key] += int(one["value"][1])
    ours = _ours(shown)
    return ours if ours.total() >= total else None


def _ours(counted: Tally) -> Tally:
    """The counts of this scenario's tenants."""
    return Counter({key: count for key, count in counted.items() if key.tenant in TENANTS})
