"""TLS on every side: xDS, listeners, services, the module server."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from mixer2.envoy.bootstrap import XdsTls
from mixer2.envoy.errors import EnvoyFailed
from mixer2.xds.tls import TlsFiles
from tests.control.mesh_stage import envoy, free_port, served, settled, until, write, write_probe
from tests.control.upstreams import Upstream
from tests.xds.certificates import Authority
from tests.xds.probe import probe

pytestmark = pytest.mark.envoy


@dataclass
class Pki:
    """An authority, and files of what it signed."""

    authority: Authority
    folder: Path

    @property
    def ca(self) -> str:
        path = self.folder / "ca.crt"
        path.write_bytes(self.authority.certificate)
        return str(path)

    def pair(self, *names: str) -> tuple[str, str]:
        stem = names[0].rpartition("/")[2]
        certificate, key = self.authority.sign(*names).write(self.folder, stem)
        return str(certificate), str(key)

    def client(self, *names: str) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca)
        if names:
            context.load_cert_chain(*self.pair(*names))
        return context


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    return Pki(Authority(), tmp_path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_probe(tmp_path, "aaaa")
    return tmp_path / "mesh.yaml"


async def test_a_listener_asks_for_certificates_and_a_service_is_shown_ours(
    path: Path, pki: Pki
) -> None:
    seen: list[Any] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        assert request.transport is not None
        seen.append(request.transport.get_extra_info("peercert")["subjectAltName"])
        return web.Response(text="secret")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pki.pair("service.internal"))
    context.load_verify_locations(pki.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()

    certificate, key = pki.pair("localhost")
    ours = pki.pair("spiffe://mesh/gateway")
    port = free_port()
    mesh = {
        "version": 1,
        "listeners": {
            "web": {
                "port": port,
                "routes": "web",
                "tls": {
                    "certificate": certificate,
                    "key": key,
                    "client_ca": pki.ca,
                    "client_names": ["spiffe://mesh/alice"],
                },
            }
        },
        "routes": {"web": [{"match": {"prefix": "/other"}, "to": "other"}, {"to": "web"}]},
        "services": {
            "web": {
                "endpoints": [f"127.0.0.1:{site.port}"],
                "tls": {
                    "ca": pki.ca,
                    "names": "service.internal",
                    "certificate": ours[0],
                    "key": ours[1],
                },
            },
            "other": {
                "endpoints": [f"127.0.0.1:{site.port}"],
                "tls": {"ca": pki.ca, "names": "another.internal"},
            },
        },
    }
    write(path, mesh)
    url = f"https://localhost:{port}/"
    try:
        async with served(path) as running, envoy(running), aiohttp.ClientSession() as session:
            await settled(running)
            async with session.get(url, ssl=pki.client("spiffe://mesh/alice")) as response:
                assert (response.status, await response.text()) == (200, "secret")
            assert seen == [(("URI", "spiffe://mesh/gateway"),)]
            async with session.get(
                f"{url}other", ssl=pki.client("spiffe://mesh/alice")
            ) as response:
                assert response.status == 503
            for stranger in (pki.client("spiffe://mesh/eve"), pki.client()):
                with pytest.raises(aiohttp.ClientError):
                    await session.get(url, ssl=stranger)
    finally:
        await runner.cleanup()


async def test_nodes_are_who_their_certificates_say_and_see_what_is_their_tenants(
    path: Path, pki: Pki, one: Upstream
) -> None:
    ports = {"gold": free_port(), "silver": free_port()}
    mesh = {
        "version": 1,
        "tenants": {"gold": {}, "silver": {}},
        "listeners": {
            name: {"port": port, "routes": name, "tenant": name, "filters": ["probe"]}
            for name, port in ports.items()
        },
        "routes": {name: [{"to": name}] for name in ports},
        "services": {name: {"endpoints": [one.address], "tenant": name} for name in ports},
        "filters": {"probe": {"code": "aaaa.wasm", "configuration": "one"}},
    }
    write(path, mesh)
    server = pki.pair("localhost")
    options = {
        "tls": TlsFiles(certificate=Path(server[0]), key=Path(server[1]), client_ca=Path(pki.ca)),
        "bindings": ("spiffe://mesh/{tenant}/{node}",),
    }
    ours = XdsTls(pki.ca, *pki.pair("spiffe://mesh/gold/edge-1"), server_name="localhost")
    async with served(path, **options) as running:
        async with envoy(running, xds_tls=ours) as node:
            await until(ports["gold"], (200, "one", "aaaa", "one"))
            assert set(await node.admin.listeners()) == {"gold"}
            stats = await node.admin.stats(r"^cluster_manager\.active_clusters$")
            assert stats == {"cluster_manager.active_clusters": 2}  # its service, the xDS server
        # The same certificate does not stand for another node.
        with pytest.raises(EnvoyFailed, match="does not stand for node 'edge-2'"):
            async with envoy(running, "edge-2", xds_tls=ours, ready_timeout=2):
                pass
        assert running.xds.nodes.get("edge-2") is None


async def test_modules_are_fetched_with_certificates(path: Path, pki: Pki, one: Upstream) -> None:
    port = free_port()
    ours = pki.pair("node")
    mesh = {
        "version": 1,
        "modules": {
            "remote_from": 0,
            "tls": {
                "ca": pki.ca,
                "names": "localhost",
                "certificate": ours[0],
                "key": ours[1],
            },
        },
        "listeners": {"web": {"port": port, "routes": "web", "filters": ["probe"]}},
        "routes": {"web": [{"to": "web"}]},
        "services": {"web": {"endpoints": [one.address]}},
        "filters": {"probe": {"code": "aaaa.wasm", "configuration": "one"}},
    }
    write(path, mesh)
    async with served(path, modules_tls=(*pki.pair("localhost"), pki.ca)) as running:
        async with envoy(running):
            await until(port, (200, "one", "aaaa", "one"))
        assert running.modules.fetches[probe("aaaa").digest] == 1
        async with aiohttp.ClientSession() as session:
            url = f"https://localhost:{running.modules.port}/modules/{probe('aaaa').digest}.wasm"
            with pytest.raises(aiohttp.ClientError):
                await session.get(url, ssl=pki.client())
