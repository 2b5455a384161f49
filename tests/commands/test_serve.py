"""`mixer2 serve` as somebody starts it."""

import asyncio
import json
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import structlog
from typer.testing import CliRunner

from mixer2.cli import app

GOOD = """\
version: 1
listeners: {web: {port: 8080, routes: web}}
routes: {web: [{to: web}]}
services: {web: {endpoints: ["127.0.0.1:9"]}}
"""


@pytest.fixture(autouse=True)
def log_setup() -> Iterator[None]:
    """`serve` sets the log up for its process."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def mesh(tmp_path: Path) -> Path:
    path = tmp_path / "mesh.yaml"
    path.write_text(GOOD)
    return path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["serve", *arguments])
    return result.exit_code, result.output


def test_check_says_fine_and_writes_nothing(mesh: Path) -> None:
    assert run(str(mesh), "--check") == (0, f"{mesh}: fine\n")
    assert [path.name for path in mesh.parent.iterdir()] == ["mesh.yaml"]


def test_check_says_all_that_is_wrong_with_its_place(mesh: Path) -> None:
    mesh.write_text(GOOD.replace("8080", "80800").replace("to: web", "to: wbe"))
    code, said = run(str(mesh), "--check")
    assert code == 1
    assert said == (
        f"{mesh}:2:25: expected less than or equal to 65535, got 80800\n"
        f"{mesh}:3:21: there is no service 'wbe'; there is: web\n"
        "2 problems; nothing is served\n"
    )


def test_a_filter_that_does_not_compile_is_a_problem_of_the_mesh(mesh: Path) -> None:
    mesh.write_text(f"{GOOD}filters: {{hello: {{code: hello.py}}}}\n")
    mesh.with_name("hello.py").write_text("import os\n")
    code, said = run(str(mesh), "--check")
    assert code == 1
    assert said.startswith(f"{mesh}:5:25: ")
    assert re.search(r"hello\.py:1:\d+: ", said)
    mesh.with_name("hello.py").unlink()
    assert (
        f"{mesh}:5:25: {mesh.with_name('hello.py')}: No such file" in run(str(mesh), "--check")[1]
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "plain text needs permission"),
        (["--certificate", "a", "--key", "b"], "--certificate, --key and --client-ca go together"),
        (["--modules-key", "b"], "--modules-certificate and --modules-key go together"),
        (["--state", "/proc/nowhere"], "/proc/nowhere"),
    ],
)
def test_what_does_not_fit_is_said_before_anything_runs(
    mesh: Path, arguments: list[str], said: str
) -> None:
    ports = ["--port", "0", "--status-port", "0", "--modules-port", "0"]
    code, output = run(str(mesh), *ports, *arguments)
    assert code in {1, 2}
    assert said in output
    assert "Traceback" not in output


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
async def test_it_serves_until_it_is_told_to_end(mesh: Path, ending: signal.Signals) -> None:
    ports = ["--port", "0", "--status-port", "0", "--modules-port", "0", "--log-format", "json"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mixer2", "serve", str(mesh), *ports),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    said = ""
    try:
        async with asyncio.timeout(120):
            while (found := re.search(r"http://127\.0\.0\.1:\d+", said)) is None or (
                "xds.listening" not in said
            ):
                line = await process.stdout.readline()
                assert line, said
                said += line.decode()
        assert {"xds.listening", "status.listening", "modules.listening", "mesh.loaded"} == {
            json.loads(line)["event"] for line in said.splitlines()
        }
        async with aiohttp.ClientSession(found[0]) as session:
            async with session.get("/healthz") as response:
                assert (response.status, await response.text()) == (200, "ok\n")
            async with session.get("/metrics") as response:
                assert "mixer2_xds" in await response.text()
            async with session.get("/api/status") as response:
                assert json.loads(await response.text())["server"]["mesh"] == str(mesh)
        process.send_signal(ending)
        async with asyncio.timeout(60):
            rest = (await process.stdout.read()).decode()
            assert await process.wait() == 0
        assert "Traceback" not in rest
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
