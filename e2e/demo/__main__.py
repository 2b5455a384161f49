"""`python -m e2e.demo`, which is `make demo`.

Environment:
    KEEP  1: go on serving when the figures are out, until Ctrl-C.
    PORT  Where Envoy takes requests; a free port unless given.
"""

import asyncio
import logging
import os
import signal
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog
from rich.console import Console

from adapters.backend.series import REQUESTS
from e2e.demo import telemetry
from e2e.demo.errors import DemoFailed
from e2e.demo.keep import keep_running
from e2e.demo.measure import CONNECTIONS, Measured, change_under_load
from e2e.demo.report import Report, counts_table
from e2e.demo.stage import staged
from mixer2.envoy.binary import find_envoy
from mixer2.envoy.errors import EnvoyError
from mixer2.xds.builders.extension import WasmPlugin
from mixer2.xds.errors import XdsError
from mixer2.xds.modules import WasmModule

_REQUESTS: Final = 4_000
_INTERRUPTED: Final = 130


async def demo(report: Report, folder: Path, *, proxy_port: int, keep: bool) -> None:
    """Compile the filter, deliver it, send traffic through it, and compare the counts.

    Args:
        report: Where it is shown.
        folder: Where the compiled module goes.
        proxy_port: Where Envoy takes requests; 0 for a port that the system picks.
        keep: Go on serving until cancelled.

    Raises:
        DemoFailed: something did not hold.
        EnvoyError, XdsError: something could not start.
    """
    find_envoy()  # before the work that would be in vain without one
    module_path = folder / f"{telemetry.NAME}.wasm"
    built = await telemetry.build(module_path)
    report.say("compiled", f"{telemetry.SOURCE}: {built.size:,} bytes in {built.seconds:.2f} s")
    plugin = WasmPlugin(
        name=telemetry.NAME,
        module=WasmModule.read(module_path),
        configuration=telemetry.configuration(telemetry.SIGNATURE_BEFORE),
    )
    changed = replace(plugin, configuration=telemetry.configuration(telemetry.SIGNATURE_AFTER))
    began = time.perf_counter()
    async with staged(plugin, proxy_port=proxy_port) as stage:
        seconds = time.perf_counter() - began
        admin = stage.envoy.admin
        version = (await admin.server_info())["version"].split("/")[1]
        report.say("xDS", f"server on {stage.xds.host}:{stage.xds.port}")
        report.say(
            "Envoy",
            f"{version} runs the plugin {seconds:.2f} s after its start; "
            f"proxy {await stage.proxy_url()}, admin {admin.url}",
        )
        measured = await change_under_load(stage, changed, requests=_REQUESTS)
        _show(report, measured, await admin.prometheus())
        if defects := measured.defects():
            raise DemoFailed("\n".join(defects[:10]))
        if keep:
            await keep_running(report, stage, changed, module_path)


def _show(report: Report, measured: Measured, scrape: str) -> None:
    load = measured.load
    report.say(
        "load",
        f"{load.total:,} requests in {measured.seconds:.1f} s on {CONNECTIONS} connections, "
        f"{len(load.failures)} failed",
    )
    report.say(
        "change",
        f"of the configuration after {measured.changed_after:,} requests: in force "
        f"{measured.change_seconds * 1e3:.0f} ms and {measured.change_requests} requests later",
    )
    report.show(counts_table(measured.client, measured.envoy, measured.mean_ms))
    for (name, value), count in sorted(load.signed.items()):
        report.say("header", f"{name}: {value}   on {count:,} answers")
    for line in scrape.splitlines():
        if line.startswith(REQUESTS) and 'method="GET"' in line and "2xx" in line:
            report.say("scrape", line)


async def _until_signalled(report: Report, *, proxy_port: int, keep: bool) -> None:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, or a shell's background
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with tempfile.TemporaryDirectory(prefix="mixer2-demo-") as folder:
        await demo(report, Path(folder), proxy_port=proxy_port, keep=keep)


def main() -> int:
    """Run the demo; returns the exit code."""
    keep = os.environ.get("KEEP", "") not in ("", "0")
    port = os.environ.get("PORT") or "0"
    if not port.isdecimal() or int(port) > 65_535:
        print(f"demo: PORT={port}: expected a port number", file=sys.stderr)
        return 2
    # What ends the demo is said once, by us; what happens to a running one is worth a warning.
    level = logging.WARNING if keep else logging.ERROR
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    report = Report(Console())
    try:
        asyncio.run(_until_signalled(report, proxy_port=int(port), keep=keep))
    except (DemoFailed, EnvoyError, XdsError, OSError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        print("demo: stopped, and everything that it had started", file=sys.stderr)
        return 0 if keep else _INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
