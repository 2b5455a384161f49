"""The server's image, and the compose file that users copy, used as its users do."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from e2e.world.engine import Engine
from e2e.world.images import SERVER
from e2e.world.plan import HOST, free_ports
from e2e.world.runtime import PartFailed
from e2e.world.world import eventually, fetch

pytestmark = pytest.mark.asyncio(loop_scope="session")

COPIED = Path(__file__).parents[2] / "build" / "image"
LARGEST_MB = 450
HARDENED = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]

Compose = Callable[..., str]


@pytest.fixture
def docker(engine: Engine | None) -> Engine:
    if engine is None:
        pytest.skip("images are for containers: `make e2e` has these tests")
    return engine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a user has copied."""
    target = tmp_path / "copied"
    shutil.copytree(COPIED, target)
    # The containers run as somebody else.
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target


@pytest.fixture
def ports() -> dict[str, int]:
    return free_ports(("PROXY_PORT", "STATUS_PORT"))


@pytest.fixture
def compose(docker: Engine, folder: Path, ports: dict[str, int]) -> Iterator[Compose]:
    docker.environment.update({name: str(port) for name, port in ports.items()})
    docker.environment["MIXER2_IMAGE"] = SERVER

    def call(*arguments: str) -> str:
        return docker.docker("compose", "--file", str(folder / "compose.yaml"), *arguments)

    try:
        yield call
    finally:
        call("down", "--volumes", "--timeout", "5")


async def test_the_image_is_slim_and_runs_as_nobody_in_particular(docker: Engine) -> None:
    (image,) = json.loads(docker.docker("image", "inspect", SERVER))
    assert image["Config"]["User"] == "65532:65532"
    assert image["Config"]["Healthcheck"]["Test"][0] == "CMD"
    assert image["Size"] < LARGEST_MB * 1_000_000

    said = docker.docker("run", "--rm", "--network", "none", *HARDENED, SERVER, "--version")
    assert said.startswith("mixer2 ")
    write = ["-c", "open('/opt/mixer2/x', 'w')"]
    with pytest.raises(PartFailed, match=r"Read-only file system|Permission denied"):
        docker.docker("run", "--rm", "--network", "none", "--entrypoint", "python", SERVER, *write)


async def test_the_compose_file_serves_and_follows_edits(
    compose: Compose, folder: Path, ports: dict[str, int]
) -> None:
    compose("up", "--detach", "--wait", "--no-build")
    states = [json.loads(line) for line in compose("ps", "--format", "json").splitlines()]
    assert {one["Service"]: one["Health"] for one in states} == {
        "mixer2": "healthy",
        "envoy": "",
        "shop": "healthy",
    }

    async def greeted(greeting: str) -> bool:
        try:
            async with aiohttp.request("GET", f"http://{HOST}:{ports['PROXY_PORT']}/") as response:
                return (response.status, response.headers.get("x-hello")) == (200, greeting)
        except aiohttp.ClientError:
            return False

    await eventually(lambda: greeted("from Python, in a container"), "the filter greets")

    status: dict[str, Any] = await fetch(f"http://{HOST}:{ports['STATUS_PORT']}/api/status")
    (node,) = status["nodes"]
    assert (node["id"], [one["state"] for one in node["filters"]]) == ("edge-1", ["in use"])

    source = folder / "mesh" / "hello.py"
    source.write_text(source.read_text().replace("in a container", "edited"))
    await eventually(lambda: greeted("from Python, edited"), "the edited filter greets")
