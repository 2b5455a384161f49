"""One world for all scenarios: `--world processes` (default) or `--world containers`."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from e2e.world import plan as parts
from e2e.world.plan import Plan
from e2e.world.processes import Processes
from e2e.world.world import World


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--world",
        choices=["processes", "containers"],
        default="processes",
        help="what runs the parts of the mesh",
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    plan = Plan.make(Path(tmp_path_factory.mktemp("world")))
    runtime = Processes(plan)
    one = World(plan, runtime)
    try:
        await one.start(*parts.ALWAYS)
        yield one
    finally:
        await asyncio.to_thread(runtime.close)
