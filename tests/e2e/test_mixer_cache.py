"""What a real Envoy of two workers asks a remote check."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mixer2.xds.modules import WasmModule
from tests.e2e.mixing import mixing

pytestmark = pytest.mark.envoy


class Authoriser:
    """Says yes over HTTP, a little late, and counts."""

    def __init__(self) -> None:
        self.port = 0
        self.asked = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                self.asked += 1
                await asyncio.sleep(0.02)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@asynccontextmanager
async def authorising() -> AsyncIterator[Authoriser]:
    authoriser = Authoriser()
    server = await asyncio.start_server(authoriser.serve, "127.0.0.1", 0)
    authoriser.port = server.sockets[0].getsockname()[1]
    try:
        yield authoriser
    finally:
        server.close()


@pytest.mark.parametrize(("valid", "calls"), [("1h", 1), ("0s", 1000)])
async def test_a_thousand_requests_of_one_key(mixer: WasmModule, valid: str, calls: int) -> None:
    handler = {
        "remote_authz": {"cluster": "auth", "protocol": "http", "valid": valid},
        "timeout": "10s",
    }
    configuration = {"handlers": {"auth": handler}, "rules": [{"check": "auth"}]}
    async with (
        authorising() as authoriser,
        mixing(mixer, configuration, http={"auth": authoriser.port}) as proxy,
    ):
        found = await proxy.statuses(1000, connections=16)
        stats = await proxy.stats("handler=auth")

    assert found == {200: 1000}
    assert authoriser.asked == calls
    assert stats["mixer2_check_calls_total{handler=auth}"] == calls
    assert stats["mixer2_check_allowed_total{handler=auth}"] == 1000
