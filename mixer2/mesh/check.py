"""Whether all that a mesh names is there, and whether it fits together."""

from collections.abc import Iterable, Iterator

from mixer2.mesh.document import Document, Location
from mixer2.mesh.errors import Problem
from mixer2.mesh.schema.listeners import Listener, Sniff
from mixer2.mesh.schema.mesh import Mesh
from mixer2.mesh.schema.routes import Rule

_RESERVED = frozenset({"mixer2_modules", "xds_cluster"})
"""Clusters that are there anyway: of the module server, and of `mixer2 bootstrap`."""


def check(mesh: Mesh, document: Document, unread: frozenset[str] = frozenset()) -> list[Problem]:
    """Return everything that does not fit together.

    Args:
        mesh: What could be read.
        document: Where it stands.
        unread: Names of parts that could not be read; that they are missing is no problem.
    """
    return list(_Check(mesh, document, unread).problems())


class _Check:
    """One pass over a mesh."""

    def __init__(self, mesh: Mesh, document: Document, unread: frozenset[str]) -> None:
        self._mesh = mesh
        self._document = document
        self._unread = unread
        self._raw_clusters = {
            str(one.resource.get("name"))
            for one in mesh.raw
            if str(one.resource.get("@type", "")).endswith(".Cluster")
        }

    def problems(self) -> Iterator[Problem]:
        for name, listener in self._mesh.listeners.items():
            yield from self._listener(("listeners", name), listener)
        for name, filter_ in self._mesh.filters.items():
            where = ("filters", name)
            yield from self._groups((*where, "nodes"), filter_.nodes)
            for index, service in enumerate(filter_.calls):
                yield from self._service((*where, "calls", index), service)
            if filter_.rollout is not None:
                yield from self._groups((*where, "rollout", "first"), filter_.rollout.first)
        for table in self._mesh.routes:
            for place, rule in self._rules(table):
                for index, destination in enumerate(rule.to or ()):
                    yield from self._service((*place, "to", index), destination.service)
        for name, tenant in self._mesh.tenants.items():
            yield from self._groups(("tenants", name, "nodes"), tenant.nodes)
        for name, service_ in self._mesh.services.items():
            inner = service_.listener
            if inner is not None and not self._is_internal(inner):
                internal = [one for one in self._mesh.listeners if self._is_internal(one)]
                place = ("services", name, "listener")
                yield from self._unknown(place, "internal listener", inner, internal)
            yield from self._tenant(("services", name, "tenant"), service_.tenant)
        for index, raw in enumerate(self._mesh.raw):
            yield from self._groups(("raw", index, "nodes"), raw.nodes)
            yield from self._tenant(("raw", index, "tenant"), raw.tenant)
        for name in _RESERVED & self._mesh.services.keys():
            what = f"{name!r} is a cluster of the server's own"
            yield self._document.problem(("services", name), what, at_key=True)
        yield from self._mixed_filters()
        yield from self._unused_tables()
        yield from self._shared_ports()

    def _is_internal(self, name: str) -> bool:
        return name in self._mesh.listeners and self._mesh.listeners[name].internal

    def _listener(self, here: Location, listener: Listener) -> Iterator[Problem]:
        yield from self._groups((*here, "nodes"), listener.nodes)
        yield from self._tenant((*here, "tenant"), listener.tenant)
        seen: set[str] = set()
        for index, use in enumerate(listener.filters):
            place = (*here, "filters", index)
            if use.filter not in self._mesh.filters:
                yield from self._unknown(place, "filter", use.filter, self._mesh.filters)
            if use.filter in seen:
                yield self._document.problem(place, f"filter {use.filter!r} is there twice")
            seen.add(use.filter)
        if listener.to is not None:
            yield from self._service((*here, "to"), listener.to)
            yield from self._of_tenant((*here, "to"), listener.to, listener.tenant)
        if listener.passthrough is not None:
            yield from self._service((*here, "passthrough", "to"), listener.passthrough.to)
        if listener.sniff is not None:
            yield from self._sniff((*here, "sniff"), listener.sniff)
        if listener.routes is None:
            return
        if listener.routes not in self._mesh.routes:
            yield from self._unknown(
                (*here, "routes"), "route table", listener.routes, self._mesh.routes
            )
            return
        for where, rule in self._rules(listener.routes):
            yield from self._rule(where, rule, listener, seen)

    def _sniff(self, here: Location, sniff: Sniff) -> Iterator[Problem]:
        for protocol, service in sniff.to.items():
            yield from self._service((*here, "to", protocol), service)
        if sniff.http is None:
            return
        place = (*here, "http")
        if sniff.http.routes not in self._mesh.routes:
            known = self._mesh.routes
            yield from self._unknown((*place, "routes"), "route table", sniff.http.routes, known)
        for index, use in enumerate(sniff.http.filters):
            if use.filter not in self._mesh.filters:
                where = (*place, "filters", index)
                yield from self._unknown(where, "filter", use.filter, self._mesh.filters)

    def _rules(self, table: str) -> Iterator[tuple[Location, Rule]]:
        # A table may be written as the list of its rules, without a virtual host around them.
        flat = "rules" not in self._document.data["routes"][table][0]
        for index, host in enumerate(self._mesh.routes[table]):
            for number, rule in enumerate(host.rules):
                inner = (number,) if flat else (index, "rules", number)
                yield ("routes", table, *inner), rule

    def _rule(
        self, here: Location, rule: Rule, listener: Listener, filters: Iterable[str]
    ) -> Iterator[Problem]:
        for index, destination in enumerate(rule.to or ()):
            place = (*here, "to", index)
            yield from self._of_tenant(place, destination.service, listener.tenant)
        for name in rule.filters:
            if name not in filters:
                where = f"filter of the listeners that use the table {listener.routes!r}"
                yield from self._unknown(
                    (*here, "filters", name), where, name, filters, at_key=True
                )

    def _service(self, here: Location, name: str) -> Iterator[Problem]:
        if name not in self._mesh.services and name not in self._raw_clusters:
            yield from self._unknown(here, "service", name, self._mesh.services)

    def _of_tenant(self, here: Location, name: str, tenant: str | None) -> Iterator[Problem]:
        """A tenant's service is for the listeners of this tenant only."""
        service = self._mesh.services.get(name)
        if service is not None and service.tenant not in {None, tenant}:
            ours = f"tenant {tenant!r}" if tenant else "no tenant"
            what = f"service {name!r} is of tenant {service.tenant!r}, this of {ours}"
            yield self._document.problem(here, what)

    def _groups(self, here: Location, names: list[str] | None) -> Iterator[Problem]:
        for index, name in enumerate(names or ()):
            if name not in self._mesh.nodes:
                yield from self._unknown((*here, index), "group of nodes", name, self._mesh.nodes)

    def _tenant(self, here: Location, name: str | None) -> Iterator[Problem]:
        if name is not None and name not in self._mesh.tenants:
            yield from self._unknown(here, "tenant", name, self._mesh.tenants)

    def _mixed_filters(self) -> Iterator[Problem]:
        """A plugin is made for requests or for connections, not for both."""
        protocols: dict[str, str] = {}
        for name, listener in self._mesh.listeners.items():
            for index, use in enumerate(listener.filters):
                first = protocols.setdefault(use.filter, listener.protocol)
                if first != listener.protocol:
                    what = f"filter {use.filter!r} is on an {first} listener too"
                    place = ("listeners", name, "filters", index)
                    yield self._document.problem(place, what.replace("an tcp", "a tcp"))

    def _unused_tables(self) -> Iterator[Problem]:
        """Rules of tables that no listener uses would never be looked at."""
        listeners = self._mesh.listeners.values()
        used = {listener.routes for listener in listeners}
        used |= {one.sniff.http.routes for one in listeners if one.sniff and one.sniff.http}
        for table in self._mesh.routes:
            if table not in used and not self._mesh.raw and not self._unread:
                what = f"no listener uses the route table {table!r}"
                yield self._document.problem(("routes", table), what, at_key=True)

    def _shared_ports(self) -> Iterator[Problem]:
        """Two listeners of one address cannot be on one node."""
        taken: dict[tuple[str, int], str] = {}
        for name, listener in self._mesh.listeners.items():
            if listener.port is None:
                continue
            address = (listener.address, listener.port)
            other = taken.setdefault(address, name)
            both = (self._mesh.listeners[other].nodes, listener.nodes)
            apart = None not in both and not set(both[0] or ()) & set(both[1] or ())
            if other != name and not apart:
                what = f"port {listener.port} of {listener.address} is also that of {other!r}"
                yield self._document.problem(("listeners", name, "port"), what)

    def _unknown(
        self, here: Location, kind: str, name: str, known: Iterable[str], *, at_key: bool = False
    ) -> Iterator[Problem]:
        if name in self._unread:
            return
        there = ", ".join(sorted(known)) or "none"
        what = f"there is no {kind} {name!r}; there is: {there}"
        yield self._document.problem(here, what, at_key=at_key)
