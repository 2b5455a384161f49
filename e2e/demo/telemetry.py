"""The plugin of the demo: how it is built, and how it is configured."""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from e2e.demo.errors import DemoFailed
from e2e.demo.traffic import TENANT_HEADER

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = Path("filters", "http_telemetry.py")
NAME: Final = "http_telemetry"

# The response header in which the plugin names itself: what the demo reconfigures under load,
# because every single answer then shows which configuration it met.
SIGNATURE_BEFORE: Final = "x-mixer2"
SIGNATURE_AFTER: Final = "x-mixer2-plugin"


def configuration(signature: str) -> bytes:
    """Return a configuration of the plugin.

    Args:
        signature: The response header in which it names itself.
    """
    fields = {"tenant_header": TENANT_HEADER, "max_tenants": 100, "response_header": signature}
    return json.dumps(fields).encode()


@dataclass(frozen=True, slots=True)
class Built:
    """A compiled filter: its size in bytes, and how many seconds `mixer2 build` took."""

    size: int
    seconds: float


async def build(output: Path) -> Built:
    """Compile the filter as its author would, by the command `mixer2 build`.

    Raises:
        DemoFailed: with what the compiler said.
    """
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mixer2", "build", str(SOURCE), "-o", str(output)),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise DemoFailed(f"mixer2 build {SOURCE}: {said.decode(errors='replace').strip()}")
    return Built(output.stat().st_size, time.perf_counter() - began)
