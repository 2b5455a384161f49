"""The filter that the demo shows: its source, its module, its configuration."""

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
SOURCE: Final = ROOT / "filters" / "http_telemetry.py"

SIGNATURE_BEFORE: Final = "x-mixer2"
SIGNATURE_AFTER: Final = "x-mixer2-plugin"


def configuration(signature: str) -> bytes:
    """Return the plugin's configuration: which response header it names itself in."""
    return json.dumps(
        {"tenant_header": TENANT_HEADER, "max_tenants": 100, "response_header": signature}
    ).encode()


def build_command(output: Path) -> list[str]:
    """Return the command that compiles the filter, as a person would type it."""
    return ["mixer2", "build", str(SOURCE.relative_to(ROOT)), "-o", str(output)]


@dataclass(frozen=True, slots=True)
class Built:
    """A compiled filter: its size in bytes, and how many seconds `mixer2 build` took."""

    size: int
    seconds: float


async def build(output: Path) -> Built:
    """Compile the filter with the command `mixer2 build`.

    Raises:
        DemoFailed: with what the compiler said.
    """
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *build_command(output),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise DemoFailed(f"mixer2 build failed:\n{said.decode(errors='replace').strip()}")
    return Built(output.stat().st_size, time.perf_counter() - began)
