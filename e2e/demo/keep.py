"""`KEEP=1`: the demo goes on serving, and delivers every new module that is built."""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

from e2e.demo import telemetry
from e2e.demo.errors import DemoFailed
from e2e.demo.report import Report
from e2e.demo.stage import Stage
from e2e.demo.traffic import TENANT_HEADER
from mixer2.xds.builders.extension import WasmPlugin
from mixer2.xds.modules import watch_module


async def keep_running(report: Report, stage: Stage, plugin: WasmPlugin, module: Path) -> None:
    """Say how to use what runs, and deliver what appears in `module`; until cancelled.

    Raises:
        DemoFailed: Envoy ended.
    """
    mixer2 = os.path.relpath(Path(sys.executable).with_name("mixer2"))
    report.say("kept", "running until Ctrl-C. In another terminal:")
    report.say("", f"curl -i -H '{TENANT_HEADER}: acme' {await stage.proxy_url()}/orders/200")
    report.say("", f"curl '{stage.envoy.admin.url}/stats?filter=wasmcustom'")
    report.say("", f"{mixer2} build {telemetry.SOURCE} -o {module}   # after a change of it")
    delivering = asyncio.create_task(_deliver(report, stage, plugin, module))
    ended = asyncio.create_task(stage.envoy.wait())
    try:
        await asyncio.wait({delivering, ended}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            raise DemoFailed(f"Envoy ended with code {ended.result()}")
        await delivering
    finally:
        delivering.cancel()
        ended.cancel()


async def _deliver(report: Report, stage: Stage, plugin: WasmPlugin, path: Path) -> None:
    running = plugin.module
    async for module in watch_module(path):
        if module == running:
            continue
        what = f"{module.digest[:12]}, {len(module.code):,} bytes"
        try:
            seconds = await stage.run(replace(plugin, module=module))
        except DemoFailed as refusal:
            report.say("refused", f"{what}: {refusal}; {running.digest[:12]} keeps serving")
        else:
            running = module
            report.say("delivered", f"{what}: in force after {seconds * 1e3:.0f} ms")
