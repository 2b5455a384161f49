"""A session: one gRPC stream and its state machine, from the first request to the end."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from mixer2.xds import protos
from mixer2.xds.cache import SnapshotCache
from mixer2.xds.errors import ProtocolError
from mixer2.xds.messages import Request
from mixer2.xds.nodes import Nodes, NodeStatus
from mixer2.xds.snapshot import Snapshot
from mixer2.xds.stream import SotwStream


class Transport(Protocol):
    """A stream of messages to and from one client."""

    async def read(self) -> bytes | None:
        """Return the next message, or None when the client will send no more."""

    async def write(self, message: bytes) -> None:
        """Send a message; returns when there is room for another."""


async def serve_session(transport: Transport, cache: SnapshotCache, nodes: Nodes) -> None:
    """Serve one client until it closes its stream.

    Raises:
        ProtocolError: the client broke the protocol.
    """
    first = await _request(transport)
    if first is None:
        return
    if first.node is None or not first.node.id:
        raise ProtocolError("the first request of a stream must say which node it is from: node.id")
    status = nodes.connect(first.node)
    session = _Session(transport, status, nodes.changed)
    end_watch = cache.watch(first.node, session.offer)
    try:
        await session.run(first)
    finally:
        end_watch()
        nodes.disconnect(status)


class _Session:
    """Two tasks around a state machine: one takes requests, the other sends what comes of them."""

    def __init__(
        self, transport: Transport, status: NodeStatus, changed: Callable[[], None]
    ) -> None:
        self._transport = transport
        self._status = status
        self._changed = changed
        self._stream = SotwStream(status)
        self._wake = asyncio.Event()

    def offer(self, snapshot: Snapshot) -> None:
        self._stream.offer(snapshot)
        self._wake.set()

    async def run(self, first: Request) -> None:
        self._receive(first)
        receiving = asyncio.create_task(self._receive_all())
        try:
            while not receiving.done():
                self._wake.clear()
                for response in self._stream.next_responses():
                    await self._transport.write(protos.encode_response(response))
                self._changed()
                await self._until_woken()
            await receiving
        finally:
            receiving.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await receiving

    async def _receive_all(self) -> None:
        try:
            while (request := await _request(self._transport)) is not None:
                self._receive(request)
        finally:
            self._wake.set()

    def _receive(self, request: Request) -> None:
        self._status.last_seen = datetime.now(UTC)
        self._stream.receive(request)
        self._wake.set()

    async def _until_woken(self) -> None:
        until = self._stream.wake_at
        delay = None if until is None else max(0.0, until - time.monotonic())
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._wake.wait()


async def _request(transport: Transport) -> Request | None:
    message = await transport.read()
    return None if message is None else protos.decode_request(message)
