"""The control plane: reads a mesh file, keeps the cache at it, and survives bad edits.

A change is taken whole or not at all. What is refused is remembered with its problems, and what ran
before it runs on, also when endpoints or versions of filters change meanwhile.
"""

import asyncio
import json
import time
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from mixer2.control.code import module_bytes
from mixer2.control.errors import CodeError
from mixer2.control.module_server import CLUSTER_NAME, ModuleServer
from mixer2.control.reoffer import Reoffers
from mixer2.control.sources import EndpointSources
from mixer2.control.watch import FileWatch
from mixer2.mesh.document import Document
from mixer2.mesh.envoy.clusters import module_server as module_server_cluster
from mixer2.mesh.envoy.tls import upstream_socket
from mixer2.mesh.errors import InvalidMesh, Problem
from mixer2.mesh.plan import Delivery, Plan
from mixer2.mesh.read import read_mesh
from mixer2.mesh.schema.filters import Filter
from mixer2.mesh.schema.mesh import Mesh, Modules
from mixer2.xds.builders.extension import FailurePolicy
from mixer2.xds.bundle import Bundle
from mixer2.xds.cache import SnapshotCache
from mixer2.xds.errors import InvalidModule, XdsError
from mixer2.xds.module_store import ModuleStore

_LOOK_S = 0.25  # between looks at nodes that fetch code

_log = structlog.get_logger("mixer2.control")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A mesh file that was read, with all that it names.

    Args:
        mesh: What it says.
        bundles: Its filters by name, in the version that the file asks for.
        files: What it was made of.
        at: When.
    """

    mesh: Mesh
    bundles: dict[str, Bundle]
    files: tuple[Path, ...]
    at: datetime


class ControlPlane:
    """Serves a mesh file from a cache.

    Args:
        path: The mesh file.
        cache: What the xDS server serves.
        modules: Where modules are kept.
        module_server: From which nodes fetch large modules; all code travels inline without it.
        reoffers: How often code was offered again to a node that fetches it.
    """

    def __init__(
        self,
        path: Path,
        cache: SnapshotCache,
        modules: ModuleStore,
        module_server: ModuleServer | None = None,
        reoffers: Reoffers | None = None,
    ) -> None:
        self.path = path
        self.loaded: Loaded | None = None
        self.problems: tuple[Problem, ...] = ()
        self.sources = EndpointSources(self._endpoints_changed)
        self._cache = cache
        self._modules = modules
        self._module_server = module_server
        self._reoffers = reoffers
        self._plan: Plan | None = None
        self._watch = FileWatch()

    @property
    def plan(self) -> Plan | None:
        """What nodes get now; None before the first good mesh file."""
        return self._plan

    async def load(self) -> None:
        """Take the mesh file as it is now; what runs stays when it is refused.

        Raises:
            InvalidMesh: with all that is wrong.
        """
        began = time.perf_counter()
        try:
            loaded = await self._read()
            plan = self._new_plan(loaded)
            _try_out(plan, self.path)
        except InvalidMesh as error:
            self.problems = error.problems
            self._watch.watch([self.path, *(self.loaded.files if self.loaded else ())])
            raise
        self.problems = ()
        await self.sources.use(loaded.mesh.services, self.path.parent)
        self.loaded = loaded
        self._watch.watch([self.path, *loaded.files, *self.sources.files])
        self._plan = plan.with_endpoints(self.sources.endpoints)
        told = self._cache.assign(self._plan.snapshot_of)
        seconds = round(time.perf_counter() - began, 3)
        _log.info("mesh.loaded", path=str(self.path), seconds=seconds, streams_told=told)

    async def run(self) -> None:
        """Follow the files until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow_files())
                tasks.create_task(self._offer_remote_code())
        finally:
            await self.sources.close()

    async def _follow_files(self) -> None:
        async with aclosing(self._watch.changes()) as changes:
            async for changed in changes:
                await self._changed(changed)

    def _new_plan(self, loaded: Loaded) -> Plan:
        attempt_of = self._reoffers.attempt_of if self._reoffers is not None else _never
        delivery = self._delivery(loaded.mesh.modules)
        return Plan(loaded.mesh, {}, lambda name, _node: loaded.bundles[name], delivery, attempt_of)

    def _delivery(self, modules: Modules) -> Delivery:
        server = self._module_server
        if server is None:
            return Delivery(self._modules.get)
        where = modules.address
        host, port = (where.address, where.port) if where else (server.host, server.port)
        socket = upstream_socket(modules.tls, http2=False) if modules.tls else None
        cluster = module_server_cluster(CLUSTER_NAME, host, port, socket)
        return Delivery(self._modules.get, modules.remote_from, server.remote_code, cluster)

    async def _offer_remote_code(self) -> None:
        """Offer code again that nodes refused because they had first to fetch it."""
        while self._reoffers is not None:
            await asyncio.sleep(_LOOK_S)
            if self._plan is not None and self._plan.has_remote and self._reoffers.look(self._plan):
                self._cache.assign(self._plan.snapshot_of)

    async def _changed(self, files: set[Path]) -> None:
        if files <= {path.absolute() for path in self.sources.files}:
            self.sources.read_files()
            return
        try:
            await self.load()
        except InvalidMesh as error:
            _log.error(
                "mesh.refused", problems=[str(one) for one in error.problems], kept=bool(self._plan)
            )

    async def _read(self) -> Loaded:
        # In a thread: a large file takes a while, and nodes do not wait meanwhile.
        mesh, document = await asyncio.to_thread(read_mesh, self.path)
        problems: list[Problem] = []
        bundles: dict[str, Bundle] = {}
        codes = {name: self.path.parent / one.code for name, one in mesh.filters.items()}
        built: dict[Path, bytes | CodeError] = {}
        for code in dict.fromkeys(codes.values()):
            try:
                built[code] = await module_bytes(code)
            except CodeError as error:
                built[code] = error
        for name, filter_ in mesh.filters.items():
            made = built[codes[name]]
            try:
                if isinstance(made, CodeError):
                    raise made
                bundles[name] = _bundle(name, filter_, self._modules.put(made).digest)
            except (CodeError, InvalidModule) as error:
                problems += _code_problems(document, name, str(error))
        if problems:
            raise InvalidMesh(problems)
        return Loaded(mesh, bundles, tuple(codes.values()), datetime.now(UTC))

    def _endpoints_changed(self) -> None:
        if self._plan is not None:
            self._plan = self._plan.with_endpoints(self.sources.endpoints)
            self._cache.assign(self._plan.snapshot_of)


def _never(_node_id: str, _digest: str) -> int:
    return 0


def _bundle(name: str, filter_: Filter, digest: str) -> Bundle:
    configuration = filter_.configuration
    if isinstance(configuration, str):
        content = configuration.encode()
    else:
        content = b"" if configuration is None else json.dumps(configuration).encode()
    policy = FailurePolicy[filter_.failure.upper()]
    return Bundle(name, digest, content, policy, filter_.delivery)


def _code_problems(document: Document, name: str, what: str) -> list[Problem]:
    lines = what.splitlines()
    return [document.problem(("filters", name, "code"), line) for line in lines]


def _try_out(plan: Plan, path: Path) -> None:
    """Build everything once, so that nothing can fail when a node asks."""
    try:
        plan.check()
    except XdsError as error:
        raise InvalidMesh([Problem(path, 0, 0, str(error))]) from error
