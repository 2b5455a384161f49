"""Every mistake has its place, and all of them are told at once."""

from pathlib import Path

import pytest

from mixer2.mesh.document import Document
from mixer2.mesh.errors import InvalidMesh
from mixer2.mesh.read import mesh_of
from mixer2.mesh.schema.mesh import Mesh

GOOD = """\
version: 1
nodes:
  edge: {cluster: edge}
listeners:
  web:
    port: 8080
    routes: shop
    filters: [auth]
routes:
  shop:
    - match: {prefix: /cart}
      to: cart
      filters: {auth: off}
    - to: shop
services:
  shop: {endpoints: ["127.0.0.1:9000"]}
  cart: {dns: "cart.internal:9000"}
filters:
  auth: {code: auth.py, nodes: edge}
"""


def read(text: str) -> Mesh:
    return mesh_of(Document.parse(text, Path("mesh.yaml")))[0]


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidMesh) as caught:
        read(text)
    return [str(one).removeprefix("mesh.yaml:") for one in caught.value.problems]


def test_a_good_mesh_is_read() -> None:
    mesh = read(GOOD)
    (host,) = mesh.routes["shop"]
    assert host.hosts == ["*"]
    assert [[to.service for to in rule.to or ()] for rule in host.rules] == [["cart"], ["shop"]]
    assert host.rules[0].filters == {"auth": False}
    assert mesh.listeners["web"].filters[0].filter == "auth"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("version: 1", "version: 2", "1:10: expected 1, got 2"),
        ("version: 1\n", "", "1:1: `version` is missing"),
        ("listeners:", "lisners:", "4:1: unknown key 'lisners'; did you mean 'listeners'?"),
        ("port: 8080", "port: '8080'", "6:11: expected a valid integer, got '8080'"),
        ("port: 8080", "port: 99999", "6:11: expected less than or equal to 65535, got 99999"),
        ("routes: shop", "routes: shp", "7:13: there is no route table 'shp'; there is: shop"),
        ("filters: [auth]", "filters: [aut]", "8:15: there is no filter 'aut'; there is: auth"),
        ("filters: [auth]", "filters: [auth, auth]", "8:21: filter 'auth' is there twice"),
        ("to: cart", "to: card", "12:11: there is no service 'card'; there is: cart, shop"),
        ("to: cart", "to: [{service: cart, wait: 1}]", "12:28: unknown key 'wait'"),
        ("to: cart", "to: [{service: cart, weight: 0}]", "11:7: the weights are all 0"),
        ("to: cart", "respond: {status: 20}", "12:25: expected greater than or equal to 200"),
        ("to: cart", "timeout: 2x\n      to: cart", "12:16: expected a duration: seconds, or"),
        ("      to: cart\n", "", "11:7: expected exactly one of `to`, `redirect`, `respond`; got"),
        ("{auth: off}", "{auth: maybe}", "13:23: expected a valid boolean, got 'maybe'"),
        ("{auth: off}", "{other: off}", "13:17: there is no filter of the listeners"),
        ("{prefix: /cart}", "{prefix: cart}", "11:23: expected a leading slash"),
        ("{prefix: /cart}", "{prefix: /a, path: /b}", "11:14: expected exactly one of `path`,"),
        ("127.0.0.1:9000", "host:9000", "16:22: 'host' is no IP address"),
        ("127.0.0.1:9000", "9000", "16:22: '9000': expected \"HOST:PORT\""),
        ('{endpoints: ["127.0.0.1:9000"]}', "{}", "16:9: expected one of `endpoints`, `dns`,"),
        ("nodes: edge}", "nodes: [edge, x]}", "19:39: there is no group of nodes 'x'"),
        ("  cart: {dns", "  xds_cluster: {dns", "17:3: 'xds_cluster' is a cluster of the server's"),
        ("code: auth.py", "code: auth.js", "19:16: expected a .py or a .wasm file"),
        ("  auth: {code", "  a b: {code", "19:3: 'a b' is no name: letters and digits"),
        ("  edge: {", "  edge: {label: {a: b}, ", "3:10: unknown key 'label'; did you mean"),
        ("port: 8080", "port: 80\n    tls: {certificate: /c}", "7:10: `key` is missing"),
        (
            "port: 8080",
            "port: 80\n    tls: {certificate: c, key: /k}",
            "7:24: expected an absolute",
        ),
        ("port: 8080", "port: 80\n    tenant: t", "7:13: there is no tenant 't'; there is: none"),
        ("port: 8080", "port: 80\n    protocol: tcp", "6:5: a tcp listener needs `to`, and has"),
    ],
)
def test_a_mistake_has_its_place(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new, 1))
    assert any(one.startswith(problem) for one in found), found


def test_all_mistakes_are_told_at_once() -> None:
    text = GOOD.replace("port: 8080", "port: 0").replace("to: cart", "to: x").replace("edge}", "y}")
    assert [one.split(": ")[0] for one in problems(text)] == ["6:11", "12:11", "19:32"]


def test_tenants_do_not_reach_each_others_services() -> None:
    text = (
        GOOD.replace("port: 8080", "port: 8080\n    tenant: gold") + "tenants: {gold: {}, b: {}}\n"
    )
    assert set(read(text).tenants) == {"gold", "b"}
    text = text.replace('{dns: "cart.internal:9000"}', '{dns: "cart:9000", tenant: b}')
    assert problems(text) == ["13:11: service 'cart' is of tenant 'b', this of tenant 'gold'"]


def test_two_listeners_of_one_node_have_two_ports() -> None:
    other = "  web2: {port: 8080, routes: shop, filters: [auth]}\nroutes:"
    text = GOOD.replace("routes:\n  shop", f"{other}\n  shop")
    assert problems(text) == ["9:16: port 8080 of 127.0.0.1 is also that of 'web'"]


RAW = """\
raw:
  - resource:
      "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
      name: other
      connect_timeout: 1s
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("1s", "soon", "24:24: Duration must end with letter"),
        (
            "connect_timeout",
            "conect_timeout",
            '24:7: Message type "envoy.config.cluster.v3.Cluster"',
        ),
        ("name: other", "name: shop", "22:7: there is another CDS 'shop'"),
        ("      name: other\n", "", "22:7: a Cluster needs a `name`"),
        ("v3.Cluster", "v3.Custer", "22:16: expected the `@type` of a resource: Cluster,"),
        (
            "1s",
            "1s\n      transport_socket: {name: a, typed_config: {'@type': x/y}}",
            "25:59: Envoy",
        ),
    ],
)
def test_raw_resources_are_checked_against_envoys_descriptors(
    old: str, new: str, problem: str
) -> None:
    assert read(GOOD + RAW).raw
    found = problems(GOOD + RAW.replace(old, new, 1))
    assert any(one.startswith(problem) for one in found), found
