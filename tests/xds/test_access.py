"""Who may be which node, and see what: over TLS, with real certificates."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer2.xds.access import Binding, CertificateAccess, Peer, Tenant
from mixer2.xds.cache import SnapshotCache
from mixer2.xds.errors import Forbidden, InvalidBinding, InvalidCertificate
from mixer2.xds.messages import Node
from mixer2.xds.resource import CLUSTER, ENDPOINTS, Resource
from mixer2.xds.server import XdsServer
from mixer2.xds.snapshot import Snapshot
from mixer2.xds.tls import TlsFiles
from tests.xds.ads import Ads
from tests.xds.certificates import Authority, Identity
from tests.xds.client import cluster, endpoints

AUTHORITY = Authority()
SERVER = AUTHORITY.sign("localhost")
EDGE = AUTHORITY.sign("spiffe://mesh.example/shop/edge-1")
SPIFFE = CertificateAccess(bindings=[Binding("spiffe://mesh.example/{tenant}/{node}")])
SNAPSHOT = Snapshot(
    [cluster("shop-web"), endpoints("shop-web"), cluster("bank"), endpoints("bank")]
)


@pytest.fixture
def files(tmp_path: Path) -> TlsFiles:
    certificate, key = SERVER.write(tmp_path, "server")
    ca = tmp_path / "ca.crt"
    ca.write_bytes(AUTHORITY.certificate)
    return TlsFiles(certificate=certificate, key=key, client_ca=ca)


@asynccontextmanager
async def serving(
    files: TlsFiles, access: CertificateAccess, cache: SnapshotCache | None = None
) -> AsyncIterator[XdsServer]:
    credentials = files.credentials()
    async with XdsServer(cache, host="127.0.0.1", credentials=credentials, access=access) as server:
        if cache is None:
            server.cache.set(SNAPSHOT)
        yield server


@asynccontextmanager
async def connected(
    server: XdsServer, identity: Identity | None, trust: bytes = AUTHORITY.certificate
) -> AsyncIterator[Ads]:
    credentials = grpc.ssl_channel_credentials(
        trust, identity.key if identity else None, identity.certificate if identity else None
    )
    options = [
        ("grpc.ssl_target_name_override", "localhost"),
        ("grpc.use_local_subchannel_pool", 1),
    ]
    address = f"127.0.0.1:{server.port}"
    async with grpc.aio.secure_channel(address, credentials, options=options) as channel:
        yield Ads(channel)


async def asks(ads: Ads) -> None:
    """Asks for clusters as edge-1, and gets some."""
    await ads.send(node={"id": "edge-1"}, type_url=CLUSTER)
    await ads.response()


def names(response: Any) -> set[str]:
    return {one.value.decode() for one in response.resources}


async def test_a_node_with_its_own_certificate_is_served(files: TlsFiles) -> None:
    async with serving(files, SPIFFE) as server, connected(server, EDGE) as ads:
        await ads.send(node={"id": "edge-1"}, type_url=CLUSTER)
        assert len((await ads.response()).resources) == 2
        node = server.nodes.get("edge-1")
        assert node is not None
        assert node.node.tenant == "shop"


async def test_a_stolen_node_id_is_refused_and_harms_nobody(files: TlsFiles) -> None:
    async with (
        serving(files, SPIFFE) as server,
        connected(server, EDGE) as good,
        connected(server, AUTHORITY.sign("spiffe://mesh.example/shop/edge-2")) as thief,
    ):
        await good.send(node={"id": "edge-1"}, type_url=CLUSTER)
        response = await good.response()
        await thief.send(node={"id": "edge-1"}, type_url=CLUSTER)
        code, details = await thief.status()
        assert code is grpc.StatusCode.PERMISSION_DENIED
        assert "spiffe://mesh.example/shop/edge-2 does not stand for node 'edge-1'" in details
        node = server.nodes.get("edge-1")
        assert node is not None
        assert node.streams == 1
        await good.send(type_url=CLUSTER, response_nonce=response.nonce)
        await good.silence()


async def test_without_a_certificate_or_with_another_authoritys_nobody_gets_in(
    files: TlsFiles,
) -> None:
    stranger = Authority().sign("spiffe://mesh.example/shop/edge-1")
    async with serving(files, SPIFFE) as server:
        for identity in (None, stranger):
            async with connected(server, identity) as ads:
                with pytest.raises(grpc.aio.AioRpcError) as caught:
                    await asks(ads)
                assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        assert len(server.nodes) == 0


async def test_plain_text_is_not_understood_on_a_port_with_tls(files: TlsFiles) -> None:
    async with (
        serving(files, SPIFFE) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        ads = Ads(channel)
        with pytest.raises(grpc.aio.AioRpcError):
            await asks(ads)


SHOP_AND_BANK = CertificateAccess(
    bindings=SPIFFE.bindings, tenants={"shop": Tenant(["shop-*"]), "bank": Tenant(["bank"])}
)


async def test_everything_is_everything_of_the_tenant(files: TlsFiles) -> None:
    async with serving(files, SHOP_AND_BANK) as server, connected(server, EDGE) as ads:
        await ads.send(node={"id": "edge-1"}, type_url=CLUSTER)
        response = await ads.response()
        assert len(response.resources) == 1
        await ads.send(type_url=CLUSTER, response_nonce=response.nonce)
        # What comes later to others is not seen either.
        later = [*SNAPSHOT, cluster("bank-2"), endpoints("bank-2")]
        server.cache.set(Snapshot(later))
        await ads.silence()


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("name", ["bank", "nobody"])
async def test_a_name_of_another_tenant_is_refused_whether_or_not_it_exists(
    files: TlsFiles, first: bool, name: str
) -> None:
    async with serving(files, SHOP_AND_BANK) as server, connected(server, EDGE) as ads:
        if not first:
            await ads.send(node={"id": "edge-1"}, type_url=ENDPOINTS, resource_names=["shop-web"])
            response = await ads.response()
            nonce = {"response_nonce": response.nonce}
            await ads.send(type_url=ENDPOINTS, resource_names=["shop-web", name], **nonce)
        else:
            await ads.send(node={"id": "edge-1"}, type_url=ENDPOINTS, resource_names=[name])
        assert await ads.status() == (
            grpc.StatusCode.PERMISSION_DENIED,
            f"node 'edge-1' may not see EDS '{name}'",
        )
        node = server.nodes.get("edge-1")
        assert node is not None
        assert not node.connected


async def test_so_it_is_in_the_incremental_variant(files: TlsFiles) -> None:
    async with serving(files, SHOP_AND_BANK) as server, connected(server, EDGE) as ads:
        ads.delta()
        await ads.send(node={"id": "edge-1"}, type_url=CLUSTER)
        response = await ads.response()
        assert [one.name for one in response.resources] == ["shop-web"]
        await ads.send(type_url=ENDPOINTS, resource_names_subscribe=["bank"])
        assert (await ads.status())[0] is grpc.StatusCode.PERMISSION_DENIED


async def test_a_tenant_that_there_is_not_is_refused(files: TlsFiles) -> None:
    identity = AUTHORITY.sign("spiffe://mesh.example/gone/edge-1")
    async with serving(files, SHOP_AND_BANK) as server, connected(server, identity) as ads:
        await ads.send(node={"id": "edge-1"}, type_url=CLUSTER)
        code, details = await ads.status()
        assert code is grpc.StatusCode.PERMISSION_DENIED
        assert "tenant 'gone', which there is not" in details


async def test_tenants_can_be_groups(files: TlsFiles) -> None:
    cache = SnapshotCache(lambda node: node.tenant)
    cache.set(Snapshot([Resource.of(CLUSTER, "of-shop", b"of-shop")]), group="shop")
    cache.set(Snapshot([Resource.of(CLUSTER, "of-bank", b"of-bank")]), group="bank")
    async with serving(files, SPIFFE, cache) as server, connected(server, EDGE) as ads:
        await ads.send(node={"id": "edge-1", "cluster": "bank"}, type_url=CLUSTER)
        assert names(await ads.response()) == {"of-shop"}


async def test_a_new_certificate_is_used_without_a_restart(files: TlsFiles) -> None:
    other = Authority()
    identity = other.sign("localhost")
    async with serving(files, SPIFFE) as server, connected(server, EDGE) as before:
        await asks(before)
        files.certificate.write_bytes(b"half a file")
        os.utime(files.certificate, ns=(1, 1))
        async with connected(server, EDGE) as ads:
            await asks(ads)  # the old one is still in use
        files.key.write_bytes(identity.key)
        files.certificate.write_bytes(identity.certificate)
        os.utime(files.certificate, ns=(2, 2))
        async with connected(server, EDGE, trust=other.certificate) as ads:
            await asks(ads)
        # Streams go on.
        await before.send(type_url=ENDPOINTS, resource_names=["bank"])
        assert len((await before.response()).resources) == 1


def test_files_that_are_no_certificates_are_said(files: TlsFiles, tmp_path: Path) -> None:
    missing = TlsFiles(certificate=tmp_path / "no", key=files.key, client_ca=files.client_ca)
    with pytest.raises(InvalidCertificate, match="no: No such file"):
        missing.credentials()
    swapped = TlsFiles(certificate=files.key, key=files.key, client_ca=files.client_ca)
    with pytest.raises(InvalidCertificate, match=r"server\.key: expected PEM with a CERTIFICATE"):
        swapped.credentials()


# Bindings


@pytest.mark.parametrize(
    ("template", "name", "found"),
    [
        ("spiffe://m/{node}", "spiffe://m/edge.1", {"node": "edge.1"}),
        ("spiffe://m/{node}", "spiffe://m/a/b", None),
        ("spiffe://m/{node}", "spiffe://M/a", None),
        ("spiffe://m/ns/{tenant}/{node}", "spiffe://m/ns/t/n", {"tenant": "t", "node": "n"}),
        ("{node}.edge.example", "n.edge.example", {"node": "n"}),
        ("{node}.edge.example", "N.Edge.Example", {"node": "N"}),
        ("{node}.edge.example", "a.b.edge.example", None),
        ("{node}.edge.example", "n.edgeXexample", None),
        ("{node}.{cluster}.example", "n.c.example", {"node": "n", "cluster": "c"}),
        ("{node}", "n.edge.example", {"node": "n.edge.example"}),
        ("{node}", "spiffe://m/n", None),
        ("{node}.edge.example", "*.edge.example", None),
    ],
)
def test_a_binding_fits_whole_names(template: str, name: str, found: dict[str, str] | None) -> None:
    assert Binding(template).match(name) == found


@pytest.mark.parametrize(
    "template", ["", "edge", "{cluster}", "{node}{node}", "{node}/{what}", "{node}{}"]
)
def test_a_binding_that_binds_nobody_is_refused(template: str) -> None:
    with pytest.raises(InvalidBinding, match=r"expected \{node\}"):
        Binding(template)


def test_the_cluster_must_be_the_certificates_too() -> None:
    access = CertificateAccess(bindings=[Binding("{node}.{cluster}.example")])
    peer = Peer("test", ("n.edge.example",))
    assert access.admit(peer, Node("n", cluster="edge")).id == "n"
    with pytest.raises(Forbidden):
        access.admit(peer, Node("n", cluster="core"))


def test_any_name_and_any_binding_will_do() -> None:
    access = CertificateAccess(bindings=[Binding("{node}"), Binding("spiffe://m/{node}")])
    peer = Peer("test", ("alias.example", "spiffe://m/n"))
    assert access.admit(peer, Node("n")).id == "n"
    assert access.admit(peer, Node("alias.example")).id == "alias.example"
    with pytest.raises(
        Forbidden, match=r"alias\.example, spiffe://m/n does not stand for node 'o'"
    ):
        access.admit(peer, Node("o"))
    with pytest.raises(Forbidden, match="no name"):
        access.admit(Peer("test"), Node("n"))


@settings(deadline=None)
@given(st.text(), st.text())
def test_only_the_own_node_id_is_admitted(certified: str, claimed: str) -> None:
    access = CertificateAccess(bindings=[Binding("spiffe://m/{node}")])
    peer = Peer("test", (f"spiffe://m/{certified}",))
    try:
        access.admit(peer, Node(claimed))
    except Forbidden:
        return
    assert claimed == certified
