"""What a client holds of one type."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from mixer2.xds.resource import Resource, version_text


class Holding:
    """Resources of one type by name, and the version of all of them together."""

    __slots__ = ("_by_name", "_fingerprints")

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self._by_name: dict[str, Resource] = {}
        self._fingerprints = 0
        for one in resources:
            self.put(one)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    @property
    def by_name(self) -> Mapping[str, Resource]:
        """The resources by name; a view."""
        return MappingProxyType(self._by_name)

    @property
    def version(self) -> str:
        """As `version_of` all resources."""
        return version_text(self._fingerprints)

    def get(self, name: str) -> Resource | None:
        """Return one resource, or None when it is not held."""
        return self._by_name.get(name)

    def put(self, resource: Resource) -> None:
        """Hold `resource` instead of what was held of that name."""
        self.drop(resource.name)
        self._by_name[resource.name] = resource
        self._fingerprints += resource.fingerprint

    def drop(self, name: str) -> None:
        """Hold nothing of that name."""
        old = self._by_name.pop(name, None)
        if old is not None:
            self._fingerprints -= old.fingerprint

    def version_after(self, coming: Iterable[Resource] = (), without: Iterable[str] = ()) -> str:
        """Return what the version would be with `coming`, and without some others."""
        replaced = {one.name: one.fingerprint for one in coming}
        fingerprints = self._fingerprints + sum(replaced.values())
        for name in {*replaced, *without}:
            old = self._by_name.get(name)
            fingerprints -= old.fingerprint if old is not None else 0
        return version_text(fingerprints)
