"""Changes, refusals, crashes and restarts, while requests go through."""

import pytest

from e2e.scenarios.load import load_on
from e2e.scenarios.trapping import trapping_module
from e2e.world import plan as parts
from e2e.world.world import World, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

MESH = """
version: 1
nodes:
  edge: {{id: edge}}
listeners:
  edge:
    port: {edge_http}
    routes: life
    filters: [plugin]
    nodes: edge
routes:
  life:
  - to: orders
services:
  orders:
    endpoints: ["127.0.0.1:{upstream}"]
filters:
  plugin:
    code: {module}
    configuration: '{configuration}'
    failure: {failure}
"""


async def serve(
    world: World, module: str, configuration: str = "{}", failure: str = "reload"
) -> None:
    """Have the edge run a plugin, and wait until it does."""
    world.plan.write_mesh(
        MESH.format(module=module, configuration=configuration, failure=failure, **world.plan.ports)
    )
    await world.listening("edge_http")
    await world.in_force(parts.EDGE, configuration)


@pytest.mark.parametrize("changed", ["configuration", "module"])
async def test_a_change_under_load_fails_no_request(world: World, changed: str) -> None:
    before = world.build("filters/http_telemetry.py")
    after = before
    if changed == "module":
        # The same program, but another module to Envoy: with a custom section at its end.
        after = before.with_name("other.wasm")
        after.write_bytes(before.read_bytes() + b"\x00\x02\x01x")
    await serve(world, before.name, '{"response_header": "x-before"}')
    async with load_on(world.url("edge_http")) as load:
        await load.answered(200)
        await serve(world, after.name, '{"response_header": "x-after"}')
        await load.answered(400)
    assert load.failures == []
    assert load.headers["x-before"] >= 200
    assert load.headers["x-after"] >= 100


async def test_a_refused_configuration_leaves_the_last_good_one(world: World) -> None:
    module = world.build("filters/http_telemetry.py")
    await serve(world, module.name, '{"response_header": "x-good"}')
    rejected = "http_filter.plugin.update_rejected"
    before = (await world.stats(parts.EDGE, rejected)).values()
    async with load_on(world.url("edge_http")) as load:
        world.plan.write_mesh(
            MESH.format(
                module=module.name,
                configuration='{"max_tenants": 0}',
                failure="reload",
                **world.plan.ports,
            )
        )

        async def refused() -> bool:
            return sum((await world.stats(parts.EDGE, rejected)).values()) > sum(before)

        await eventually(refused, "the edge refuses the configuration")
        await load.answered(200)
        seen = load.headers["x-good"]
        await serve(world, module.name, '{"response_header": "x-better"}')
        await load.answered(400)
    assert load.failures == []
    assert seen >= 200
    assert load.headers["x-better"] >= 100


@pytest.mark.parametrize("kill", [False, True])
async def test_a_server_that_comes_back_changes_nothing(world: World, kill: bool) -> None:
    module = world.build("filters/http_telemetry.py")
    await serve(world, module.name, '{"response_header": "x-stays"}')
    reloads = "http_filter.plugin.config_reload$"
    before = await world.stats(parts.EDGE, reloads)
    async with load_on(world.url("edge_http")) as load:
        await load.answered(100)
        world.stop(parts.SERVER, kill=kill)
        await load.answered(200)
        await world.start(parts.SERVER)

        async def connected() -> bool:
            state = await world.stats(parts.EDGE, "control_plane.connected_state")
            return sum(state.values()) == 1

        await eventually(connected, "the edge is connected again")
        await load.answered(200)
    assert load.failures == []
    assert await world.stats(parts.EDGE, reloads) == before


async def test_an_envoy_that_comes_back_gets_all_again(world: World) -> None:
    module = world.build("filters/http_telemetry.py")
    await serve(world, module.name, '{"response_header": "x-again"}')
    world.stop(parts.EDGE, kill=True)
    await world.start(parts.EDGE)
    await world.listening("edge_http")
    async with load_on(world.url("edge_http")) as load:
        await load.answered(200)
    assert load.failures == []
    assert load.headers["x-again"] == load.answers[200]


@pytest.mark.parametrize(
    ("failure", "passes"), [("open", True), ("closed", False), ("reload", False)]
)
async def test_a_plugin_that_traps(world: World, failure: str, passes: bool) -> None:
    trapping = trapping_module(world, f"trapping-{failure}")
    await serve(world, trapping.name, f'{{"policy": "{failure}"}}', failure)
    async with load_on(world.url("edge_http")) as load:
        await load.answered(300)
    # The request that traps is answered with 503 under every policy, once a worker.
    assert (load.answers[200] > 0) == passes
    assert load.answers[503] > 0
    assert set(load.answers) <= {200, 503}

    # The mesh goes on: a good plugin in its place serves at once.
    module = world.build("filters/http_telemetry.py")
    await serve(world, module.name, '{"response_header": "x-healed"}')
    async with load_on(world.url("edge_http")) as load:
        await load.answered(100)
    assert load.failures == []
