"""Snapshots: everything that a group of nodes shall run, as one consistent whole."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from mixer2.xds.errors import DuplicateResource, InconsistentSnapshot
from mixer2.xds.resource import Reference, Resource, version_of

_NONE: Mapping[str, Resource] = MappingProxyType({})


class Snapshot:
    """An immutable set of resources of any types.

    Two snapshots with the same content have the same version, whoever made them and when: a
    server that was restarted says the same as before.

    Raises:
        DuplicateResource: two resources of one type have the same name.
    """

    __slots__ = ("_by_type", "_versions", "version")

    def __init__(self, resources: Iterable[Resource]) -> None:
        by_type: dict[str, dict[str, Resource]] = {}
        for resource in resources:
            of_type = by_type.setdefault(resource.type_url, {})
            if resource.name in of_type:
                raise DuplicateResource(f"{resource} is in the snapshot twice")
            of_type[resource.name] = resource
        self._by_type = by_type
        self._versions = {type_url: version_of(of.values()) for type_url, of in by_type.items()}
        self.version = version_of(
            Resource(type_url, type_url, version, b"")
            for type_url, version in self._versions.items()
        )

    def __iter__(self) -> Iterator[Resource]:
        for of_type in self._by_type.values():
            yield from of_type.values()

    def __len__(self) -> int:
        return sum(map(len, self._by_type.values()))

    def __repr__(self) -> str:
        return f"<Snapshot {self.version} of {len(self)} resources>"

    def of_type(self, type_url: str) -> Mapping[str, Resource]:
        """Return the resources of one type by name."""
        return self._by_type.get(type_url, _NONE)

    def get(self, type_url: str, name: str) -> Resource | None:
        """Return one resource, or None when there is none of that name."""
        return self.of_type(type_url).get(name)

    def version_of_type(self, type_url: str) -> str:
        """Return the version of all resources of one type together."""
        return self._versions.get(type_url, "")

    def same(self, other: "Snapshot", type_url: str) -> bool:
        """Tell whether both have the same resources of one type."""
        return self.version_of_type(type_url) == other.version_of_type(type_url)

    def check(self) -> None:
        """Check that every reference resolves within the snapshot.

        Raises:
            InconsistentSnapshot: some do not; the error lists all of them.
        """
        dangling: list[tuple[Resource, Reference]] = [
            (resource, reference)
            for resource in self
            for reference in resource.references
            if self.get(*reference) is None
        ]
        if dangling:
            raise InconsistentSnapshot(dangling)
