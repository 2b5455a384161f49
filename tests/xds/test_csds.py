"""The client status discovery service, over gRPC."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import grpc.aio
import pytest
import pytest_asyncio
from envoy.type.matcher.v3 import node_pb2

from mixer2.xds import csds, protos
from mixer2.xds.access import Binding, CertificateAccess
from mixer2.xds.resource import CLUSTER, ENDPOINTS, Resource
from mixer2.xds.server import XdsServer
from mixer2.xds.snapshot import Snapshot
from tests.xds.ads import Ads
from tests.xds.client import endpoints

A = Resource.of(CLUSTER, "a", b"1")
FETCH = f"/{csds.SERVICE}/FetchClientStatus"
STREAM = f"/{csds.SERVICE}/StreamClientStatus"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[XdsServer]:
    async with XdsServer() as server:
        server.cache.set(Snapshot([A, endpoints("a"), endpoints("b")]))
        yield server


@pytest_asyncio.fixture
async def channel(server: XdsServer) -> AsyncIterator[Any]:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield channel


async def fetched(channel: Any, **fields: Any) -> Any:
    request = protos.ClientStatusRequest(**fields).SerializeToString()
    return protos.ClientStatusResponse.FromString(await channel.unary_unary(FETCH)(request))


def matching(**fields: Any) -> dict[str, Any]:
    return {"node_matchers": [node_pb2.NodeMatcher(**fields)]}


def ids(response: Any) -> list[str]:
    return [one.node.id for one in response.config]


async def connected(channel: Any, server: XdsServer, **node: Any) -> Ads:
    """A node that has the cluster."""
    ads = Ads(channel)
    await ads.send(node=node, type_url=CLUSTER)
    response = await ads.response()
    await ads.send(
        type_url=CLUSTER, response_nonce=response.nonce, version_info=response.version_info
    )
    await server.nodes.wait_settled(server.cache.get().version, node["id"])  # type: ignore[union-attr]
    return ads


async def test_it_says_what_a_node_has_lacks_waits_for_and_refuses(
    channel: Any, server: XdsServer
) -> None:
    ads = await connected(channel, server, id="n", cluster="edge", metadata={"team": "a"})
    await ads.send(type_url=ENDPOINTS, resource_names=["a", "nobody"])
    response = await ads.response()
    await ads.send(
        type_url=ENDPOINTS,
        resource_names=["a", "b", "nobody"],
        response_nonce=response.nonce,
        error_detail={"message": "no, thanks"},
    )
    await ads.response()
    (config,) = (await fetched(channel)).config
    assert (config.node.id, config.node.cluster) == ("n", "edge")
    assert config.node.metadata["team"] == "a"
    found = {
        (one.type_url.rpartition(".")[2], one.name): (
            protos.ConfigStatus.Name(one.config_status),
            protos.ClientResourceStatus.Name(one.client_status),
            one.version_info,
            one.xds_config.value,
        )
        for one in config.generic_xds_configs
    }
    assert found == {
        ("Cluster", "a"): ("SYNCED", "ACKED", A.version, b"1"),
        ("ClusterLoadAssignment", "a"): ("ERROR", "NACKED", "", b""),
        ("ClusterLoadAssignment", "b"): ("STALE", "REQUESTED", "", b""),
        ("ClusterLoadAssignment", "nobody"): ("NOT_SENT", "DOES_NOT_EXIST", "", b""),
    }
    (error,) = [one.error_state for one in config.generic_xds_configs if one.error_state.details]
    assert (error.details, error.version_info) == ("no, thanks", endpoints("a").version)
    assert error.last_update_attempt.seconds > 0


async def test_contents_can_be_left_out(channel: Any, server: XdsServer) -> None:
    await connected(channel, server, id="n")
    (config,) = (await fetched(channel, exclude_resource_contents=True)).config
    (one,) = config.generic_xds_configs
    assert (one.name, one.version_info) == ("a", A.version)
    assert not one.HasField("xds_config")


def metadata(key: str, **value: Any) -> dict[str, Any]:
    """A matcher of a node's metadata."""
    return {"node_metadatas": [{"path": [{"key": one} for one in key.split(".")], "value": value}]}


TEAM_A = metadata("team", string_match={"exact": "a"})


@pytest.mark.parametrize(
    ("matcher", "found"),
    [
        ({"node_id": {"exact": "edge-1"}}, ["edge-1"]),
        ({"node_id": {"prefix": "EDGE", "ignore_case": True}}, ["edge-1", "edge-2"]),
        ({"node_id": {"suffix": "-1"}}, ["edge-1", "core-1"]),
        ({"node_id": {"contains": "or"}}, ["core-1"]),
        (TEAM_A, ["edge-1"]),
        ({**TEAM_A, "node_id": {"exact": "edge-2"}}, []),
        (metadata("team.x", null_match={}), ["edge-1", "edge-2", "core-1"]),
        (metadata("canary", bool_match=True), ["edge-2"]),
        (metadata("canary", present_match=True), ["edge-2"]),
    ],
)
async def test_nodes_are_chosen_by_matchers(
    channel: Any, server: XdsServer, matcher: dict[str, Any], found: list[str]
) -> None:
    await connected(channel, server, id="edge-1", metadata={"team": "a"})
    await connected(channel, server, id="edge-2", metadata={"team": "b", "canary": True})
    await connected(channel, server, id="core-1")
    assert ids(await fetched(channel, **matching(**matcher))) == found


async def test_a_stream_is_answered_as_often_as_it_asks(channel: Any, server: XdsServer) -> None:
    call = channel.stream_stream(STREAM)()
    request = protos.ClientStatusRequest().SerializeToString()
    await call.write(request)
    assert ids(protos.ClientStatusResponse.FromString(await call.read())) == []
    await connected(channel, server, id="n")
    await call.write(request)
    assert ids(protos.ClientStatusResponse.FromString(await call.read())) == ["n"]
    await call.done_writing()
    assert await call.code() is grpc.StatusCode.OK


@pytest.mark.parametrize(
    ("request_", "code", "details"),
    [
        (b"\xff", "INVALID_ARGUMENT", "not a ClientStatusRequest"),
        (
            protos.ClientStatusRequest(
                **matching(node_id={"safe_regex": {"regex": "(a+)+$"}})
            ).SerializeToString(),
            "INVALID_ARGUMENT",
            "not by safe_regex",
        ),
    ],
)
async def test_what_it_does_not_understand_is_refused(
    channel: Any, request_: bytes, code: str, details: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError, match=details) as caught:
        await channel.unary_unary(FETCH)(request_)
    assert caught.value.code().name == code


async def test_too_much_is_refused_with_a_way_out(
    channel: Any, server: XdsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csds, "_MOST_BYTES", 0)
    await connected(channel, server, id="n")
    with pytest.raises(grpc.aio.AioRpcError, match="exclude_resource_contents") as caught:
        await fetched(channel)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert ids(await fetched(channel, exclude_resource_contents=True)) == ["n"]


async def test_nodes_may_not_see_each_other() -> None:
    access = CertificateAccess(bindings=[Binding("{node}")], inspectors=["ops.example"])
    async with (
        XdsServer(access=access) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        with pytest.raises(grpc.aio.AioRpcError, match="who may inspect") as caught:
            await fetched(channel)
        assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
