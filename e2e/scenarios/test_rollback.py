"""A new version goes to one Envoy first, and back by itself when it does harm."""

import pytest

from e2e.scenarios.load import load_on
from e2e.scenarios.trapping import trapping_module
from e2e.world import plan as parts
from e2e.world.world import World, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

NODES = (parts.EDGE, parts.INNER)
MESH = """
version: 1
observe: {{admin: admin, every: 200ms}}
nodes:
  edge: {{id: edge}}
  inner: {{id: inner}}
listeners:
  edge: {{port: {edge_http}, routes: all, filters: [candidate], nodes: edge}}
  inner: {{port: {inner_http}, routes: all, filters: [candidate], nodes: inner}}
routes:
  all: [{{to: orders}}]
services:
  orders: {{endpoints: ["127.0.0.1:{upstream}"]}}
filters:
  candidate:
    code: {module}
    configuration: {configuration}
    rollout: {{first: edge, steps: [100], window: 60s, min_requests: 10}}
"""
GOOD = "{response_header: x-good}"


def want(world: World, module: str, configuration: str) -> None:
    """Ask for a version of the filter."""
    world.plan.write_mesh(
        MESH.format(module=module, configuration=configuration, **world.plan.ports)
    )


async def good_version_everywhere(world: World) -> str:
    """Serve the version that others go back to; the name of its module."""
    module = world.build("filters/http_telemetry.py")
    want(world, module.name, GOOD)
    for node in NODES:
        await world.answers_with(f"{node}_http", "x-good")
    return module.name


async def rolled_back(world: World, because: str) -> None:
    """Wait until the filter's rollout went back, for a reason."""

    async def found() -> bool:
        (one,) = (await world.status())["filters"]
        rollout = one["rollout"]
        return bool(rollout) and rollout["state"] == "rolled_back" and because in rollout["why"]

    await eventually(found, f"the rollout goes back because {because}")


async def test_a_refused_version_goes_back_by_itself(world: World) -> None:
    module = await good_version_everywhere(world)
    async with load_on(world.url("edge_http")) as canary, load_on(world.url("inner_http")) as other:
        want(world, module, "{max_tenants: 0}")
        await rolled_back(world, "edge refused it")
        await canary.answered(200)
        await other.answered(200)

    for load in (canary, other):
        assert load.failures == []
        assert load.headers["x-good"] == load.answers[200] == load.answers.total()
    # The edge runs what it should again, and the server does not ask it to take the other.
    (edge,) = [one for one in (await world.status())["nodes"] if one["id"] == parts.EDGE]
    assert [one["state"] for one in edge["filters"]] == ["in use"]


async def test_a_version_that_crashes_goes_back_by_itself(world: World) -> None:
    await good_version_everywhere(world)
    trapping = trapping_module(world, "crashing-candidate")
    async with load_on(world.url("edge_http")) as canary, load_on(world.url("inner_http")) as other:
        want(world, trapping.name, "{}")
        await rolled_back(world, "Wasm VMs failed")
        await other.answered(200)
    assert canary.answers[503] > 0
    # Nobody else met it.
    assert other.failures == []
    assert other.headers["x-good"] == other.answers[200] == other.answers.total()

    await world.answers_with("edge_http", "x-good")
    async with load_on(world.url("edge_http")) as healed:
        await healed.answered(200)
    assert healed.failures == []
    assert healed.headers["x-good"] == healed.answers.total()
