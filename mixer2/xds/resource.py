"""Resources: what an xDS server hands out, already serialised.

Whoever builds a resource says what it refers to; nothing after that looks into its bytes.

Source: envoyproxy.io, "xDS REST and gRPC protocol", "Resource Types".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

_PREFIX = "type.googleapis.com/envoy.config."

CLUSTER = _PREFIX + "cluster.v3.Cluster"
ENDPOINTS = _PREFIX + "endpoint.v3.ClusterLoadAssignment"
EXTENSION = _PREFIX + "core.v3.TypedExtensionConfig"
LISTENER = _PREFIX + "listener.v3.Listener"
ROUTES = _PREFIX + "route.v3.RouteConfiguration"

PUSH_ORDER = (CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES)
"""Make before break: what is referred to goes out before what refers to it."""

FULL_STATE = frozenset({CLUSTER, LISTENER})
"""Types whose state-of-the-world response lists all: what is not in it does not exist. They are
also the types for which an empty subscription means everything."""

_SERVICES = {
    CLUSTER: "CDS",
    ENDPOINTS: "EDS",
    EXTENSION: "ECDS",
    LISTENER: "LDS",
    ROUTES: "RDS",
}


def service(type_url: str) -> str:
    """Return the discovery service of a type as people call it: CDS; or the type's last word."""
    return _SERVICES.get(type_url) or type_url.rpartition(".")[2]


class Reference(NamedTuple):
    """One resource's mention of another."""

    type_url: str
    name: str

    def __str__(self) -> str:
        return f"{service(self.type_url)} {self.name!r}"


@dataclass(frozen=True, slots=True)
class Resource:
    """One named resource in one version; equal when type, name and version are.

    Args:
        type_url: What `value` is.
        name: Unique within the type and a snapshot.
        version: Compared for equality only. `Resource.of` takes it from the content.
        value: The serialised message.
        references: The resources that `value` mentions by name.
    """

    type_url: str
    name: str
    version: str
    value: bytes = field(repr=False, compare=False)
    references: tuple[Reference, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def of(
        cls, type_url: str, name: str, value: bytes, references: Iterable[Reference] = ()
    ) -> "Resource":
        """Make a resource whose version is its content's digest."""
        return cls(type_url, name, sha256(value).hexdigest()[:16], value, tuple(references))

    def __str__(self) -> str:
        return f"{service(self.type_url)} {self.name!r}"


def version_of(resources: Iterable[Resource]) -> str:
    """Return one version for a set of resources: equal sets, in any order, have equal versions."""
    digest = sha256()
    for name, version in sorted((one.name, one.version) for one in resources):
        digest.update(f"{len(name)}:{name}={version};".encode())
    return digest.hexdigest()[:16]
