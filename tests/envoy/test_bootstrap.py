import json

from mixer2.envoy.bootstrap import (
    XDS_CLUSTER,
    Bootstrap,
    Locality,
    Node,
    TcpAddress,
    UnixAddress,
)


def test_a_node_says_all_it_is() -> None:
    node = Node("edge-1", cluster="edge", metadata={"team": "a"}, locality=Locality("eu", "eu-1"))
    assert Bootstrap(node=node).to_dict()["node"] == {
        "id": "edge-1",
        "cluster": "edge",
        "metadata": {"team": "a"},
        "locality": {"region": "eu", "zone": "eu-1", "sub_zone": ""},
    }


def test_without_xds_nothing_is_dynamic() -> None:
    config = Bootstrap(node=Node("n")).to_dict()
    assert "dynamic_resources" not in config
    assert config["static_resources"] == {}


def test_the_xds_cluster_joins_the_static_ones() -> None:
    ours = {"clusters": [{"name": "mine"}]}
    config = Bootstrap(
        node=Node("n"), xds=TcpAddress("xds.local", 18000), static_resources=ours
    ).to_dict()
    assert [one["name"] for one in config["static_resources"]["clusters"]] == ["mine", XDS_CLUSTER]
    assert ours == {"clusters": [{"name": "mine"}]}
    assert config["dynamic_resources"]["lds_config"]["ads"] == {}


def test_addresses_may_be_unix_sockets() -> None:
    config = Bootstrap(
        node=Node("n"), xds=UnixAddress("/run/xds"), admin=UnixAddress("/run/admin")
    ).to_dict()
    cluster = config["static_resources"]["clusters"][0]
    assert cluster["type"] == "STATIC"
    assert config["admin"] == {"address": {"pipe": {"path": "/run/admin"}}}


def test_extra_fields_replace_ours() -> None:
    bootstrap = Bootstrap(node=Node("n"), extra={"stats_config": {}, "flags_path": "/flags"})
    config = json.loads(bootstrap.to_json())
    assert config["stats_config"] == {}
    assert config["flags_path"] == "/flags"


def test_an_ipv6_address_reads_as_in_a_url() -> None:
    assert str(TcpAddress("::1", 80)) == "[::1]:80"
