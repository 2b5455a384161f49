"""What a change of endpoints costs: by the kinds of nodes that have the service, not by nodes."""

from pathlib import Path

import pytest

from mixer2.mesh.document import Document
from mixer2.mesh.plan import Delivery, Plan
from mixer2.mesh.read import mesh_of
from mixer2.xds.builders.endpoint import Endpoint
from mixer2.xds.cache import SnapshotCache
from mixer2.xds.delta import DeltaStream
from mixer2.xds.messages import DeltaRequest, Node
from mixer2.xds.nodes import Nodes
from mixer2.xds.resource import ENDPOINTS
from tests.xds.test_cost import calls

HERE = (Endpoint("127.0.0.1", 1),)
THERE = (Endpoint("127.0.0.1", 2),)


def plan_of(services: int) -> Plan:
    names = [f"s{number}" for number in range(services)]
    text = "\n".join(
        [
            "version: 1",
            "nodes: {edge: {cluster: edge}, core: {cluster: core}}",
            "listeners:",
            "  web: {port: 8080, routes: all, nodes: edge}",
            "  other: {port: 8081, to: s1, protocol: tcp, nodes: core}",
            "routes:",
            "  all:",
            *(f"    - {{match: {{prefix: /{name}}}, to: {name}}}" for name in names),
            "services:",
            *(f"  {name}: {{file: {name}.json}}" for name in names),
        ]
    )
    mesh = mesh_of(Document.parse(text, Path("mesh.yaml")))[0]

    def no_module(digest: str) -> None:
        raise KeyError(digest)

    plan = Plan(mesh, {}, lambda _name, _node: None, Delivery(no_module))  # type: ignore[arg-type]
    return plan.with_endpoints(dict.fromkeys(names, HERE))


class Fleet:
    def __init__(self, services: int, edges: int, cores: int) -> None:
        self.plan = plan_of(services)
        self.endpoints = {f"s{number}": HERE for number in range(services)}
        self.cache = SnapshotCache()
        self.cache.assign(self.plan.snapshot_of)
        clusters = ["edge"] * edges + ["core"] * cores
        self.streams = [
            self._connect(Node(str(number), cluster=cluster))
            for number, cluster in enumerate(clusters)
        ]

    def change(self, service: str) -> None:
        self.plan = self.plan.with_endpoints({**self.endpoints, service: THERE})
        self.cache.succeed(self.plan.successor, self.plan.snapshot_of)

    def _connect(self, node: Node) -> DeltaStream:
        stream = DeltaStream(Nodes().connect(node))
        self.cache.attach(node, stream)
        stream.receive(DeltaRequest(type_url=ENDPOINTS, subscribe=("s1", "s2")))
        for response in stream.next_responses():
            stream.receive(DeltaRequest(type_url=ENDPOINTS, nonce=response.nonce))
        stream.next_responses()
        return stream


@pytest.mark.parametrize(("service", "told"), [("s1", 5), ("s2", 3), ("s3", 0)])
def test_a_change_reaches_who_has_the_service(service: str, told: int) -> None:
    fleet = Fleet(10, edges=3, cores=2)
    fleet.change(service)
    got = [response for stream in fleet.streams for response in stream.next_responses()]
    assert [[one.name for one in response.resources] for response in got] == [[service]] * told
    # Who connects now gets the same.
    snapshot = fleet.plan.snapshot_of(Node("new", cluster="edge"))
    assert snapshot.version == fleet.streams[0].settled_version or told
    live = fleet.cache._live_for(Node("new", cluster="edge"))
    assert live.snapshot is snapshot


def test_a_change_costs_nothing_for_other_nodes() -> None:
    few, many = Fleet(10, edges=1, cores=1), Fleet(10, edges=20, cores=1)
    for fleet in (few, many):
        fleet.change("s9")  # builds what is built once
    # Less than a call for each of the other nodes; a few depend on the order of sets.
    assert abs(calls(lambda: few.change("s3")) - calls(lambda: many.change("s3"))) < 10


def test_a_change_costs_little_more_in_a_larger_mesh() -> None:
    small, large = Fleet(10, edges=1, cores=1), Fleet(500, edges=1, cores=1)
    for fleet in (small, large):
        fleet.change("s9")
    # Only the comparison of the lists of endpoints is by service, some calls each.
    cost, more = calls(lambda: small.change("s3")), calls(lambda: large.change("s3"))
    assert (more - cost) / 490 < 5
