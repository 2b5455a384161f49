"""What `KEEP=1` promises: build again, and the new module serves."""

import asyncio
import os
import shutil
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from e2e.demo import telemetry
from e2e.demo.errors import DemoFailed
from e2e.demo.keep import keep_running
from e2e.demo.measure import CONNECTIONS, MIX
from e2e.demo.report import Report
from e2e.demo.stage import staged
from e2e.demo.traffic import Load
from mixer2.xds.builders.extension import WasmPlugin

pytestmark = pytest.mark.envoy

NEXT_VERSION = "0.1.0+changed"


async def until(shown: StringIO, text: str) -> None:
    async with asyncio.timeout(20):
        while text not in shown.getvalue():
            await asyncio.sleep(0.02)


async def build_changed_source(folder: Path, output: Path) -> None:
    for package in ("pal", "adapters", "filters"):
        shutil.copytree(telemetry.ROOT / package, folder / package)
    source = folder / telemetry.SOURCE
    text = source.read_text()
    changed = text.replace('VERSION: Final = "0.1.0"', f'VERSION: Final = "{NEXT_VERSION}"')
    assert changed != text
    source.write_text(changed)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mixer2", "build", str(telemetry.SOURCE), "-o", str(output)),
        cwd=folder,
    )
    assert await process.wait() == 0


async def test_a_changed_source_is_delivered_without_a_failed_request(
    plugin: WasmPlugin, tmp_path: Path
) -> None:
    path = tmp_path / "http_telemetry.wasm"
    path.write_bytes(plugin.module.code)
    shown = StringIO()
    async with staged(plugin) as stage:
        keeping = asyncio.create_task(
            keep_running(Report(Console(file=shown)), stage, plugin, path)
        )
        load = Load(
            await stage.proxy_url(),
            MIX.draw(100_000, seed=4),  # more than there is time for
            connections=CONNECTIONS,
            signatures=[telemetry.SIGNATURE_BEFORE],
        )
        sending = asyncio.create_task(load.run())
        await load.reached(200)

        await build_changed_source(tmp_path / "changed", path)
        await until(shown, "delivered")
        async with asyncio.timeout(20):
            await load.reached(load.done + 200)

        sending.cancel()
        keeping.cancel()

    assert load.failures == []
    assert {value for _, value in load.signed} == {
        "http_telemetry/0.1.0",
        f"http_telemetry/{NEXT_VERSION}",
    }


async def test_what_is_no_module_is_passed_over(plugin: WasmPlugin, tmp_path: Path) -> None:
    path = tmp_path / "http_telemetry.wasm"
    path.write_bytes(plugin.module.code)
    shown = StringIO()
    async with staged(plugin) as stage:
        keeping = asyncio.create_task(
            keep_running(Report(Console(file=shown)), stage, plugin, path)
        )
        await until(shown, "kept")
        path.write_bytes(b"no module")
        await asyncio.sleep(0.3)
        path.write_bytes(plugin.module.code + b"\x00\x02\x01x")
        await until(shown, "delivered")
        keeping.cancel()

    assert shown.getvalue().count("delivered") == 1


async def test_an_envoy_that_ends_is_noticed(plugin: WasmPlugin, tmp_path: Path) -> None:
    async with staged(plugin) as stage:
        keeping = asyncio.create_task(
            keep_running(Report(Console(file=StringIO())), stage, plugin, tmp_path / "none.wasm")
        )
        await asyncio.sleep(0.1)
        os.kill(stage.envoy.pid, 9)
        with pytest.raises(DemoFailed, match="Envoy ended with code -9"):
            await keeping
