"""All of the server, from start to end."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from mixer2.control.errors import ControlError
from mixer2.control.http import StatusServer
from mixer2.control.module_server import ModuleServer, server_tls
from mixer2.control.plane import ControlPlane
from mixer2.control.status import StatusReport
from mixer2.rollout.store import RolloutStore, SqliteRolloutStore
from mixer2.xds.module_store import ModuleStore
from mixer2.xds.server import XdsServer


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the operator asked for.

    Attributes:
        mesh: The mesh file.
        state: Folder for what must outlive the process.
        host: IP address for xDS.
        port: TCP port for xDS; 0 for a free one.
        modules_host: IP address of the module server.
        modules_port: Its TCP port; 0 for a free one.
        status_host: IP address of the status page.
        status_port: Its TCP port; 0 for a free one.
        modules_tls: Certificate, key and client CA of the module server; plain HTTP without.
    """

    mesh: Path
    state: Path
    host: str = "127.0.0.1"
    port: int = 0
    modules_host: str = "127.0.0.1"
    modules_port: int = 0
    status_host: str = "127.0.0.1"
    status_port: int = 0
    modules_tls: tuple[str, str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class Serving:
    """What is running."""

    plane: ControlPlane
    xds: XdsServer
    modules: ModuleServer
    store: RolloutStore
    status: StatusServer

    async def run(self) -> None:
        """Follow the files until cancelled."""
        await self.plane.run()


@asynccontextmanager
async def serving(options: ServeOptions) -> AsyncIterator[Serving]:
    """Start everything; it runs as long as the block, and `run()` follows the files.

    Raises:
        InvalidMesh: the mesh file is no good; nothing listens.
        CannotListen: an address cannot be bound.
        ControlError: the state folder cannot be written to.
    """
    xds = XdsServer(host=options.host, port=options.port)
    try:
        modules = ModuleStore(options.state / "modules")
    except OSError as error:
        raise ControlError(f"{options.state}: {error.strerror}") from error
    tls = server_tls(*options.modules_tls) if options.modules_tls is not None else None
    server = ModuleServer(modules, host=options.modules_host, port=options.modules_port, tls=tls)
    async with server:
        store = SqliteRolloutStore(options.state / "mixer2.sqlite")
        plane = ControlPlane(options.mesh, xds.cache, modules, xds.nodes, store, server)
        try:
            await plane.load()
            status = StatusServer(
                plane,
                xds.nodes,
                StatusReport(plane, xds.nodes, store),
                host=options.status_host,
                port=options.status_port,
            )
            async with status, xds:
                yield Serving(plane, xds, server, store, status)
        finally:
            await plane.close()
            store.close()


async def serve(options: ServeOptions) -> None:
    """Serve until cancelled."""
    async with serving(options) as running:
        await running.run()


async def check_only(options: ServeOptions) -> None:
    """Do all that `serve` does before it listens."""
    with tempfile.TemporaryDirectory() as folder:
        xds, modules = XdsServer(), ModuleStore(Path(folder))
        store = SqliteRolloutStore(Path(folder, "mixer2.sqlite"))
        plane = ControlPlane(options.mesh, xds.cache, modules, xds.nodes, store)
        try:
            await plane.load()
        finally:
            await plane.close()
            store.close()
