"""A mesh file, the server that serves it, and Envoys that run it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
from ruamel.yaml import YAML

from mixer2.control.serving import ServeOptions, Serving, serving
from mixer2.envoy.bootstrap import Bootstrap, Node, TcpAddress, UnixAddress, XdsTls
from mixer2.envoy.process import EnvoyProcess
from mixer2.xds.nodes import Nodes
from tests.xds.probe import probe


def free_port() -> int:
    """A TCP port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def write(path: Path, mesh: Mapping[str, Any]) -> None:
    """Write a mesh file as an editor does: aside, then renamed."""
    partial = path.with_suffix(".new")
    with partial.open("w") as file:
        YAML().dump(dict(mesh), file)
    partial.replace(path)


def write_probe(folder: Path, name: str = "aaaa") -> Path:
    """Put the probe filter into a folder."""
    path = folder / f"{name}.wasm"
    path.write_bytes(probe(name).code)
    return path


@asynccontextmanager
async def served(path: Path, **options: Any) -> AsyncIterator[Serving]:
    """Serve a mesh file and follow its edits."""
    async with serving(ServeOptions(path, path.parent / "state", **options)) as running:
        following = asyncio.create_task(running.run())
        try:
            yield running
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following


@asynccontextmanager
async def envoy(
    running: Serving,
    node_id: str = "edge-1",
    *,
    cluster: str = "edge",
    metadata: Mapping[str, Any] | None = None,
    admin_socket: Path | None = None,
    xds_tls: XdsTls | None = None,
    ready_timeout: float = 30.0,
) -> AsyncIterator[EnvoyProcess]:
    """An Envoy that asks the server, and tells it where its admin interface is."""
    about = dict(metadata or {})
    admin: TcpAddress | UnixAddress = TcpAddress("127.0.0.1", 0)
    if admin_socket is not None:
        admin = UnixAddress(str(admin_socket))
        about["admin"] = str(admin_socket)
    bootstrap = Bootstrap(
        node=Node(node_id, cluster=cluster, metadata=about),
        xds=TcpAddress("127.0.0.1", running.xds.port),
        xds_tls=xds_tls,
        admin=admin,
        reconnect_max=0.5,
    )
    async with EnvoyProcess(bootstrap, ready_timeout=ready_timeout) as process:
        yield process


async def settled(running: Serving, *node_ids: str) -> None:
    """Wait until nodes have what the mesh is now."""
    plan = running.plane.plan
    assert plan is not None

    def all_settled(nodes: Nodes) -> bool:
        found = [nodes.get(node_id) for node_id in node_ids or ("edge-1",)]
        return all(
            one is not None and one.settled_version == plan.snapshot_of(one.node).version
            for one in found
        )

    async with asyncio.timeout(10):
        await running.xds.nodes.wait_until(all_settled)


async def get(
    port: int, path: str = "/", headers: Mapping[str, str] | None = None
) -> tuple[int, str, str, str]:
    """Send a request; returns status, body, and the probe's module and configuration."""
    url = f"http://127.0.0.1:{port}{path}"
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, headers=headers, allow_redirects=False) as response,
    ):
        answered = response.headers
        body = await response.text()
        module, config = answered.get("x-module", ""), answered.get("x-config", "")
        return response.status, body, module, config


async def until(
    port: int, expected: tuple[int, str, str, str], path: str = "/", *, patience: float = 20
) -> float:
    """Request until the answer is as expected; returns how many seconds that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    seen: object = None
    while loop.time() < began + patience:
        with suppress(aiohttp.ClientError):
            seen = await get(port, path)
        if seen == expected:
            return loop.time() - began
        await asyncio.sleep(0.02)
    raise AssertionError(f"expected {expected}, got {seen}")
