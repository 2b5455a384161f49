"""One world for all scenarios: `--world processes` (default) or `--world containers`."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from e2e.world import plan as parts
from e2e.world.containers import Containers
from e2e.world.engine import Engine
from e2e.world.plan import Plan
from e2e.world.processes import Processes
from e2e.world.runtime import PartFailed, Runtime
from e2e.world.world import World


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--world",
        choices=["processes", "containers"],
        default="processes",
        help="what runs the parts of the mesh",
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    plan = Plan.make(Path(tmp_path_factory.mktemp("world")))
    in_containers = request.config.getoption("--world") == "containers"
    try:
        runtime = await asyncio.to_thread(_containers if in_containers else Processes, plan)
    except PartFailed as error:
        # One line that says why, instead of an error for each scenario.
        pytest.exit(str(error), returncode=1)
    one = World(plan, runtime)
    try:
        await one.start(*parts.ALWAYS)
        yield one
    finally:
        await asyncio.to_thread(runtime.close)


def _containers(plan: Plan) -> Runtime:
    engine = Engine()
    try:
        engine.start()
        return Containers(plan, engine)
    except BaseException:
        engine.stop()
        raise
