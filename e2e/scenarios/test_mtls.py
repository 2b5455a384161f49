"""mTLS everywhere: who has no certificate, or not the right one, gets nowhere."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from e2e.world import plan as parts
from e2e.world.identities import Identities
from e2e.world.plan import HOST
from e2e.world.world import World, eventually
from tests.xds.certificates import Authority

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLIENT = "client"
ANSWER_WITHIN_S = 10.0
MESH = """
version: 1
nodes:
  edge: {{id: edge}}
  inner: {{id: inner}}
modules:
  remote_from: 0
  tls: {{ca: {ca}, names: server.world, certificate: {folder}/node.crt, key: {folder}/node.key}}
listeners:
  outside:
    port: {edge_tls}
    routes: outside
    filters: [telemetry]
    nodes: edge
    tls:
      certificate: {folder}/edge.crt
      key: {folder}/edge.key
      client_ca: {ca}
      client_names: ["spiffe://world/client"]
  inside:
    port: {inner_tls}
    routes: inside
    filters: [telemetry]
    nodes: inner
    tls:
      certificate: {folder}/inner.crt
      key: {folder}/inner.key
      client_ca: {ca}
      client_names: ["spiffe://world/edge"]
routes:
  outside: [{{to: inner}}]
  inside: [{{to: orders}}]
services:
  inner:
    endpoints: ["127.0.0.1:{inner_tls}"]
    tls: {{ca: {ca}, names: inner.world, certificate: {folder}/edge.crt, key: {folder}/edge.key}}
  orders:
    endpoints: ["127.0.0.1:{upstream_tls}"]
    tls:
      ca: {ca}
      names: upstream.world
      certificate: {folder}/inner.crt
      key: {folder}/inner.key
filters:
  telemetry: {{code: {module}, configuration: {{response_header: x-fetched}}}}
"""
HTTP_1 = b"GET /orders/200 HTTP/1.1\r\nhost: any\r\nconnection: close\r\n\r\n"
HTTP_2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"
# Port, what a client says there, whose certificate is the right one, and whose are not.
DOORS = [
    ("edge_tls", HTTP_1, CLIENT, [parts.INNER]),
    ("inner_tls", HTTP_1, parts.EDGE, [CLIENT]),
    ("upstream_tls", HTTP_1, parts.INNER, []),
    ("modules", HTTP_1, parts.ANY_NODE, []),
    ("quota", HTTP_2, parts.ANY_NODE, []),
    ("xds", HTTP_2, parts.EDGE, []),
]


async def test_everything_asks_for_certificates(world: World, tmp_path: Path) -> None:
    identities = world.plan.identities
    identities.issue(CLIENT)
    await world.start(parts.REDIS, parts.QUOTA)
    module = world.build("filters/http_telemetry.py")
    places = {"ca": identities.ca, "folder": identities.folder}
    world.plan.write_mesh(MESH.format(module=module.name, **places, **world.plan.ports))
    for node in (parts.EDGE, parts.INNER):
        await world.in_force(node, "x-fetched")
        await world.listening(f"{node}_tls")

    async with aiohttp.ClientSession() as session:
        url = f"https://{HOST}:{world.plan.ports['edge_tls']}/orders/200"
        context = identities.client(CLIENT)
        name = identities.dns_name(parts.EDGE)

        async def passes() -> dict[str, Any] | None:
            # A node that starts answers 500 until it has fetched the module.
            async with session.get(url, ssl=context, server_hostname=name) as response:
                if response.status != 200:
                    return None
                assert "x-fetched" in response.headers
                found: dict[str, Any] = await response.json()
                return found

        arrived = await eventually(passes, "a request passes both Envoys")
    assert identities.uri(parts.INNER) in arrived["peer"]

    forged = forged_identity(identities, tmp_path)
    for port, said, right, wrong in DOORS:
        number = world.plan.ports[port]
        contexts = [identities.client(one) for one in (None, *wrong)]
        assert await answer(number, said, identities.client(right)) != b""
        assert [await answer(number, said, one) for one in [*contexts, forged]] == [
            b"" for _ in [*contexts, forged]
        ]


def forged_identity(identities: Identities, folder: Path) -> ssl.SSLContext:
    """TLS with a certificate for all the names, of another authority."""
    parts_of_all = (CLIENT, parts.ANY_NODE, parts.EDGE, parts.INNER)
    forged = Authority().sign(*(identities.uri(one) for one in parts_of_all))
    context = identities.client(None)
    context.load_cert_chain(*forged.write(folder, "forged"))
    return context


async def answer(port: int, said: bytes, context: ssl.SSLContext) -> bytes:
    """What comes first from a server; nothing when it hangs up."""
    context.check_hostname = False
    context.set_alpn_protocols(["h2"] if said == HTTP_2 else ["http/1.1"])
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            reader, writer = await asyncio.open_connection(HOST, port, ssl=context)
            writer.write(said)
            found = await reader.read(1_024)
            writer.close()
    except (ssl.SSLError, ConnectionError):
        return b""
    return found
