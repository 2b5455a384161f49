"""What a change costs: by what it changes and who wants it, not by the size of the mesh.

Counted are calls of Python functions, which no other load of the machine can change.
"""

import gc
import itertools
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from mixer2.xds.cache import SnapshotCache
from mixer2.xds.delta import DeltaStream
from mixer2.xds.messages import DeltaRequest, Node
from mixer2.xds.nodes import Nodes
from mixer2.xds.resource import CLUSTER, ENDPOINTS, Resource
from tests.xds.client import cluster, endpoints


def calls(run: Callable[[], object]) -> int:
    """How many functions of mixer2 are called."""
    count = 0

    def profile(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        # Ours alone: whatever a test before has left to be cleaned up is not counted.
        count += event == "call" and str(frame.f_globals.get("__name__")).startswith("mixer2.")

    # What other tests left behind is not to be cleared away, and counted, meanwhile.
    gc.collect()
    gc.disable()
    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


class Fleet:
    """Nodes that are subscribed to some of many services, and have them."""

    def __init__(self, services: int, nodes: int, wanted: list[str]) -> None:
        self.cache = SnapshotCache()
        self.cache.update(put=self._mesh(services))
        self._nodes = Nodes()
        self.streams = [self._connect(Node(str(number)), wanted) for number in range(nodes)]

    def change(self, resource: Resource) -> int:
        """Change a resource and let everyone have it; returns how many got something."""
        self.cache.update(put=[resource])
        return sum(self._deliver(stream) for stream in self.streams)

    def looked_at(self) -> int:
        return sum(stream.looked_at for stream in self.streams)

    def _connect(self, node: Node, wanted: list[str]) -> DeltaStream:
        # It never asks for the endpoints of most clusters, and time enough goes by to give that up.
        stream = DeltaStream(self._nodes.connect(node), clock=itertools.count(10, 10).__next__)
        self.cache.attach(node, stream)
        for type_url, names in ((CLUSTER, ()), (ENDPOINTS, tuple(wanted))):
            stream.receive(DeltaRequest(type_url=type_url, subscribe=names))
            self._deliver(stream)
        return stream

    @staticmethod
    def _mesh(services: int) -> list[Resource]:
        names = [f"s{number}" for number in range(services)]
        return [one for name in names for one in (cluster(name), endpoints(name))]

    @staticmethod
    def _deliver(stream: DeltaStream) -> int:
        got = 0
        while responses := stream.next_responses():
            for response in responses:
                got += 1
                stream.receive(DeltaRequest(type_url=response.type_url, nonce=response.nonce))
        return got


def cost_of_a_change(services: int, nodes: int, *, of: str = "s1") -> tuple[int, int, int]:
    """What one change costs: calls, names looked at, and who got it."""
    fleet = Fleet(services, nodes, ["s1", "s2"])
    fleet.change(endpoints(of, "warm"))
    looked_at = fleet.looked_at()
    got = 0

    def change() -> None:
        nonlocal got
        fleet.cache.update(put=[endpoints(of, "changed")])

    count = calls(change)
    for stream in fleet.streams:
        if stream.settled_version != fleet.cache.get().version:  # type: ignore[union-attr]
            count += calls(lambda stream=stream: fleet._deliver(stream))  # type: ignore[misc]
            got += 1
    return count, fleet.looked_at() - looked_at, got


def test_a_change_does_not_cost_more_in_a_larger_mesh() -> None:
    small, large = cost_of_a_change(10, nodes=5), cost_of_a_change(1000, nodes=5)
    assert small == large
    assert small[1:] == (5, 5)  # one name for each node


def test_a_change_costs_by_the_number_of_its_subscribers() -> None:
    one, ten = cost_of_a_change(50, nodes=1), cost_of_a_change(50, nodes=10)
    nothing, _, _ = cost_of_a_change(50, nodes=0)
    assert ten[0] - nothing == 10 * (one[0] - nothing)


@pytest.mark.parametrize("nodes", [1, 20])
def test_who_is_not_subscribed_costs_nothing(nodes: int) -> None:
    count, looked_at, got = cost_of_a_change(50, nodes, of="s9")
    assert (looked_at, got) == (0, 0)
    assert count == cost_of_a_change(50, nodes=0, of="s9")[0]


def test_nothing_changed_costs_no_node_anything() -> None:
    fleet = Fleet(20, 3, ["s1"])
    before = fleet.looked_at()
    assert not fleet.cache.update(put=[endpoints("s1")])
    assert fleet.change(endpoints("s1")) == 0
    assert fleet.looked_at() == before
