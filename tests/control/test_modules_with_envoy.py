"""Code that nodes fetch from the module server."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from mixer2.xds.resource import EXTENSION
from tests.control.mesh_stage import envoy, free_port, get, served, until, write, write_probe
from tests.control.upstreams import Upstream
from tests.xds.probe import probe

pytestmark = pytest.mark.envoy


def mesh_of(port: int, upstream: Upstream, **more: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "listeners": {"web": {"port": port, "routes": "web", "filters": ["probe"]}},
        "routes": {"web": [{"to": "web"}]},
        "services": {"web": {"endpoints": [upstream.address]}},
        "filters": {"probe": {"code": "aaaa.wasm", "configuration": "one", "delivery": "remote"}},
        **more,
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_probe(tmp_path, "aaaa")
    write_probe(tmp_path, "bbbb")
    return tmp_path / "mesh.yaml"


async def test_remote_code_is_loaded_and_replaced_without_a_gap(path: Path, one: Upstream) -> None:
    port = free_port()
    mesh = mesh_of(port, one)
    write(path, mesh)
    async with served(path) as running, envoy(running):
        await until(port, (200, "one", "aaaa", "one"))
        assert running.modules.fetches[probe("aaaa").digest] >= 1
        # While the node fetches the next module, the one before serves; never none at all.
        seen = set()
        mesh["filters"]["probe"] |= {"code": "bbbb.wasm", "configuration": "two"}
        write(path, mesh)
        async with asyncio.timeout(15):
            while (200, "one", "bbbb", "two") not in seen:
                seen.add(await get(port))
        assert seen == {(200, "one", "aaaa", "one"), (200, "one", "bbbb", "two")}
        status = running.xds.nodes.get("edge-1")
        assert status is not None
        assert status.of_type(EXTENSION).rejections == ()


async def test_code_is_inline_or_remote_by_size(path: Path, one: Upstream) -> None:
    port = free_port()
    mesh = mesh_of(port, one, modules={"remote_from": len(probe("aaaa").code) + 1})
    mesh["filters"]["probe"]["delivery"] = "auto"
    write(path, mesh)
    async with served(path) as running, envoy(running):
        await until(port, (200, "one", "aaaa", "one"))
        assert running.modules.fetches == {}
        mesh["modules"]["remote_from"] -= 1
        mesh["filters"]["probe"]["configuration"] = "two"
        write(path, mesh)
        await until(port, (200, "one", "aaaa", "two"))
        assert running.modules.fetches[probe("aaaa").digest] == 1


async def test_the_module_server_has_modules_and_nothing_else(path: Path, one: Upstream) -> None:
    write(path, mesh_of(free_port(), one))
    async with served(path) as running, aiohttp.ClientSession() as session:
        base = f"http://127.0.0.1:{running.modules.port}"
        async with session.get(f"{base}/modules/{probe('aaaa').digest}.wasm") as response:
            assert response.status == 200
            assert await response.read() == probe("aaaa").code
        for other in ("0" * 64, "../mesh.yaml", "%2e%2e/mesh.yaml"):
            async with session.get(f"{base}/modules/{other}.wasm") as response:
                assert response.status == 404
