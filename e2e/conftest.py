"""One world for all scenarios: `--world processes` (default) or `--world containers`."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from e2e.world import images
from e2e.world import plan as parts
from e2e.world.containers import Containers
from e2e.world.engine import Engine
from e2e.world.plan import Plan
from e2e.world.processes import Processes
from e2e.world.runtime import PartFailed
from e2e.world.world import World


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--world",
        choices=["processes", "containers"],
        default="processes",
        help="what runs the parts of the mesh",
    )


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine | None]:
    """A Docker engine with all images; None where the parts are processes."""
    if request.config.getoption("--world") == "processes":
        yield None
        return
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def tell(what: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"\n{what}", end=" ", flush=True)

    found = Engine()
    try:
        found.start()
        found.environment.update(images.prepare(found, tell))
    except PartFailed as error:
        found.stop()
        # One line that says why, instead of an error for each scenario.
        pytest.exit(str(error), returncode=1)
    try:
        yield found
    finally:
        found.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(
    engine: Engine | None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    plan = Plan.make(Path(tmp_path_factory.mktemp("world")))
    runtime = Processes(plan) if engine is None else Containers(plan, engine)
    one = World(plan, runtime)
    try:
        await one.start(*parts.ALWAYS)
        yield one
    finally:
        await asyncio.to_thread(runtime.close)
