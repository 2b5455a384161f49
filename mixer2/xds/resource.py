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

ON_DEMAND = {ENDPOINTS: CLUSTER, EXTENSION: LISTENER, ROUTES: LISTENER}
"""Types that an Envoy asks for because a resource of another type mentions them."""

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


_FINGERPRINTS = 1 << 64


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
        ttl: Seconds after which a client that heard nothing more of it drops it; None for never.
        known: False for what a client says it holds and this server never had: without a value.
        fingerprint: A number of 64 bits for type, name and version.
    """

    type_url: str
    name: str
    version: str
    value: bytes = field(repr=False, compare=False)
    references: tuple[Reference, ...] = field(default=(), repr=False, compare=False)
    ttl: float | None = field(default=None, repr=False, compare=False)
    known: bool = field(default=True, repr=False, compare=False)
    fingerprint: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = (self.type_url, self.name, self.version)
        digest = sha256("".join(f"{len(one)}:{one}" for one in parts).encode()).digest()
        object.__setattr__(self, "fingerprint", int.from_bytes(digest[:8], "big"))

    @classmethod
    def of(
        cls,
        type_url: str,
        name: str,
        value: bytes,
        references: Iterable[Reference] = (),
        ttl: float | None = None,
    ) -> "Resource":
        """Make a resource whose version is its content's digest."""
        digest = sha256(value)
        if ttl is not None:
            digest.update(f"ttl={ttl}".encode())
        return cls(type_url, name, digest.hexdigest()[:16], value, tuple(references), ttl)

    @classmethod
    def unknown(cls, type_url: str, name: str, version: str) -> "Resource":
        """Make what a client holds and this server never had."""
        return cls(type_url, name, version, b"", known=False)

    def __str__(self) -> str:
        return f"{service(self.type_url)} {self.name!r}"


def version_of(resources: Iterable[Resource]) -> str:
    """Return one version for a set of resources: equal sets, in any order, have equal versions."""
    return version_text(sum(one.fingerprint for one in resources))


def version_text(fingerprints: int) -> str:
    """Return the version of a set whose fingerprints have this sum.

    A sum, so that the version of a large set follows from a small change of it.
    """
    return f"{fingerprints % _FINGERPRINTS:016x}"
