"""Snapshots: everything that a group of nodes shall run, as one consistent whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType

from mixer2.xds.errors import DuplicateResource, InconsistentSnapshot
from mixer2.xds.resource import Reference, Resource, version_text

_NONE: Mapping[str, Resource] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between a snapshot and the one before.

    Args:
        before: Version of the snapshot before; empty when there was none.
        was: By type and name, the resource before; None for one that is new.
    """

    before: str
    was: Mapping[str, Mapping[str, Resource | None]]

    def __len__(self) -> int:
        return sum(map(len, self.was.values()))


class Snapshot:
    """An immutable set of resources of any types.

    Two snapshots with the same content have the same version, whoever made them and when: a
    server that was restarted says the same as before.

    Raises:
        DuplicateResource: two resources of one type have the same name.
    """

    __slots__ = ("_by_type", "_fingerprints", "_origin", "_unchecked", "version")

    def __init__(self, resources: Iterable[Resource]) -> None:
        by_type: dict[str, dict[str, Resource]] = {}
        for resource in resources:
            of_type = by_type.setdefault(resource.type_url, {})
            if resource.name in of_type:
                raise DuplicateResource(f"{resource} is in the snapshot twice")
            of_type[resource.name] = resource
        self._by_type = by_type
        self._fingerprints = {
            type_url: sum(one.fingerprint for one in of.values())
            for type_url, of in by_type.items()
        }
        self._origin: Change | None = None
        self._unchecked: Sequence[Resource] = tuple(self)
        self.version = version_text(sum(self._fingerprints.values()))

    def __iter__(self) -> Iterator[Resource]:
        for of_type in self._by_type.values():
            yield from of_type.values()

    def __len__(self) -> int:
        return sum(map(len, self._by_type.values()))

    def __repr__(self) -> str:
        return f"<Snapshot {self.version} of {len(self)} resources>"

    def types(self) -> AbstractSet[str]:
        """Return the type URLs of what is, or was, in it."""
        return self._by_type.keys()

    def of_type(self, type_url: str) -> Mapping[str, Resource]:
        """Return the resources of one type by name."""
        return self._by_type.get(type_url, _NONE)

    def get(self, type_url: str, name: str) -> Resource | None:
        """Return one resource, or None when there is none of that name."""
        return self.of_type(type_url).get(name)

    def version_of_type(self, type_url: str) -> str:
        """Return the version of all resources of one type together; empty when there are none."""
        if not self.of_type(type_url):
            return ""
        return version_text(self._fingerprints[type_url])

    def with_changes(
        self, put: Iterable[Resource] = (), remove: Iterable[Reference] = ()
    ) -> "Snapshot":
        """Return a snapshot in which some resources are new or others, and some are missing.

        Takes time by the number of changes, but for a flat copy of the index of each type that
        changes; so do `check` (without removals) and `change_from` of the result.
        """
        result = Snapshot(())
        result._by_type = dict(self._by_type)
        result._fingerprints = dict(self._fingerprints)
        was: dict[str, dict[str, Resource | None]] = {}
        coming: dict[Reference, Resource | None] = dict.fromkeys(remove)
        coming.update((Reference(one.type_url, one.name), one) for one in put)
        for (type_url, name), resource in coming.items():
            old = self.get(type_url, name)
            if old == resource:
                continue
            if type_url not in was:
                was[type_url] = {}
                result._by_type[type_url] = dict(self.of_type(type_url))
            was[type_url][name] = old
            result._replace(type_url, name, old, resource)
        result.version = version_text(sum(result._fingerprints.values()))
        result._origin = Change(self.version, was)
        # A new version can only add references that do not resolve; a removal can break any.
        if not self._unchecked and not any(
            resource is None and self.get(*name) for name, resource in coming.items()
        ):
            result._unchecked = [one for one in coming.values() if one is not None]
        else:
            result._unchecked = tuple(result)
        return result

    def _replace(
        self, type_url: str, name: str, old: Resource | None, new: Resource | None
    ) -> None:
        of_type = self._by_type[type_url]
        fingerprints = self._fingerprints.get(type_url, 0)
        if old is not None:
            fingerprints -= old.fingerprint
            del of_type[name]
        if new is not None:
            fingerprints += new.fingerprint
            of_type[name] = new
        self._fingerprints[type_url] = fingerprints

    def change_from(self, before: "Snapshot | None") -> Change:
        """Return what differs from another snapshot."""
        if before is None:
            return Change("", {url: dict.fromkeys(of) for url, of in self._by_type.items()})
        if self._origin is not None and self._origin.before == before.version:
            return self._origin
        was: dict[str, dict[str, Resource | None]] = {}
        for type_url in self._by_type.keys() | before.types():
            if self.version_of_type(type_url) == before.version_of_type(type_url):
                continue
            old, new = before.of_type(type_url), self.of_type(type_url)
            changed: dict[str, Resource | None] = {
                name: old.get(name) for name, one in new.items() if old.get(name) != one
            }
            changed.update((name, one) for name, one in old.items() if name not in new)
            was[type_url] = changed
        return Change(before.version, was)

    def check(self) -> None:
        """Check that every reference resolves within the snapshot.

        Raises:
            InconsistentSnapshot: some do not; the error lists all of them.
        """
        dangling: list[tuple[Resource, Reference]] = [
            (resource, reference)
            for resource in self._unchecked
            for reference in resource.references
            if self.get(*reference) is None
        ]
        if dangling:
            raise InconsistentSnapshot(dangling)
        self._unchecked = ()
