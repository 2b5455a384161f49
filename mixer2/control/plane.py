"""The control plane: reads a mesh file, keeps the cache at it, and survives bad edits.

A change is taken whole or not at all. What is refused is remembered with its problems, and what ran
before it runs on, also when endpoints or versions of filters change meanwhile.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from mixer2.control.code import CodeFiles
from mixer2.control.delivered import Deliveries
from mixer2.control.errors import CodeError
from mixer2.control.module_server import CLUSTER_NAME, ModuleServer
from mixer2.control.observe import Observer
from mixer2.control.reoffer import Reoffers
from mixer2.control.sources import EndpointSources
from mixer2.control.watch import FileWatch
from mixer2.mesh.document import Document
from mixer2.mesh.envoy.clusters import module_server as module_server_cluster
from mixer2.mesh.envoy.tls import upstream_socket
from mixer2.mesh.errors import InvalidMesh, Problem
from mixer2.mesh.plan import BundleOf, Delivery, Plan
from mixer2.mesh.read import read_mesh
from mixer2.mesh.schema.filters import Filter
from mixer2.mesh.schema.mesh import Mesh, Modules
from mixer2.rollout.rollouts import Rollouts
from mixer2.rollout.store import RolloutStore, digests_of
from mixer2.xds.builders.extension import FailurePolicy
from mixer2.xds.bundle import Bundle
from mixer2.xds.cache import SnapshotCache
from mixer2.xds.errors import InvalidModule, XdsError
from mixer2.xds.messages import Node
from mixer2.xds.module_store import ModuleStore
from mixer2.xds.nodes import Nodes

_LOOK_S = 0.25  # between looks at nodes that fetch code
_JUDGE_S = 0.5  # between looks at rollouts
_MESH_FILE = "mesh file"

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
        nodes: Who asks.
        store: What of rollouts outlives the process.
        module_server: From which nodes fetch large modules; all code travels inline without it.

    Attributes:
        loaded: The last good mesh file.
        problems: What is wrong with the file as it is now.
        sources: Where endpoints come from.
        rollouts: Which version of a filter which node shall run.
        deliveries: Which version of a filter which node does run.
        observer: What nodes count.
    """

    def __init__(
        self,
        path: Path,
        cache: SnapshotCache,
        modules: ModuleStore,
        nodes: Nodes,
        store: RolloutStore,
        module_server: ModuleServer | None = None,
    ) -> None:
        self.path = path
        self.loaded: Loaded | None = None
        self.problems: tuple[Problem, ...] = ()
        self.sources = EndpointSources(self._endpoints_changed)
        self._cache = cache
        self._modules = modules
        self._module_server = module_server
        self._reoffers = Reoffers(nodes)
        self.rollouts = Rollouts(store, self._selects)
        self.deliveries = Deliveries(nodes, self._reoffers)
        self.observer = Observer(nodes)
        self._changed_listeners: list[Callable[[], None]] = []
        self._plan: Plan | None = None
        self._loading = False
        self._watch = FileWatch()
        self._code = CodeFiles()

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
            plan = self._plan_of(loaded, lambda name, _node: loaded.bundles[name])
            _try_out(plan, self.path)
        except InvalidMesh as error:
            self.problems = error.problems
            self._tell()
            self._watch.watch([self.path, *(self.loaded.files if self.loaded else ())])
            raise
        self.problems = ()
        self._loading = True
        try:
            await self.sources.use(loaded.mesh.services, self.path.parent)
        finally:
            self._loading = False
        self.loaded = loaded
        self._want(loaded)
        self._watch.watch([self.path, *loaded.files, *self.sources.files])
        told = self._assign(
            plan.with_bundles(self.rollouts.bundle_of).with_endpoints(self.sources.endpoints)
        )
        in_use = digests_of(self.rollouts.states)
        await asyncio.to_thread(self._modules.keep_only, in_use)
        seconds = round(time.perf_counter() - began, 3)
        _log.info("mesh.loaded", path=str(self.path), seconds=seconds, streams_told=told)

    async def run(self) -> None:
        """Follow the files until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow_files())
                tasks.create_task(self._offer_remote_code())
                tasks.create_task(self._observe_nodes())
                tasks.create_task(self._judge_rollouts())
        finally:
            await self.close()

    async def close(self) -> None:
        """Stop asking registries and nodes, and building."""
        self._code.close()
        await self.sources.close()
        await self.observer.close()

    async def _follow_files(self) -> None:
        async with aclosing(self._watch.changes()) as changes:
            async for changed in changes:
                await self._changed(changed)

    def rollouts_changed(self) -> None:
        """Let nodes run what the rollouts say now."""
        if self._plan is not None:
            self._assign(self._plan.with_bundles(self.rollouts.bundle_of))

    def size_of(self, bundle: Bundle) -> int:
        """Return the size of a bundle's module in bytes."""
        return len(self._modules.get(bundle.digest).code)

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever something changed that people may look at."""
        self._changed_listeners.append(listener)

    def _want(self, loaded: Loaded) -> None:
        """Let the rollouts decide what becomes of new versions."""
        change = loaded.mesh.change
        self.rollouts.keep_only(loaded.bundles.keys())
        for name, bundle in loaded.bundles.items():
            stable = self.rollouts.stable(name)
            if stable is not None and not self._modules.has(stable.digest):
                # The folder with the modules was lost or cleaned: there is nothing to go back to.
                self.rollouts.keep_only(loaded.bundles.keys() - {name})
            policy = loaded.mesh.filters[name].rollout
            who, why = change.by or _MESH_FILE, change.why or "the mesh file changed"
            self.rollouts.want(bundle, policy, who, why)

    def _assign(self, plan: Plan) -> int:
        if self._plan is not None:
            self.deliveries.remember(self._plan)
        self._plan = plan
        told = self._cache.assign(plan.snapshot_of)
        self._tell()
        return told

    def _tell(self) -> None:
        for listener in self._changed_listeners:
            listener()

    def _selects(self, groups: Sequence[str] | None, node: Node) -> bool:
        return self._plan is not None and self._plan.selects(groups, node)

    def _plan_of(self, loaded: Loaded, bundle_of: BundleOf) -> Plan:
        delivery = self._delivery(loaded.mesh.modules)
        return Plan(loaded.mesh, {}, bundle_of, delivery, self._reoffers.attempt_of)

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
        while True:
            await asyncio.sleep(_LOOK_S)
            if self._plan is not None and self._plan.has_remote and self._reoffers.look(self._plan):
                self._assign(self._plan)

    async def _observe_nodes(self) -> None:
        """Ask nodes for their stats, again and again."""
        while True:
            every = _JUDGE_S
            if self._plan is not None:
                every = self._plan.mesh.observe.every
                await self.observer.look(self._plan.mesh)
                self._tell()
            await asyncio.sleep(every)

    async def _judge_rollouts(self) -> None:
        """Look at what is on its way; a NACK is seen at once, stats as they come."""
        while True:
            await asyncio.sleep(_JUDGE_S)
            if self._plan is not None and self.rollouts.running:
                seen, names = self.deliveries.seen(self._plan, self.observer)
                if self.rollouts.look(seen, names):
                    self.rollouts_changed()

    async def _changed(self, files: set[Path]) -> None:
        if files <= {path.absolute() for path in self.sources.files}:
            self.sources.read_files()
            return
        self._code.changed(files)
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
                built[code] = await self._code.module_of(code)
            except CodeError as error:
                built[code] = error
        self._code.keep_only(built)
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
        # The plan that is being replaced may have services of which the sources know nothing more.
        if self._plan is not None and not self._loading:
            plan = self._plan.with_endpoints(self.sources.endpoints)
            self.deliveries.remember(self._plan)
            self._plan = plan
            self._cache.succeed(plan.successor, plan.snapshot_of)
            self._tell()


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
