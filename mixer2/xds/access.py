"""Access: who may say that it is which node, and what a node may see.

A client's certificate binds it to node ids. A binding is a template of a name in the certificate
(Subject Alternative Name, URI or DNS) with placeholders:

    spiffe://mesh.example/{tenant}/{node}      a SPIFFE ID
    {node}.edge.example                        a DNS name; a placeholder is one label
    {node}                                     a DNS name that is the node id, dots and all

A node is admitted when some name of its certificate fits some template, with its own node id, and
its own cluster where the template has `{cluster}`.

Source: spiffe.io, "SPIFFE-ID", "SPIFFE Identity"; RFC 5280, section 4.2.1.6.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Protocol

from mixer2.xds.errors import Forbidden, InvalidBinding
from mixer2.xds.messages import Node
from mixer2.xds.target import MaySee

_PLACEHOLDERS = frozenset({"node", "cluster", "tenant"})
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a connection.

    Args:
        address: As gRPC writes it: `ipv4:127.0.0.1:1234`.
        names: Names in its certificate, which was verified; none without TLS.
    """

    address: str
    names: tuple[str, ...] = ()


class Access(Protocol):
    """Decides about clients."""

    def admit(self, peer: Peer, node: Node) -> Node:
        """Return who a client is that says it is `node`: the same, with its tenant.

        Raises:
            Forbidden: it is not.
        """

    def may_see(self, node: Node) -> MaySee | None:
        """Return what an admitted node may see; None for everything of its group."""

    def may_inspect(self, peer: Peer) -> bool:
        """Whether a client may read what all nodes have (CSDS)."""


class OpenAccess:
    """Believes what clients say: for loopback, or where the network is the border."""

    def admit(self, peer: Peer, node: Node) -> Node:
        """Return `node`."""
        return node

    def may_see(self, node: Node) -> MaySee | None:
        """Return None: everything."""
        return None

    def may_inspect(self, peer: Peer) -> bool:
        """Return True."""
        return True


@dataclass(frozen=True)
class Binding:
    """A template of names in certificates.

    Args:
        template: As in the module's documentation.

    Raises:
        InvalidBinding: it lacks `{node}`, or has a placeholder that there is not.
    """

    template: str

    def __post_init__(self) -> None:
        found = _PLACEHOLDER.findall(self.template)
        if (
            "node" not in found
            or len(set(found)) != len(found)
            or not set(found) <= {*_PLACEHOLDERS}
        ):
            raise InvalidBinding(
                f"{self.template!r}: expected {{node}}, perhaps {{cluster}} and {{tenant}}, "
                "each once, and nothing else in braces"
            )

    def match(self, name: str) -> Mapping[str, str] | None:
        """Return what a name has in place of the placeholders, or None when it does not fit."""
        if "*" in name:  # a certificate for many is nobody's in particular
            return None
        found = self._pattern.fullmatch(name)
        return found.groupdict() if found is not None else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        is_uri = "://" in self.template
        whole = self.template == "{node}"
        part = "[^/]+" if is_uri or whole else "[^./]+"
        pieces = _PLACEHOLDER.split(self.template)
        pattern = "".join(
            f"(?P<{one}>{part})" if index % 2 else re.escape(one)
            for index, one in enumerate(pieces)
        )
        return re.compile(pattern, 0 if is_uri else re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tenant:
    """A part of the mesh that may see a part of the resources.

    Args:
        sees: Patterns of resource names, of any type, with `*` and `?`.
    """

    sees: Sequence[str] = ("*",)

    def may_see(self, _type_url: str, name: str) -> bool:
        """Whether a resource is visible."""
        return any(fnmatchcase(name, one) for one in self.sees)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateAccess:
    """Believes certificates.

    Args:
        bindings: Any of them will do.
        tenants: By name. When there are any, a node must be of one of them, by the `{tenant}` of
            its binding.
        inspectors: Names in certificates of those who may read the status of all nodes.
    """

    bindings: Sequence[Binding]
    tenants: Mapping[str, Tenant] | None = None
    inspectors: Sequence[str] = ()

    def admit(self, peer: Peer, node: Node) -> Node:
        """Return who a client is that says it is `node`: the same, with its tenant.

        Raises:
            Forbidden: no name of its certificate stands for that node.
        """
        for found in self._matches(peer):
            if found["node"] != node.id or found.get("cluster", node.cluster) != node.cluster:
                continue
            tenant = found.get("tenant", "")
            if self.tenants is not None and tenant not in self.tenants:
                raise Forbidden(f"node {node.id!r} is of tenant {tenant!r}, which there is not")
            return replace(node, tenant=tenant)
        names = ", ".join(peer.names) or "no name"
        raise Forbidden(f"a certificate for {names} does not stand for node {node.id!r}")

    def may_see(self, node: Node) -> MaySee | None:
        """Return what an admitted node may see; None for everything of its group."""
        return self.tenants[node.tenant].may_see if self.tenants is not None else None

    def may_inspect(self, peer: Peer) -> bool:
        """Whether a client may read what all nodes have."""
        return any(name in self.inspectors for name in peer.names)

    def _matches(self, peer: Peer) -> Iterator[Mapping[str, str]]:
        for binding in self.bindings:
            for name in peer.names:
                found = binding.match(name)
                if found is not None:
                    yield found
