"""The plan: which node gets which resources of a mesh.

A node gets the listeners that are for it and for whose tenant it is, and of all else only what
these need: a mesh of 200 services costs a node that calls three of them three clusters.
Nodes that get the same share one snapshot.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from mixer2.mesh.envoy.clusters import cluster, has_eds
from mixer2.mesh.envoy.listeners import Plugin, listener
from mixer2.mesh.envoy.raw import raw_resource
from mixer2.mesh.envoy.routes import has_faults, route_table
from mixer2.mesh.schema.listeners import Listener
from mixer2.mesh.schema.mesh import Mesh
from mixer2.xds.builders.endpoint import Endpoint, load_assignment
from mixer2.xds.builders.extension import RemoteCode, WasmPlugin, wasm_filter
from mixer2.xds.bundle import Bundle
from mixer2.xds.messages import Node
from mixer2.xds.modules import WasmModule
from mixer2.xds.resource import CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES, Resource
from mixer2.xds.snapshot import Snapshot

Endpoints: TypeAlias = Mapping[str, Sequence[Endpoint]]
BundleOf: TypeAlias = Callable[[str, Node], Bundle | None]
"""Which version of a filter a node shall run; None for none of it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the code of filters travels.

    Args:
        module_of: The module of a digest.
        remote_from: Modules of that many bytes and more come from the module server.
        remote_code: Where a digest is to be fetched; None without a module server.
        server: The cluster of the module server.
    """

    module_of: Callable[[str], WasmModule]
    remote_from: int = 1 << 20
    remote_code: Callable[[str], RemoteCode] | None = None
    server: Resource | None = None

    def remote(self, bundle: Bundle) -> RemoteCode | None:
        """Where nodes shall fetch a bundle's code; None when it travels inline."""
        if self.remote_code is None or bundle.delivery == "inline":
            return None
        large = len(self.module_of(bundle.digest).code) >= self.remote_from
        return self.remote_code(bundle.digest) if large or bundle.delivery == "remote" else None


@dataclass(frozen=True, slots=True)
class Running:
    """A filter as a node shall run it.

    Args:
        plugin: Its name on the node, and whether only some routes choose it.
        bundle: Its version.
        network: It is a network filter.
        tenant: Whose it is.
        attempt: How often it was offered again, after the node had first to fetch the code.
    """

    plugin: Plugin
    bundle: Bundle
    network: bool
    tenant: str
    attempt: int


_Chosen: TypeAlias = tuple[tuple[tuple[str, tuple[Running, ...]], ...], tuple[int, ...]]


