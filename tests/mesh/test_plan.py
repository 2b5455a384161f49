"""Which node gets what, and what is built anew when something changes."""

from pathlib import Path

import pytest

from mixer2.mesh.document import Document
from mixer2.mesh.plan import Delivery, Plan
from mixer2.mesh.read import mesh_of
from mixer2.xds.builders.endpoint import Endpoint
from mixer2.xds.builders.extension import RemoteCode
from mixer2.xds.bundle import Bundle
from mixer2.xds.errors import DuplicateResource
from mixer2.xds.messages import Node
from mixer2.xds.modules import WasmModule
from mixer2.xds.resource import CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES
from mixer2.xds.snapshot import Snapshot

MESH = """\
version: 1
nodes:
  canary: {labels: {track: canary}}
  b: {id: "b-*", locality: {region: eu}}
  team: {metadata: {team.name: data}}
listeners:
  web: {port: 80, routes: web, filters: [auth, {filter: log, routes: chosen}]}
  gold: {port: 81, routes: gold, filters: [auth], tenant: gold}
  silver: {port: 82, routes: gold, filters: [auth], tenant: silver}
  raw-tcp: {port: 83, protocol: tcp, to: db, nodes: [b, team]}
routes:
  web: [{to: shop, filters: {log: on}}]
  gold: [{to: shop}]
services:
  shop: {endpoints: ["127.0.0.1:1"]}
  db: {endpoints: ["127.0.0.1:2"], protocol: tcp}
  keys: {endpoints: ["127.0.0.1:3"]}
  unused: {endpoints: ["127.0.0.1:4"]}
filters:
  auth: {code: a.wasm, calls: keys}
  log: {code: a.wasm, nodes: canary}
tenants: {gold: {}, silver: {nodes: b}}
"""
MODULE = WasmModule(b"x" * 100, "d" * 64)
ONE, TWO = Endpoint("127.0.0.1", 1), Endpoint("127.0.0.2", 1)
PLAIN = Node("a-1")
CANARY = Node("a-2", metadata={"labels": {"track": "canary"}})
B = Node("b-1", region="eu")


def plan_of(text: str = MESH, **delivery: object) -> Plan:
    mesh, _ = mesh_of(Document.parse(text, Path("mesh.yaml")))
    endpoints = {name: [ONE] for name in mesh.services}
    how = Delivery(lambda _digest: MODULE, **delivery)  # type: ignore[arg-type]
    return Plan(mesh, endpoints, lambda name, _node: Bundle(name, MODULE.digest), how)


def names(snapshot: Snapshot, type_url: str) -> set[str]:
    return set(snapshot.of_type(type_url))


def test_a_node_gets_its_listeners_and_what_they_need() -> None:
    snapshot = plan_of().snapshot_of(PLAIN)
    assert names(snapshot, LISTENER) == {"web", "gold"}
    assert names(snapshot, ROUTES) == {"web", "gold"}
    assert names(snapshot, EXTENSION) == {"auth", "auth@gold"}
    assert names(snapshot, CLUSTER) == names(snapshot, ENDPOINTS) == {"shop", "keys"}


def test_selectors_choose_listeners_and_filters() -> None:
    plan = plan_of()
    assert names(plan.snapshot_of(CANARY), EXTENSION) == {"auth", "auth@gold", "log"}
    assert names(plan.snapshot_of(B), LISTENER) == {"web", "gold", "silver", "raw-tcp"}
    assert names(plan.snapshot_of(B), CLUSTER) == {"shop", "keys", "db"}
    by_metadata = Node("x", metadata={"team": {"name": "data"}})
    assert "raw-tcp" in names(plan.snapshot_of(by_metadata), LISTENER)


@pytest.mark.parametrize(
    "metadata",
    [{"labels": "canary"}, {"labels": None}, {"labels": ["canary"]}, {"labels": {"track": 1}}, {}],
)
def test_metadata_of_any_shape_selects_nothing(metadata: dict[str, object]) -> None:
    assert names(plan_of().snapshot_of(Node("x", metadata=metadata)), EXTENSION) == {
        "auth",
        "auth@gold",
    }


def test_nodes_that_get_the_same_share_a_snapshot() -> None:
    plan = plan_of()
    assert plan.snapshot_of(PLAIN) is plan.snapshot_of(Node("another"))
    assert plan.snapshot_of(PLAIN) is not plan.snapshot_of(CANARY)


def test_a_plan_made_anew_says_the_same() -> None:
    assert plan_of().snapshot_of(B).version == plan_of().snapshot_of(B).version


def test_changed_endpoints_change_nothing_else() -> None:
    plan = plan_of()
    before = plan.snapshot_of(B)
    changed = plan.with_endpoints({"shop": [ONE, TWO], "db": [ONE], "keys": [ONE]})
    after = changed.snapshot_of(B)
    different = [one for one in after if before.get(one.type_url, one.name) is not one]
    assert [str(one) for one in different] == ["EDS 'shop'"]


def test_the_tenant_of_a_certificate_counts_more_than_what_a_node_says() -> None:
    plan = plan_of()
    gold = Node("b-1", region="eu", tenant="gold")
    assert names(plan.snapshot_of(gold), LISTENER) == {"web", "gold", "raw-tcp"}
    assert not plan.is_for("gold", LISTENER, "silver")
    assert not plan.is_for("gold", EXTENSION, "auth@silver")
    assert plan.is_for("gold", EXTENSION, "auth")
    assert plan.is_for("gold", ROUTES, "gold")
    assert plan.is_for("gold", CLUSTER, "nothing of that name")


def test_code_is_inline_or_remote_by_size_and_by_wish() -> None:
    def remote(digest: str) -> RemoteCode:
        return RemoteCode(f"http://modules/{digest}", "modules")

    bundle = Bundle("auth", MODULE.digest)
    wish = Bundle("auth", MODULE.digest, delivery="remote")
    refusal = Bundle("auth", MODULE.digest, delivery="inline")
    at_limit = plan_of(remote_code=remote, remote_from=100)
    assert at_limit.is_remote(bundle)
    assert not at_limit.is_remote(refusal)
    above = plan_of(remote_code=remote, remote_from=101)
    assert not above.is_remote(bundle)
    assert above.is_remote(wish)
    assert not plan_of().is_remote(wish)  # there is no module server


def test_a_plan_can_be_tried_out_before_any_node_asks() -> None:
    plan_of().check()
    raw = (
        'raw: [{nodes: b, resource: {"@type": type.googleapis.com/'
        "envoy.config.core.v3.TypedExtensionConfig, name: auth@gold}}]\n"
    )
    with pytest.raises(DuplicateResource, match="auth@gold"):
        plan_of(MESH + raw).check()
