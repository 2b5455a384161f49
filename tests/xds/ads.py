"""A client made of raw messages over gRPC, which does just what it is told."""

import asyncio
from contextlib import suppress
from typing import Any

import grpc
import grpc.aio
import pytest

from mixer2.xds import protos

_SERVICE = "/envoy.service.discovery.v3.AggregatedDiscoveryService/"
METHOD = _SERVICE + "StreamAggregatedResources"
DELTA_METHOD = _SERVICE + "DeltaAggregatedResources"


class Ads:
    """One ADS stream; state of the world unless told otherwise before anything is sent."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self._call: Any = channel.stream_stream(METHOD)()
        self._request, self._response = protos.DiscoveryRequest, protos.DiscoveryResponse

    def delta(self) -> None:
        """Talk incrementally instead."""
        self._call.cancel()
        self._call = self._channel.stream_stream(DELTA_METHOD)()
        self._request = protos.DeltaDiscoveryRequest
        self._response = protos.DeltaDiscoveryResponse

    async def send(self, **fields: Any) -> None:
        await self.send_bytes(self._request(**fields).SerializeToString())

    async def send_bytes(self, message: bytes) -> None:
        await self._call.write(message)

    async def response(self) -> Any:
        async with asyncio.timeout(5):
            return self._response.FromString(await self._call.read())

    async def is_answered(self, **fields: Any) -> bool:
        """Send something; tell whether a response comes, and not the end of the stream."""
        try:
            await self.send(**fields)
            await self.response()
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            return False
        return True

    async def silence(self) -> None:
        """Nothing comes for a while."""
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await asyncio.shield(asyncio.ensure_future(self._call.read()))

    async def close(self) -> None:
        await self._call.done_writing()

    def cancel(self) -> None:
        self._call.cancel()

    async def status(self, within: float = 5) -> tuple[grpc.StatusCode, str]:
        async with asyncio.timeout(within):
            with suppress(grpc.aio.AioRpcError, asyncio.InvalidStateError):
                # The status stands after all responses.
                while isinstance(await self._call.read(), bytes):
                    pass
            return await self._call.code(), await self._call.details()