class Plan:
    """What every node gets of a mesh.

    Args:
        mesh: The mesh.
        endpoints: Of services that have a source of endpoints.
        bundle_of: Which version of a filter a node shall run.
        delivery: How code travels.
        attempt_of: How often a bundle was offered again to a node, by node id and digest.
    """

    def __init__(
        self,
        mesh: Mesh,
        endpoints: Endpoints,
        bundle_of: BundleOf,
        delivery: Delivery,
        attempt_of: Callable[[str, str], int] = lambda _node, _digest: 0,
    ) -> None:
        self.mesh = mesh
        self._endpoints = endpoints
        self._bundle_of = bundle_of
        self._delivery = delivery
        self._attempt_of = attempt_of
        self._resources: dict[object, Resource] = {}
        self._assignments: dict[str, tuple[tuple[Endpoint, ...], Resource]] = {}
        self._snapshots: dict[_Chosen, Snapshot] = {}
        self._successors: dict[str, Snapshot] = {}
        self.bundles: dict[tuple[str, str], Bundle] = {}
        """Which bundle is in which version of which ECDS resource, of those that were built."""

    def with_endpoints(self, endpoints: Endpoints) -> "Plan":
        """Return the same plan with other endpoints; what does not change is not built again.

        Snapshots are made from those of this plan, for a cost by the services that differ.
        """
        plan: Plan = self._derived(endpoints, self._bundle_of)
        differing = [
            name
            for name in endpoints.keys() | self._endpoints.keys()
            if name in self.mesh.services
            and self.mesh.services[name].dns is None
            and tuple(endpoints.get(name, ())) != tuple(self._endpoints.get(name, ()))
        ]
        assignments = [plan._assignment(name) for name in differing]
        for chosen, snapshot in self._snapshots.items():
            used = [one for one in assignments if snapshot.get(ENDPOINTS, one.name) is not None]
            plan._snapshots[chosen] = snapshot.with_changes(put=used) if used else snapshot
            plan._successors[snapshot.version] = plan._snapshots[chosen]
        return plan

    def successor(self, snapshot: Snapshot) -> Snapshot:
        """Return what nodes get now that got `snapshot` of the plan from which this was made."""
        return self._successors.get(snapshot.version, snapshot)

    def with_bundles(self, bundle_of: BundleOf) -> "Plan":
        """Return the same plan with other versions of filters."""
        return self._derived(self._endpoints, bundle_of)

    def _derived(self, endpoints: Endpoints, bundle_of: BundleOf) -> "Plan":
        plan = Plan(self.mesh, endpoints, bundle_of, self._delivery, self._attempt_of)
        plan._resources = self._resources
        plan._assignments = self._assignments
        plan.bundles = self.bundles
        return plan

    def snapshot_of(self, node: Node) -> Snapshot:
        """Return what a node gets."""
        chosen = self._choose(node)
        snapshot = self._snapshots.get(chosen)
        if snapshot is None:
            snapshot = Snapshot(dict.fromkeys(self._resources_of(chosen)))
            snapshot.check()
            self._snapshots[chosen] = snapshot
        return snapshot

    def check(self) -> None:
        """Build all that any node could get.

        Raises:
            XdsError: something cannot be built, or refers to what is not there.
        """
        node = Node("")
        everything: _Chosen = (
            tuple(
                (name, self._plugins(config, node, everywhere=True))
                for name, config in self.mesh.listeners.items()
            ),
            tuple(range(len(self.mesh.raw))),
        )
        Snapshot(dict.fromkeys(self._resources_of(everything))).check()

    def running_on(self, node: Node) -> list[Running]:
        """Return the filters that a node shall run, each once."""
        listeners, _ = self._choose(node)
        found = (running for _, plugins in listeners for running in plugins)
        return list({running.plugin.name: running for running in found}.values())

    @cached_property
    def has_remote(self) -> bool:
        """Whether some filter may be fetched by nodes."""
        names = self.mesh.filters
        found = (self._bundle_of(name, Node("")) for name in names)
        return any(one is not None and self.is_remote(one) for one in found)

    def is_remote(self, bundle: Bundle) -> bool:
        """Tell whether nodes fetch a bundle's code."""
        return self._delivery.remote(bundle) is not None

    def is_for(self, tenant: str, type_url: str, name: str) -> bool:
        """Tell whether a resource is a tenant's or nobody's; also of names that there are not."""
        owners = self._owners.get((type_url, name))
        return owners is None or "" in owners or tenant in owners

    @cached_property
    def _owners(self) -> dict[tuple[str, str], set[str]]:
        """The tenants that resources are for, "" among them for those that are nobody's."""
        owners: dict[tuple[str, str], set[str]] = {}
        for name, config in self.mesh.listeners.items():
            tenant = config.tenant or ""
            names = [(LISTENER, name)]
            names += [(EXTENSION, plugin_name(use.filter, tenant)) for use in config.filters]
            names += [(ROUTES, config.routes)] if config.routes is not None else []
            for key in names:
                owners.setdefault(key, set()).add(tenant)
        for name, service in self.mesh.services.items():
            owners[CLUSTER, name] = owners[ENDPOINTS, name] = {service.tenant or ""}
        for one, made in zip(self.mesh.raw, self._raw, strict=True):
            owners[made.type_url, made.name] = {one.tenant or ""}
        return owners

    def selects(self, groups: Sequence[str] | None, node: Node) -> bool:
        """Tell whether a node is in any of some groups; None stands for all nodes."""
        return groups is None or any(self.mesh.nodes[name].matches(node) for name in groups)

    def resource_of(self, running: Running) -> Resource:
        """Return the ECDS resource of a filter."""
        resource = self._built(running, lambda: self._extension(running))
        self.bundles[resource.name, resource.version] = running.bundle
        return resource

    def _choose(self, node: Node) -> _Chosen:
        """Everything in which the resources of this node can differ from those of others."""
        listeners = tuple(
            (name, self._plugins(config, node))
            for name, config in self.mesh.listeners.items()
            if self.selects(config.nodes, node) and self._may_see(config.tenant, node)
        )
        raw = tuple(
            index
            for index, one in enumerate(self.mesh.raw)
            if self.selects(one.nodes, node) and self._may_see(one.tenant, node)
        )
        return listeners, raw

    def _may_see(self, tenant: str | None, node: Node) -> bool:
        if tenant is None:
            return True
        # What a certificate says of a node's tenant counts more than what the node says of itself.
        mine = node.tenant in {"", tenant}
        return mine and self.selects(self.mesh.tenants[tenant].nodes, node)

    def _plugins(
        self, config: Listener, node: Node, *, everywhere: bool = False
    ) -> tuple[Running, ...]:
        found = []
        for use in config.filters:
            if not everywhere and not self.selects(self.mesh.filters[use.filter].nodes, node):
                continue
            bundle = self._bundle_of(use.filter, node)
            if bundle is None:
                continue
            tenant = config.tenant or ""
            name = plugin_name(use.filter, tenant)
            found.append(
                Running(
                    Plugin(name, chosen=use.routes == "chosen"),
                    bundle,
                    network=config.protocol == "tcp",
                    tenant=tenant,
                    attempt=self._attempt_of(node.id, bundle.digest),
                )
            )
        return tuple(found)

    def _resources_of(self, chosen: _Chosen) -> Iterator[Resource]:
        listeners, raw_indices = chosen
        raw = [self._raw[index] for index in raw_indices]
        tables: dict[str, dict[str, set[str]]] = {}
        services: set[str] = set()
        remote = False
        for name, plugins in listeners:
            config = self.mesh.listeners[name]
            yield self._listener(name, config, plugins)
            for running in plugins:
                yield self.resource_of(running)
                services.update(self.mesh.filters[running.bundle.filter].calls)
                remote = remote or self._delivery.remote(running.bundle) is not None
            if config.to is not None:
                services.add(config.to)
            if config.passthrough is not None:
                services.add(config.passthrough.to)
            if config.routes is not None:
                known_as = tables.setdefault(config.routes, {})
                for running in plugins:
                    known_as.setdefault(running.bundle.filter, set()).add(running.plugin.name)
        for table, known_as in tables.items():
            resource = self._table(table, known_as)
            yield resource
            services.update(to.name for to in resource.references)
        if any(one.type_url in (LISTENER, ROUTES) for one in raw):
            # What raw resources refer to is not looked into; they may refer to any service.
            services.update(name for name, one in self.mesh.services.items() if one.tenant is None)
        for service in sorted(services & self.mesh.services.keys()):
            yield from self._service(service)
        yield from raw
        yield from (one for one in self._raw if one.type_url == CLUSTER and one.name in services)
        if remote and self._delivery.server is not None:
            yield self._delivery.server

    @cached_property
    def _raw(self) -> list[Resource]:
        return [raw_resource(one.resource) for one in self.mesh.raw]

    def _listener(self, name: str, config: Listener, plugins: Sequence[Running]) -> Resource:
        uses = tuple(running.plugin for running in plugins)
        faults = config.routes is not None and has_faults(self.mesh.routes[config.routes])
        return self._built(
            ("listener", name, uses), lambda: listener(name, config, uses, faults=faults)
        )

    def _table(self, name: str, known_as: Mapping[str, set[str]]) -> Resource:
        names = {one: tuple(sorted(those)) for one, those in known_as.items()}
        key = ("table", name, tuple(sorted(names.items())))
        return self._built(key, lambda: route_table(name, self.mesh.routes[name], names))

    def _service(self, name: str) -> Iterator[Resource]:
        service = self.mesh.services[name]
        yield self._built(("cluster", name), lambda: cluster(name, service))
        if has_eds(service):
            yield self._assignment(name)

    def _assignment(self, service: str) -> Resource:
        endpoints = tuple(self._endpoints.get(service, ()))
        before = self._assignments.get(service)
        if before is not None and before[0] == endpoints:
            return before[1]
        resource = load_assignment(service, endpoints)
        self._assignments[service] = (endpoints, resource)
        return resource

    def _extension(self, running: Running) -> Resource:
        bundle = running.bundle
        remote = self._delivery.remote(bundle)
        if remote is not None:
            # Envoy does not look at a resource again that it refused, unless it is another: each
            # offer allows the fetch a millisecond more.
            remote = replace(remote, timeout=remote.timeout + running.attempt / 1000)
        return wasm_filter(
            WasmPlugin(
                name=running.plugin.name,
                module=self._delivery.module_of(bundle.digest),
                configuration=bundle.configuration,
                failure_policy=bundle.failure,
                network=running.network,
                tenant=running.tenant,
                remote=remote,
            )
        )

    def _built(self, key: object, build: Callable[[], Resource]) -> Resource:
        resource = self._resources.get(key)
        if resource is None:
            resource = self._resources[key] = build()
        return resource


def plugin_name(filter_name: str, tenant: str) -> str:
    """Return the name by which nodes know a filter; tenants have instances of their own."""
    return f"{filter_name}@{tenant}" if tenant else filter_name
