"""One port for every protocol, from one `sniff:` block of the mesh file."""

import asyncio
import http.client
import socket
import ssl
import struct

import pytest

from e2e.services.backends import MYSQL, MYSQL_GREETING, ask, backends
from e2e.world import plan as parts
from e2e.world.plan import HOST
from e2e.world.world import World, eventually
from tests.adapters.ingestion.sniff.samples import http2_request, postgresql_startup

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWER_WITHIN_S = 10.0
MESH = """
version: 1
nodes:
  edge: {{id: edge}}
listeners:
  front:
    port: {edge_sniff}
    protocol: tcp
    to: fallback
    nodes: edge
    sniff:
      to: {{redis: cache, kafka: broker, postgresql: database, tls: secure, server_first: mysql}}
      http: {{routes: shop, filters: [telemetry]}}
      release_after: 100ms
routes:
  shop:
  - to: orders
services:
  orders: {{endpoints: ["127.0.0.1:{upstream}"]}}
  cache: {{endpoints: ["127.0.0.1:{redis}"], protocol: tcp}}
  broker: {{endpoints: ["127.0.0.1:{kafka}"], protocol: tcp}}
  database: {{endpoints: ["127.0.0.1:{database}"], protocol: tcp}}
  secure: {{endpoints: ["127.0.0.1:{secure}"], protocol: tcp}}
  mysql: {{endpoints: ["127.0.0.1:{mysql}"], protocol: tcp}}
  fallback: {{endpoints: ["127.0.0.1:{fallback}"], protocol: tcp}}
filters:
  telemetry: {{code: {module}}}
"""


def tls_greeting(port: int) -> bytes:
    """What a TLS client that names a server makes its backend answer."""
    context = ssl.create_default_context()
    with socket.create_connection((HOST, port), ANSWER_WITHIN_S) as plain:
        try:
            context.wrap_socket(plain, server_hostname="orders.example.com")
        except ssl.SSLError as error:
            return str(error).encode()
    return b""


async def test_sniff_every_protocol_reaches_its_backend(world: World) -> None:
    module = world.build("filters/http_telemetry.py")
    for part in (parts.REDIS, parts.KAFKA):
        if not world.runs(part):
            await world.start(part)
    async with backends(["database", "secure", MYSQL, "fallback"]) as ports:
        world.plan.write_mesh(MESH.format(module=module.name, **world.plan.ports, **ports))
        front = world.plan.ports["edge_sniff"]
        await eventually(lambda: _serves(front), "the port takes connections", 60.0)

        assert await ask(front, [b"*1\r\n$4\r\nPING\r\n"], 7) == b"+PONG\r\n"

        response = await asyncio.to_thread(get, front)
        assert response.headers["x-origin"] == "upstream"
        assert response.headers["x-mixer2"] is not None

        request = http2_request("text/plain", huffman=True, is_whole=True)
        # The upstream tells which headers it got: those that the inner listener's router adds too.
        assert b"x-envoy-expected-rq-timeout" in await ask(front, [request], 400)

        startup = postgresql_startup()
        assert await ask(front, [startup], len(startup)) == b"database|" + startup
        # A TLS client is not answered in TLS by this backend, so OpenSSL says what it got.
        assert b"WRONG_VERSION_NUMBER" in await asyncio.to_thread(tls_greeting, front)
        assert await ask(front, [], len(MYSQL_GREETING)) == MYSQL_GREETING
        assert await ask(front, [b"\xff\xfe\xfd\xfc?"], 14) == b"fallback|\xff\xfe\xfd\xfc?"

        # The broker's first answer already names the other port, so ask for no more than versions.
        request = struct.pack(">ihhih", 18 + 8, 18, 0, 7, 16) + b"a-client-of-ours"
        versions = await ask(front, [request], 8)
        assert struct.unpack(">i", versions[4:8]) == (7,)

        stats = await world.stats(parts.EDGE, "wasmcustom.mixer2_sniff_decisions_total")
        told = {name.partition("protocol=")[2].rstrip("}"): n for name, n in stats.items()}
        expected = {
            "kafka",
            "http2",
            "redis",
            "http1",
            "postgresql",
            "tls",
            "server_first",
            "unknown",
        }
        assert {name for name, count in told.items() if count > 0} >= expected


def get(port: int) -> http.client.HTTPResponse:
    """Ask by HTTP."""
    connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_WITHIN_S)
    connection.request("GET", "/orders/200")
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


async def _serves(port: int) -> bool:
    """Whether the port takes connections. Once it does, HTTP is answered, as soon as it can be."""
    try:
        return (await asyncio.to_thread(get, port)).status == 200
    except ConnectionRefusedError:
        return False
