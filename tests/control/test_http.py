"""The HTTP side without Envoy: the status as JSON, commands, and who may give them."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from mixer2.cli import app
from mixer2.control.client import command, fetch_status
from mixer2.control.errors import ControlError
from mixer2.control.serving import Serving
from tests.control.mesh_stage import served, write, write_probe

MESH = {
    "version": 1,
    "listeners": {"web": {"port": 8080, "routes": "web", "filters": ["probe"]}},
    "routes": {"web": [{"to": "web"}]},
    "services": {"web": {"endpoints": ["127.0.0.1:9"]}},
    "filters": {
        "probe": {"code": "aaaa.wasm", "configuration": "one", "rollout": {"window": "1h"}}
    },
}


@pytest_asyncio.fixture
async def running(tmp_path: Path) -> AsyncIterator[Serving]:
    write_probe(tmp_path, "aaaa")
    path = tmp_path / "mesh.yaml"
    write(path, MESH)
    async with served(path) as running:
        yield running


async def edit(running: Serving, configuration: str) -> None:
    path = running.plane.path
    loaded = running.plane.loaded
    path.write_text(
        path.read_text().replace("configuration: one", f"configuration: {configuration}")
    )
    async with asyncio.timeout(5):
        while running.plane.loaded is loaded:
            await asyncio.sleep(0.01)


async def test_the_status_is_json(running: Serving) -> None:
    status = await fetch_status(running.status.url)
    assert status["server"]["problems"] == []
    assert status["nodes"] == []
    (probe,) = status["filters"]
    assert probe["wanted"] == probe["stable"]
    assert probe["rollout"] is None
    assert status["services"] == [
        {"name": "web", "source": "the mesh file", "endpoints": 1, "problem": ""}
    ]
    assert [one["action"] for one in status["audit"]] == ["apply"]


async def test_commands_are_done_recorded_and_refused_when_they_make_no_sense(
    running: Serving,
) -> None:
    url = running.status.url
    with pytest.raises(ControlError, match="filter 'probe' has no rollout"):
        await command(url, "probe", "pause", "bob", "why not")
    await edit(running, "two")
    assert await command(url, "probe", "pause", "bob", "lunch") == "paused"
    with pytest.raises(ControlError, match="is paused, expected running"):
        await command(url, "probe", "pause", "bob", "again")
    assert await command(url, "probe", "resume", "bob", "back") == "running"
    assert await command(url, "probe", "abort", "bob", "no") == "aborted"
    assert await command(url, "probe", "retry", "bob", "yes") == "running"
    with pytest.raises(ControlError, match="expected one of pause, resume, abort, retry"):
        await command(url, "probe", "explode", "bob", "boom")
    audit = (await fetch_status(url))["audit"]
    said = [(one["who"], one["action"], one["why"]) for one in reversed(audit)]
    assert said == [
        ("mesh file", "apply", "the mesh file changed"),
        ("mesh file", "start", "the mesh file changed"),
        ("bob", "pause", "lunch"),
        ("bob", "resume", "back"),
        ("bob", "aborted", "no"),
        ("bob", "retry", "yes"),
    ]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-type": "application/json"}, b'{"who": "a", "why": "b"}', 409),
        ({"content-type": "text/plain"}, b'{"who": "a", "why": "b"}', 403),
        ({"content-type": "application/json", "origin": "http://evil"}, b"{}", 403),
        ({"content-type": "application/json", "host": "evil.example"}, b"{}", 403),
        ({"content-type": "application/json"}, b'{"who": "a"}', 400),
        ({"content-type": "application/json"}, b'{"who": "a", "why": ""}', 400),
        ({"content-type": "application/json"}, b"[]", 400),
        ({"content-type": "application/json"}, b"{", 400),
    ],
)
async def test_commands_come_from_the_command_line_only(
    running: Serving, headers: dict[str, str], body: bytes, status: int
) -> None:
    url = f"{running.status.url}/api/rollouts/probe/pause"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as response,
    ):
        assert response.status == status


async def test_a_name_that_leads_here_reads_nothing(running: Serving) -> None:
    async with aiohttp.ClientSession() as session:
        for host, status in (("evil.example", 403), ("localhost", 200), ("127.0.0.1", 200)):
            url = f"{running.status.url}/api/status"
            async with session.get(url, headers={"host": host}) as response:
                assert response.status == status
                if status == 200:
                    assert "default-src 'none'" in response.headers["content-security-policy"]


async def test_the_page_is_told_of_changes(running: Serving) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{running.status.url}/api/events") as response,
    ):
        assert await response.content.readuntil(b"\n\n") == b"event: changed\ndata:\n\n"
        await edit(running, "two")
        async with asyncio.timeout(2):
            assert await response.content.readuntil(b"\n\n") == b"event: changed\ndata:\n\n"


async def test_the_command_line_shows_it(running: Serving) -> None:
    runner = CliRunner()

    async def run(*arguments: str) -> tuple[int, str]:
        full = [*arguments, "--server", running.status.url]
        result = await asyncio.to_thread(runner.invoke, app, full)
        return result.exit_code, result.output

    code, shown = await run("status")
    assert code == 0
    assert "probe" in shown
    code, shown = await run("status", "--json")
    assert json.loads(shown)["filters"][0]["name"] == "probe"
    await edit(running, "two")
    assert await run("rollout", "pause", "probe", "--why", "lunch") == (0, "probe: paused\n")
    code, shown = await run("rollout", "log")
    assert "pause: lunch" in shown.splitlines()[0]
    code, shown = await run("rollout", "pause", "other", "--why", "lunch")
    assert (code, shown) == (1, "filter 'other' has no rollout (HTTP 409)\n")
