"""A new version goes to some real Envoys first, and back by itself when it does harm."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from mixer2.control.serving import Serving
from mixer2.rollout.rollout import Rollout
from tests.control.mesh_stage import (
    envoy,
    free_port,
    get,
    served,
    settled,
    until,
    write,
    write_probe,
)
from tests.control.upstreams import Upstream

pytestmark = pytest.mark.envoy

ROLLOUT = {"first": "canary", "steps": [100], "window": "1s", "min_requests": 10}
STABLE = (200, "one", "aaaa", "one")
CANDIDATE = (200, "one", "bbbb", "two")


@dataclass
class Stage:
    """A canary and another node, a listener each."""

    path: Path
    mesh: dict[str, Any]
    running: Serving
    ports: dict[str, int]

    def want(self, code: str, configuration: str, **policy: Any) -> None:
        self.mesh["filters"]["probe"] |= {
            "code": f"{code}.wasm",
            "configuration": configuration,
            "rollout": ROLLOUT | policy,
        }
        write(self.path, self.mesh)

    @property
    def rollout(self) -> Rollout | None:
        return self.running.plane.rollouts.rollout_of("probe")

    async def until(self, true: Callable[[Rollout], bool]) -> Rollout:
        async with asyncio.timeout(15):
            while (rollout := self.rollout) is None or not true(rollout):
                await asyncio.sleep(0.02)
        return rollout

    async def answers(self) -> dict[str, tuple[int, str, str, str]]:
        return {name: await get(port) for name, port in self.ports.items()}

    def actions(self) -> list[str]:
        audit = self.running.store.audit()
        return [one.action for one in reversed(audit) if one.filter == "probe"]


@pytest_asyncio.fixture
async def stage(tmp_path: Path, one: Upstream) -> AsyncIterator[Stage]:
    write_probe(tmp_path, "aaaa")
    write_probe(tmp_path, "bbbb")
    path = tmp_path / "mesh.yaml"
    ports = {"canary": free_port(), "other": free_port()}
    nodes: dict[str, Any] = {name: {"labels": {"track": name}} for name in ports}
    mesh = {
        "version": 1,
        "change": {"by": "alice", "why": "a test"},
        "observe": {"admin": "admin", "every": "100ms"},
        "nodes": nodes,
        "listeners": {
            name: {"port": port, "routes": "web", "filters": ["probe"], "nodes": name}
            for name, port in ports.items()
        },
        "routes": {"web": [{"to": "web"}]},
        "services": {"web": {"endpoints": [one.address]}},
        "filters": {"probe": {"code": "aaaa.wasm", "configuration": "one", "rollout": ROLLOUT}},
    }
    write(path, mesh)
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(served(path))
        for name in ports:
            await stack.enter_async_context(
                envoy(
                    running,
                    name,
                    metadata={"labels": {"track": name}},
                    admin_socket=tmp_path / f"{name}.sock",
                )
            )
        await settled(running, *ports)
        stage = Stage(path, mesh, running, ports)
        assert await stage.answers() == {"canary": STABLE, "other": STABLE}
        assert stage.rollout is None
        yield stage


async def test_a_good_version_goes_to_the_canary_and_then_to_all(stage: Stage) -> None:
    stage.want("bbbb", "two")
    await stage.until(lambda rollout: rollout.state == "running")
    await settled(stage.running, "canary", "other")
    assert await stage.answers() == {"canary": CANDIDATE, "other": STABLE}
    await stage.until(lambda rollout: rollout.step == 0)
    await settled(stage.running, "canary", "other")
    assert await stage.answers() == {"canary": CANDIDATE, "other": CANDIDATE}
    await stage.until(lambda rollout: rollout.state == "done")
    assert stage.actions() == ["apply", "start", "step", "done"]
    (start,) = [one for one in stage.running.store.audit() if one.action == "start"]
    assert (start.who, start.why) == ("alice", "a test")


async def test_a_version_that_a_node_refuses_goes_back_by_itself(stage: Stage) -> None:
    stage.want("bbbb", "bad")
    rollout = await stage.until(lambda rollout: rollout.state == "rolled_back")
    assert rollout.why.startswith("canary refused it: ")
    assert "Unable to create Wasm plugin probe" in rollout.why
    await settled(stage.running, "canary", "other")
    assert await stage.answers() == {"canary": STABLE, "other": STABLE}
    # It is not tried again, neither when the file is read again nor by a restarted server.
    stage.mesh["change"]["why"] = "nothing"
    write(stage.path, stage.mesh)
    await asyncio.sleep(0.5)
    assert stage.rollout is rollout
    assert stage.actions() == ["apply", "start", "rolled_back"]
    # Another version is another attempt.
    stage.want("bbbb", "two")
    await stage.until(lambda rollout: rollout.state == "done")


async def trap(port: int, times: int) -> None:
    """Requests that kill the plugin's VM."""
    async with aiohttp.ClientSession() as session:
        for _ in range(times):
            async with session.get(f"http://127.0.0.1:{port}/", headers={"x-trap": "1"}) as answer:
                assert answer.status == 503


@pytest.mark.parametrize(
    ("limits", "why"),
    [({"errors_above_control": 100}, "Wasm VMs failed"), ({"vm_failures": 1000}, "got 5xx")],
)
async def test_a_version_that_does_harm_goes_back_by_itself(
    stage: Stage, limits: dict[str, int], why: str
) -> None:
    stage.want("bbbb", "two", window="30s", limits=limits)
    await stage.until(lambda rollout: bool(rollout.at_start))
    await settled(stage.running, "canary", "other")
    await trap(stage.ports["canary"], 12)
    rollout = await stage.until(lambda rollout: rollout.state == "rolled_back")
    assert why in rollout.why
    assert "rolled_back" in stage.actions()


async def test_a_rollout_is_paused_resumed_and_aborted(stage: Stage) -> None:
    rollouts = stage.running.plane.rollouts
    stage.want("bbbb", "two")
    await stage.until(lambda rollout: rollout.state == "running")
    rollouts.pause("probe", "bob", "lunch")
    await asyncio.sleep(1.5)
    assert stage.rollout is not None
    assert (stage.rollout.state, stage.rollout.step) == ("paused", -1)
    rollouts.resume("probe", "bob", "coffee")
    await stage.until(lambda rollout: rollout.step == 0)
    rollouts.abort("probe", "bob", "doubts")
    stage.running.plane.rollouts_changed()
    # What was under way to a node when it was aborted comes first.
    for port in stage.ports.values():
        await until(port, STABLE)
    assert stage.actions() == ["apply", "start", "pause", "resume", "step", "aborted"]
    assert {one.who for one in stage.running.store.audit()} == {"alice", "bob", "mixer2"}
