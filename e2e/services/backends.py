"""Backends of many protocols, for which no real server is at hand: each says who it is."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial

MYSQL = "mysql"
"""The one that speaks first."""

MYSQL_GREETING = b"\x4a\0\0\0\x0a8.0.36\0" + bytes(60)


@asynccontextmanager
async def backends(names: Iterable[str]) -> AsyncIterator[dict[str, int]]:
    """Backends on 127.0.0.1; their ports by name.

    A backend answers its name, `|` and what it received.
    """
    servers = {
        name: await asyncio.start_server(partial(_serve, name), "127.0.0.1", 0) for name in names
    }
    try:
        yield {name: server.sockets[0].getsockname()[1] for name, server in servers.items()}
    finally:
        for server in servers.values():
            server.close()


async def ask(port: int, sent: Iterable[bytes], at_least: int, within_s: float = 10.0) -> bytes:
    """Send pieces, a little apart, and read what comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number, piece in enumerate(sent):
        await asyncio.sleep(0.01 if number else 0)
        writer.write(piece)
        await writer.drain()
    answer = b""
    try:
        async with asyncio.timeout(within_s):
            while len(answer) < at_least and (data := await reader.read(65_536)):
                answer += data
    finally:
        writer.close()
    return answer


async def _serve(name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if name == MYSQL:
        writer.write(MYSQL_GREETING)
    while data := await reader.read(65_536):
        writer.write(name.encode() + b"|" + data)
    writer.close()
