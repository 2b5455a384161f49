"""The attributes of a stream: lookup, what tests override, and realistic values for the rest.

Source: Envoy, `filters/common/expr/context.cc`, and what Envoy 1.40 answered.
"""

from typing import TYPE_CHECKING, Final

from mixer2.testhost.abi import Status
from mixer2.testhost.errors import Refused
from mixer2.testhost.metadata import metadata
from mixer2.testhost.properties import (
    AttributePath,
    AttributeValue,
    Message,
    Namespace,
    elements,
    step,
)

if TYPE_CHECKING:
    from mixer2.testhost.contexts import RootContext

Members = dict[str, AttributeValue]
"""Name -> value, of those members of a group that are there now."""

CONNECTION_ATTRIBUTES: Final[dict[str, Members]] = {
    "connection": {"id": 1, "mtls": False, "requested_server_name": ""},
    "destination": {"address": "127.0.0.1:10000", "port": 10000},
    "source": {"address": "127.0.0.1:50000", "port": 50000},
    "upstream": {},
    "xds": {
        "filter_chain_name": "",
        "listener_direction": 0,
        "listener_metadata": metadata(),
    },
}
"""Of every stream: Envoy on loopback, without TLS."""

CLUSTER_ATTRIBUTES: Final[dict[str, Members]] = {
    "upstream": {"num_endpoints": 1},
    "xds": {"cluster_metadata": metadata(), "cluster_name": "upstream"},
}
"""Further ones from when the cluster is chosen."""

CONNECTED_ATTRIBUTES: Final[dict[str, Members]] = {
    "upstream": {
        "address": "127.0.0.1:8080",
        "cx_pool_ready_duration": 0,
        "local_address": "127.0.0.1:50001",
        "locality": Message({"region": "", "zone": "", "sub_zone": ""}, lambda: b""),
        "port": 8080,
        "transport_failure_reason": "",
    },
    "xds": {"upstream_host_locality_metadata": None, "upstream_host_metadata": None},
}
"""Further ones from when there is a connection to the upstream."""


class StreamAttributes:
    """What `get_property` finds in one stream.

    Args:
        root: The plugin.
        overrides: Values that a test has set, by path.

    Attributes:
        filter_state: Objects that a foreign function has set, serialised.
    """

    def __init__(self, root: "RootContext", overrides: dict[AttributePath, AttributeValue]) -> None:
        self._root = root
        self._overrides = {elements(path): value for path, value in overrides.items()}
        self._stored: dict[str, bytes] = {}
        self.filter_state: dict[str, bytes] = {}

    def top(self, name: str) -> AttributeValue:
        """A top-level attribute. Raises KeyError when it is not there."""
        overridden = self._overridden(name)
        if name == "metadata":
            return metadata(overridden.get("filter_metadata"))
        if name == "filter_state":
            stored = {f"wasm.{key}": value for key, value in self._stored.items()}
            return Namespace({**stored, **self.filter_state, **overridden})
        members = self.members(name)
        if members is None:
            return self._single(name)
        return Namespace({**members, **overridden})

    def members(self, name: str) -> Members | None:
        """Members of a group, now; None when that is no group. Streams know further ones."""
        if name not in CONNECTION_ATTRIBUTES:
            return None
        members = dict(CONNECTION_ATTRIBUTES[name])
        if name == "xds":
            members["node"] = step(self._root.vm.proxy.xds_attributes(), "node")
        return members

    def store(self, path: str, value: bytes) -> None:
        """Keep what `set_property` stores; the whole path is one name.

        Raises:
            Refused: BAD_ARGUMENT for a second value of what was declared read-only.
        """
        if path in self._stored and self._root.declared.get(path, False):
            raise Refused(Status.BAD_ARGUMENT)
        self._stored[path] = value

    def _single(self, name: str) -> AttributeValue:
        """An attribute of one element."""
        if (name,) in self._overrides:
            return self._overrides[name,]
        if name == "connection_id":
            return step(self.top("connection"), "id")
        try:
            return self._root.plugin_attribute(name)
        except KeyError:
            return self._stored[name]

    def _overridden(self, name: str) -> Members:
        """Members that a test has set: a value, or a tree when the path goes deeper."""
        trees: Members = {}
        for path in sorted(self._overrides, key=len):
            if path[0] == name and len(path) > 1:
                _plant(trees, path[1:], self._overrides[path])
        return trees


def _plant(tree: Members, path: tuple[str, ...], value: AttributeValue) -> None:
    for name in path[:-1]:
        below = tree.setdefault(name, {})
        if not isinstance(below, dict):
            raise TypeError(f"attribute {name!r} cannot have a value and members")
        tree = below
    tree[path[-1]] = value
