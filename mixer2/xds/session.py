"""A session: one gRPC stream and its state machine, from the first request to the end."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog

from mixer2.xds.access import Access, Peer
from mixer2.xds.cache import SnapshotCache
from mixer2.xds.errors import Overloaded, ProtocolError
from mixer2.xds.limits import Limits, Pace
from mixer2.xds.metrics import ServerMetrics
from mixer2.xds.nodes import Nodes
from mixer2.xds.variants import AnyRequest, AnyStream, Variant

_log = structlog.get_logger("mixer2.xds")


class Transport(Protocol):
    """A stream of messages to and from one client."""

    async def read(self) -> bytes | None:
        """Return the next message, or None when the client will send no more."""

    async def write(self, message: bytes) -> None:
        """Send a message; returns when there is room for another."""


@dataclass(frozen=True, slots=True)
class Service:
    """What all sessions of a server share.

    Args:
        cache: What to serve.
        nodes: What is known of all clients.
        access: Who may be which node, and see what.
        limits: How much one client may ask for.
        metrics: Counts what happens.
    """

    cache: SnapshotCache
    nodes: Nodes
    access: Access
    limits: Limits
    metrics: ServerMetrics


async def serve_session(
    transport: Transport, variant: Variant[Any], peer: Peer, service: Service
) -> None:
    """Serve one client until it closes its stream.

    Raises:
        ProtocolError: the client broke the protocol, or says nothing.
        Forbidden: it is not the node that it says it is, or asks for what it may not see.
        Overloaded: the node has too many streams.
    """
    first = await _first_request(transport, variant, service.limits)
    if first is None:
        return
    if first.node is None or not first.node.id:
        raise ProtocolError("the first request of a stream must say which node it is from: node.id")
    node = service.access.admit(peer, first.node)
    known = service.nodes.get(node.id)
    if known is not None and known.streams >= service.limits.streams_per_node:
        raise Overloaded(f"node {node.id!r} has {known.streams} streams open already")
    status = service.nodes.connect(node)
    wake = asyncio.Event()
    stream = variant.stream(
        status,
        wake=wake.set,
        may_see=service.access.may_see(node),
        metrics=service.metrics.streams,
    )
    service.metrics.opened.labels(variant.name).inc()
    end_watch = service.cache.attach(node, stream)
    _log.info("xds.connected", node=node.id, peer=peer.address, variant=variant.name)
    try:
        session = _Session(transport, variant, stream, wake, service)
        await session.run(first)
    finally:
        end_watch()
        stream.close()
        service.nodes.disconnect(status)
        _log.info("xds.disconnected", node=node.id, peer=peer.address, variant=variant.name)


class _Session:
    """Two tasks around a state machine: one takes requests, the other sends what comes of them."""

    __slots__ = ("_pace", "_service", "_stream", "_transport", "_variant", "_wake")

    def __init__(
        self,
        transport: Transport,
        variant: Variant[Any],
        stream: AnyStream,
        wake: asyncio.Event,
        service: Service,
    ) -> None:
        self._transport = transport
        self._variant = variant
        self._stream = stream
        self._wake = wake
        self._service = service
        self._pace = Pace(service.limits)

    async def run(self, first: AnyRequest) -> None:
        self._receive(first)
        receiving = asyncio.create_task(self._receive_all())
        try:
            while not receiving.done():
                self._wake.clear()
                for response in self._stream.next_responses():
                    encoded = self._variant.encode(response, self._stream.status.node)
                    await self._transport.write(encoded)
                self._service.nodes.changed()
                await self._until_woken()
            await receiving
        finally:
            receiving.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await receiving

    async def _receive_all(self) -> None:
        try:
            while (message := await self._transport.read()) is not None:
                self._receive(self._variant.read(message))
                # A client that floods is read no faster than this; flow control holds it back.
                await self._pace.step()
        finally:
            self._wake.set()

    def _receive(self, request: AnyRequest) -> None:
        self._stream.status.last_seen = datetime.now(UTC)
        self._service.metrics.streams.received(request.type_url)
        self._stream.receive(request)  # type: ignore[arg-type]
        self._wake.set()

    async def _until_woken(self) -> None:
        until = self._stream.wake_at
        if until is None:
            await self._wake.wait()
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                await self._wake.wait()


async def _first_request(
    transport: Transport, variant: Variant[Any], limits: Limits
) -> AnyRequest | None:
    try:
        async with asyncio.timeout(limits.silence):
            message = await transport.read()
    except TimeoutError:
        raise ProtocolError(f"no request in the first {limits.silence:g} s of the stream") from None
    if message is None:
        return None
    request: AnyRequest = variant.read(message)
    return request
