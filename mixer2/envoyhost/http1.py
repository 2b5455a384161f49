"""HTTP/1.1 as both ends of Envoy speak it here: plain, without surprises, parts kept apart.

Source: RFC 9112. Names and values are bytes on the wire and text with surrogates here, so that any
value survives, as in the test host.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from mixer2.testhost.header_map import HeaderMap
from mixer2.testhost.pairs import decode_text, encode_text

_LIMIT = 1 << 20


@dataclass(slots=True)
class Head:
    """The start of a message.

    Attributes:
        start: Its first line, in words.
        fields: Its headers, names in lower case.
    """

    start: list[str]
    fields: list[tuple[str, str]] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value for key, value in self.fields if key == name), None)

    @property
    def is_chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return (self.get("transfer-encoding") or "").lower() == "chunked"

    @property
    def length(self) -> int | None:
        """What `content-length` says."""
        length = self.get("content-length")
        return None if length is None else int(length)


async def open_connection(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to a port of this machine."""
    return await asyncio.open_connection("127.0.0.1", port, limit=_LIMIT)


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """Read a start line and headers; None at the end of the connection."""
    line = await reader.readline()
    if not line.endswith(b"\n"):
        return None
    head = Head(decode_text(line).split(maxsplit=2))
    head.fields = await _read_fields(reader)
    return head


async def read_chunk(reader: asyncio.StreamReader) -> bytes:
    """Read a chunk; empty at the end of the body, before the trailers.

    Raises:
        EOFError: the connection ended before.
    """
    size = int(await _line(reader), 16)
    if not size:
        return b""
    data = await reader.readexactly(size)
    await _line(reader)
    return data


async def read_trailers(reader: asyncio.StreamReader) -> HeaderMap | None:
    """Read what comes after the last chunk; None when there are no trailers."""
    fields = await _read_fields(reader)
    return HeaderMap(fields) if fields else None


def head_bytes(start: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """A start line and headers, as they go over the wire."""
    lines = [start, *(f"{name}: {value}" for name, value in fields), "", ""]
    return encode_text("\r\n".join(lines))


def chunk_bytes(data: bytes) -> bytes:
    """A chunk; nothing for no data, which would end the body."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def end_bytes(trailers: HeaderMap | None) -> bytes:
    """The end of a body in chunks."""
    items = trailers.items() if trailers is not None else []
    lines = [f"{name}: {value}\r\n" for name, value in items]
    return encode_text("0\r\n" + "".join(lines) + "\r\n")


async def _read_fields(reader: asyncio.StreamReader) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    while line := await _line(reader):
        name, _, value = decode_text(line).partition(":")
        fields.append((name.lower(), value.strip(" \t")))
    return fields


async def _line(reader: asyncio.StreamReader) -> bytes:
    line = await reader.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    return line.rstrip(b"\r\n")
