"""The server over real gRPC, with a client made of raw messages."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import grpc
import grpc.aio
import pytest
import pytest_asyncio

from mixer2.xds.cache import SnapshotCache
from mixer2.xds.errors import CannotListen
from mixer2.xds.resource import EXTENSION, LISTENER
from mixer2.xds.server import XdsServer
from mixer2.xds.snapshot import Snapshot
from tests.xds.ads import Ads
from tests.xds.client import listener, plugin

SNAPSHOT = Snapshot([listener("l"), plugin("p")])


@pytest_asyncio.fixture
async def server() -> AsyncIterator[XdsServer]:
    async with XdsServer() as server:
        server.cache.set(SNAPSHOT)
        yield server


@pytest_asyncio.fixture
async def channel(server: XdsServer) -> AsyncIterator[Any]:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield channel


@pytest.fixture
def ads(channel: Any) -> Ads:
    return Ads(channel)


NODE = {"id": "n", "cluster": "c", "metadata": {"a": [1, None, {"b": "x"}]}}


async def test_a_stream_from_request_to_ack(server: XdsServer, ads: Ads) -> None:
    await ads.send(node=NODE, type_url=LISTENER)
    response = await ads.response()
    assert response.type_url == LISTENER
    assert [(one.type_url, one.value) for one in response.resources] == [(LISTENER, b"1")]
    await ads.send(
        type_url=LISTENER, version_info=response.version_info, response_nonce=response.nonce
    )
    async with asyncio.timeout(5):
        await server.nodes.wait_settled(SNAPSHOT.version, "n")
    node = server.nodes.get("n")
    assert node is not None
    assert node.of_type(LISTENER).acked_version == response.version_info
    assert node.node.metadata == {"a": [1, None, {"b": "x"}]}


async def test_a_nack_over_the_wire(server: XdsServer, ads: Ads) -> None:
    await ads.send(node=NODE, type_url=EXTENSION, resource_names=["p"])
    response = await ads.response()
    await ads.send(
        type_url=EXTENSION,
        resource_names=["p"],
        response_nonce=response.nonce,
        error_detail={"code": 3, "message": "no, thanks"},
    )
    async with asyncio.timeout(5):
        await server.nodes.wait_until(lambda nodes: any(one.rejections for one in nodes))
    node = server.nodes.get("n")
    assert node is not None
    assert [one.reason for one in node.rejections] == ["no, thanks"]
    await ads.silence()


async def test_of_nodes_that_part_the_one_that_changes_is_told(
    server: XdsServer, channel: Any
) -> None:
    before, after = Snapshot([]), Snapshot([listener("l", "2")])
    server.cache.assign(lambda _node: before)
    one, two = Ads(channel), Ads(channel)
    for ads, name in ((one, "one"), (two, "two")):
        await ads.send(node={"id": name}, type_url=LISTENER)
        empty = await ads.response()
        await ads.send(
            type_url=LISTENER, version_info=empty.version_info, response_nonce=empty.nonce
        )
    async with asyncio.timeout(5):
        await server.nodes.wait_settled(before.version, "two")
    server.cache.assign(lambda node: after if node.id == "one" else None)

    response = await one.response()
    assert [resource.value for resource in response.resources] == [b"2"]
    await two.silence()


async def test_a_new_snapshot_goes_to_all_who_want_it(server: XdsServer, channel: Any) -> None:
    one, two = Ads(channel), Ads(channel)
    for ads, name in ((one, "one"), (two, "two")):
        await ads.send(node={"id": name}, type_url=EXTENSION, resource_names=["p"])
        response = await ads.response()
        await ads.send(type_url=EXTENSION, resource_names=["p"], response_nonce=response.nonce)
    async with asyncio.timeout(5):
        await server.nodes.wait_settled(SNAPSHOT.version, "one", "two")
    server.cache.set(Snapshot([listener("l", "2"), plugin("p", "2")]))
    for ads in (one, two):
        response = await ads.response()
        assert [resource.value for resource in response.resources] == [b"2"]


async def test_a_node_that_goes_is_remembered_as_gone(server: XdsServer, ads: Ads) -> None:
    await ads.send(node=NODE, type_url=LISTENER)
    await ads.response()
    assert [(one.node.id, one.connected) for one in server.nodes] == [("n", True)]
    await ads.close()
    assert await ads.status() == (grpc.StatusCode.OK, "")
    assert [(one.node.id, one.connected) for one in server.nodes] == [("n", False)]


async def test_a_client_that_breaks_off_is_gone_too(server: XdsServer) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        ads = Ads(channel)
        await ads.send(node=NODE, type_url=LISTENER)
        await ads.response()
    async with asyncio.timeout(5):
        await server.nodes.wait_until(lambda nodes: not any(one.connected for one in nodes))


async def test_a_first_request_without_a_node_is_refused(ads: Ads) -> None:
    await ads.send(type_url=LISTENER)
    code, details = await ads.status()
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert "node.id" in details


@pytest.mark.parametrize("first", [True, False])
async def test_what_is_no_request_is_refused(server: XdsServer, ads: Ads, first: bool) -> None:
    if not first:
        await ads.send(node=NODE, type_url=LISTENER)
        await ads.response()
    await ads.send_bytes(b"\xff\xff\xff")
    code, details = await ads.status()
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert "not a DiscoveryRequest" in details
    assert not any(one.connected for one in server.nodes)


async def test_a_stream_without_a_type_is_refused(ads: Ads) -> None:
    await ads.send(node=NODE)
    assert await ads.status() == (grpc.StatusCode.INVALID_ARGUMENT, "a request names no type_url")


async def test_a_stream_that_says_nothing_ends_well(server: XdsServer, ads: Ads) -> None:
    await ads.close()
    assert await ads.status() == (grpc.StatusCode.OK, "")
    assert len(server.nodes) == 0


async def test_one_broken_client_does_not_disturb_another(channel: Any) -> None:
    good, bad = Ads(channel), Ads(channel)
    await good.send(node={"id": "good"}, type_url=LISTENER)
    await good.response()
    await bad.send_bytes(b"\xff")
    assert (await bad.status())[0] is grpc.StatusCode.INVALID_ARGUMENT
    await good.send(type_url=EXTENSION, resource_names=["p"])
    assert (await good.response()).type_url == EXTENSION


async def test_large_resources_pass(server: XdsServer) -> None:
    value = bytes(20_000_000)
    server.cache.set(Snapshot([plugin("p", value.decode())]))
    options = [("grpc.max_receive_message_length", -1)]
    address = f"127.0.0.1:{server.port}"
    async with grpc.aio.insecure_channel(address, options=options) as channel:
        ads = Ads(channel)
        await ads.send(node=NODE, type_url=EXTENSION, resource_names=["p"])
        assert (await ads.response()).resources[0].value == value


async def test_stopping_ends_the_streams(channel: Any, server: XdsServer) -> None:
    ads = Ads(channel)
    await ads.send(node=NODE, type_url=LISTENER)
    await ads.response()
    await server.stop()
    assert (await ads.status())[0] in (grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE)
    assert not any(one.connected for one in server.nodes)


async def test_groups_of_nodes_get_their_own() -> None:
    cache = SnapshotCache(lambda node: node.cluster)
    cache.set(Snapshot([plugin("p", "edge")]), "edge")
    cache.set(Snapshot([plugin("p", "core")]), "core")
    async with (
        XdsServer(cache) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        for cluster in ("edge", "core"):
            ads = Ads(channel)
            await ads.send(
                node={"id": cluster, "cluster": cluster}, type_url=EXTENSION, resource_names=["p"]
            )
            response = await ads.response()
            assert response.resources[0].value == cluster.encode()


async def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen) as caught:
            await XdsServer(port=port).start()
    assert str(caught.value) == f"cannot listen on 127.0.0.1:{port}: Address already in use"


async def test_plain_text_beyond_loopback_needs_permission() -> None:
    with pytest.raises(CannotListen, match=r"0\.0\.0\.0 is reachable from outside"):
        await XdsServer(host="0.0.0.0").start()
    server = XdsServer(host="0.0.0.0", plaintext=True)
    async with server:
        assert server.port > 0
