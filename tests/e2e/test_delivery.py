"""The compiled filter in a real Envoy, changed while requests are under way."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from e2e.demo import telemetry
from e2e.demo.errors import DemoFailed
from e2e.demo.measure import CONNECTIONS, MIX, change_under_load
from e2e.demo.plugin_stats import requests
from e2e.demo.stage import Stage, staged
from e2e.demo.traffic import Load
from mixer2.xds.builders.extension import WasmPlugin
from mixer2.xds.modules import WasmModule

pytestmark = pytest.mark.envoy


async def load_on(stage: Stage, count: int) -> Load:
    return Load(
        await stage.proxy_url(),
        MIX.draw(count, seed=3),
        connections=CONNECTIONS,
        signatures=[telemetry.SIGNATURE_BEFORE, telemetry.SIGNATURE_AFTER],
    )


def other_build_of(module: WasmModule) -> WasmModule:
    """The same program, but another module to Envoy: with a custom section named `x` at the end."""
    return WasmModule.of(module.code + b"\x00\x02\x01x")


async def test_a_changed_configuration_takes_hold_without_a_failed_request(
    plugin: WasmPlugin,
) -> None:
    changed = replace(plugin, configuration=telemetry.configuration(telemetry.SIGNATURE_AFTER))

    async with staged(plugin) as stage:
        measured = await change_under_load(stage, changed, requests=2_000)

    assert measured.defects() == []
    assert measured.load.answered.total() == 2_000


async def test_a_new_module_takes_hold_without_a_failed_request(plugin: WasmPlugin) -> None:
    # Another configuration as well, so that the answers show which module they met.
    changed = replace(
        plugin,
        module=other_build_of(plugin.module),
        configuration=telemetry.configuration(telemetry.SIGNATURE_AFTER),
    )

    async with staged(plugin) as stage:
        load = await load_on(stage, 1_500)
        sending = asyncio.create_task(load.run())
        await load.reached(500)
        await stage.run(changed)
        await sending
        counted = requests(await stage.envoy.admin.stats("wasmcustom")).total()

    signed = Counter({name: count for (name, _), count in load.signed.items()})
    assert load.failures == []
    assert signed[telemetry.SIGNATURE_BEFORE] >= 500
    assert signed[telemetry.SIGNATURE_AFTER] > 0
    # Envoy drops the metrics of a VM with the VM: those of new code start at 0, as after a restart.
    assert signed[telemetry.SIGNATURE_AFTER] <= counted <= 1_500


async def test_a_refused_configuration_leaves_the_last_good_one_serving(
    plugin: WasmPlugin,
) -> None:
    refused = replace(plugin, configuration=b'{"max_tenants": 0}')

    async with staged(plugin) as stage:
        load = await load_on(stage, 1_000)
        sending = asyncio.create_task(load.run())
        await load.reached(300)
        with pytest.raises(DemoFailed, match=r"refused http_telemetry: .* max_tenants"):
            await stage.run(refused)
        await sending

    assert load.failures == []
    assert {name for name, _ in load.signed} == {telemetry.SIGNATURE_BEFORE}


async def test_a_module_that_is_mended_after_a_refusal_is_taken(plugin: WasmPlugin) -> None:
    mended = replace(plugin, configuration=telemetry.configuration(telemetry.SIGNATURE_AFTER))

    async with staged(plugin) as stage:
        with pytest.raises(DemoFailed):
            await stage.run(replace(plugin, configuration=b"{"))
        await stage.run(mended)
        load = await load_on(stage, 50)
        await load.run()

    assert load.signed == Counter({(telemetry.SIGNATURE_AFTER, "http_telemetry/0.1.0"): 50})
