"""Access by certificates, with the tenants of the mesh as it is now."""

from collections.abc import Callable, Sequence

from mixer2.mesh.plan import Plan
from mixer2.xds.access import Binding, CertificateAccess, Peer
from mixer2.xds.errors import Forbidden
from mixer2.xds.messages import Node
from mixer2.xds.target import MaySee


class MeshAccess:
    """Binds nodes to certificates, and nodes of a tenant to what is the tenant's or nobody's.

    Args:
        bindings: Templates of names in certificates; any of them will do.
        inspectors: Names in certificates of those who may read the status of all nodes.
        plan: Returns the plan as it is now; None while there is none.
    """

    def __init__(
        self,
        bindings: Sequence[Binding],
        inspectors: Sequence[str],
        plan: Callable[[], Plan | None],
    ) -> None:
        self._certificates = CertificateAccess(bindings=bindings, inspectors=inspectors)
        self._plan = plan

    def admit(self, peer: Peer, node: Node) -> Node:
        """Return who a client is that says it is `node`: the same, with its tenant.

        Raises:
            Forbidden: its certificate does not stand for that node, or for no tenant of the mesh.
        """
        admitted = self._certificates.admit(peer, node)
        plan = self._plan()
        if admitted.tenant and plan is not None and admitted.tenant not in plan.mesh.tenants:
            raise Forbidden(
                f"node {node.id!r} is of tenant {admitted.tenant!r}, which is not in the mesh"
            )
        return admitted

    def may_see(self, node: Node) -> MaySee | None:
        """Return what an admitted node may see; None for everything of its group."""
        if not node.tenant:
            return None

        def may_see(type_url: str, name: str) -> bool:
            plan = self._plan()
            return plan is None or plan.is_for(node.tenant, type_url, name)

        return may_see

    def may_inspect(self, peer: Peer) -> bool:
        """Whether a client may read what all nodes have."""
        return self._certificates.may_inspect(peer)
