"""All of the server, from start to end."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path

from mixer2.control.access import MeshAccess
from mixer2.control.errors import ControlError
from mixer2.control.http import StatusServer
from mixer2.control.module_server import ModuleServer, server_tls
from mixer2.control.plane import ControlPlane
from mixer2.control.status import StatusReport
from mixer2.mesh.plan import Plan
from mixer2.rollout.store import RolloutStore, SqliteRolloutStore
from mixer2.xds.access import Access, Binding
from mixer2.xds.memory import SqliteMemory
from mixer2.xds.module_store import ModuleStore
from mixer2.xds.ops import ops_routes
from mixer2.xds.server import XdsServer
from mixer2.xds.tls import TlsFiles


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the operator asked for.

    Attributes:
        mesh: The mesh file.
        state: Folder for what must outlive the process.
        host: IP address for xDS.
        port: TCP port for xDS; 0 for a free one.
        tls: Certificate of the xDS server, and who signs those of nodes; plain text without.
        bindings: Templates of names in certificates, which bind them to node ids.
        inspectors: Names in certificates of those who may read the status of all nodes.
        plaintext: Allow plain text on other than loopback addresses.
        status_names: Host names by which browsers may ask for the status page.
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
    tls: TlsFiles | None = None
    bindings: tuple[str, ...] = ()
    inspectors: tuple[str, ...] = ()
    plaintext: bool = False
    status_names: tuple[str, ...] = ()
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
        CannotListen: an address cannot be bound, or must not be without TLS.
        ControlError: the state folder cannot be written to, or what was asked for does not fit.
        XdsError: a certificate or the database cannot be read, or a binding is none.
    """
    try:
        modules = ModuleStore(options.state / "modules")
    except OSError as error:
        raise ControlError(f"{options.state}: {error.strerror}") from error
    tls = server_tls(*options.modules_tls) if options.modules_tls is not None else None
    server = ModuleServer(modules, host=options.modules_host, port=options.modules_port, tls=tls)
    database = options.state / "mixer2.sqlite"
    with SqliteMemory(database) as memory, closing(SqliteRolloutStore(database)) as store:
        xds = XdsServer(
            host=options.host,
            port=options.port,
            credentials=options.tls.credentials() if options.tls is not None else None,
            plaintext=options.plaintext,
            access=_access(options, lambda: plane.plan),
            memory=memory,
        )
        plane = ControlPlane(options.mesh, xds.cache, modules, xds.nodes, store, server)
        status = StatusServer(
            plane,
            xds.nodes,
            StatusReport(plane, xds.nodes, store),
            host=options.status_host,
            port=options.status_port,
            names=options.status_names,
            routes=ops_routes(xds),
        )
        try:
            async with server:
                await plane.load()
                async with status, xds:
                    yield Serving(plane, xds, server, store, status)
        finally:
            await plane.close()


def _access(options: ServeOptions, plan: Callable[[], Plan | None]) -> Access | None:
    if options.tls is None:
        return None
    if not options.bindings:
        raise ControlError("TLS needs at least one --bind: which certificate stands for which node")
    bindings = [Binding(one) for one in options.bindings]
    return MeshAccess(bindings, options.inspectors, plan)


async def serve(options: ServeOptions) -> None:
    """Serve until cancelled."""
    ourselves = asyncio.current_task()
    if ourselves is not None:
        # Where the loop cannot do it (Windows), SIGTERM ends the process as it always does.
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ourselves.cancel)
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
