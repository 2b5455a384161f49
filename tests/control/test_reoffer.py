"""When remote code is offered again; no node, no network."""

from pathlib import Path

from mixer2.control.reoffer import Reoffers
from mixer2.mesh.document import Document
from mixer2.mesh.plan import Delivery, Plan
from mixer2.mesh.read import mesh_of
from mixer2.xds.builders.extension import RemoteCode
from mixer2.xds.bundle import Bundle
from mixer2.xds.messages import Node
from mixer2.xds.modules import WasmModule
from mixer2.xds.nodes import Nodes
from mixer2.xds.resource import EXTENSION

MESH = """\
version: 1
listeners: {web: {port: 80, routes: web, filters: [probe]}}
routes: {web: [{to: web}]}
services: {web: {endpoints: ["127.0.0.1:1"]}}
filters: {probe: {code: a.wasm}}
"""
MODULE = WasmModule(b"x", "d" * 64)
NODE = Node("edge-1")


def plan_of(reoffers: Reoffers, *, remote: bool) -> Plan:
    def remote_code(digest: str) -> RemoteCode:
        return RemoteCode(f"http://modules/{digest}", "modules")

    delivery = Delivery(lambda _digest: MODULE, 0, remote_code if remote else None)
    mesh, _ = mesh_of(Document.parse(MESH, Path("mesh.yaml")))
    bundle = Bundle("probe", MODULE.digest)
    return Plan(mesh, {}, lambda _name, _node: bundle, delivery, reoffers.attempt_of)


def refuse(nodes: Nodes, plan: Plan) -> None:
    """The node refuses what it shall run."""
    (running,) = plan.running_on(NODE)
    status = nodes.get(NODE.id)
    assert status is not None
    status.of_type(EXTENSION).reject([plan.resource_of(running)], "Unable to create Wasm plugin")


def test_each_offer_differs_and_comes_later_than_the_one_before() -> None:
    nodes, now = Nodes(), 0.0
    reoffers = Reoffers(nodes, lambda: now)
    nodes.connect(NODE)
    plan = plan_of(reoffers, remote=True)
    assert not reoffers.look(plan)
    versions, waits = set(), []
    for _ in range(5):
        (running,) = plan.running_on(NODE)
        versions.add(plan.resource_of(running).version)
        refuse(nodes, plan)
        began = now
        while not reoffers.look(plan):
            now += 0.05
        waits.append(now - began)
    assert len(versions) == 5
    assert waits == sorted(waits)
    assert waits[-1] > 3


def test_it_comes_to_an_end() -> None:
    nodes, now = Nodes(), 0.0
    reoffers = Reoffers(nodes, lambda: now)
    nodes.connect(NODE)
    plan = plan_of(reoffers, remote=True)
    offers = 0
    for _ in range(100):
        refuse(nodes, plan)
        now += 60
        offers += reoffers.look(plan)
    assert offers == 20
    assert reoffers.exhausted(NODE.id, MODULE.digest)


def test_code_that_travels_inline_is_not_offered_again() -> None:
    nodes, now = Nodes(), 0.0
    reoffers = Reoffers(nodes, lambda: now)
    nodes.connect(NODE)
    plan = plan_of(reoffers, remote=False)
    refuse(nodes, plan)
    now = 60
    assert not reoffers.look(plan)
    assert reoffers.attempt_of(NODE.id, MODULE.digest) == 0
