"""Many nodes in one process: each has a connection, and takes everything that comes.

Argument 1 is the port, argument 2 the number of nodes, argument 3 a CPU. Answers orders on standard
input on standard output, a JSON object a line:

    connect    -> when it began and when each node had everything
    next       arms: the next change is waited for
    arrived    waits until each node has got it -> when that was, for each
"""

import asyncio
import json
import os
import sys
import time
from typing import Any, Final

import grpc.aio

from bench.xds.mesh import SERVICES
from mixer2.xds import protos
from mixer2.xds.resource import CLUSTER, ENDPOINTS, LISTENER, ROUTES

_METHOD: Final = "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources"
_OPTIONS: Final = [("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", -1)]


class SimulatedNode:
    """One node: asks as Envoy does, and accepts."""

    def __init__(self, number: int, port: int) -> None:
        self.complete = asyncio.Event()
        self.changed_at = 0.0
        self.changed = asyncio.Event()
        self._name = f"node-{number}"
        self._channel: Any = grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=_OPTIONS)
        self._missing = {CLUSTER: SERVICES, ENDPOINTS: SERVICES, LISTENER: 1, ROUTES: 1}
        self._call: Any = None

    async def run(self) -> None:
        """Connect, and stay."""
        self._call = self._channel.stream_stream(_METHOD)()
        await self._ask(CLUSTER, node={"id": self._name, "cluster": "bench"})
        await self._ask(LISTENER)
        while True:
            data = await self._call.read()
            assert isinstance(data, bytes), "the server has closed the stream"
            await self._take(protos.DeltaDiscoveryResponse.FromString(data))

    async def _take(self, response: Any) -> None:
        type_url = response.type_url
        if self.complete.is_set():
            self.changed_at = time.monotonic()
            self.changed.set()
        else:
            self._missing[type_url] -= len(response.resources)
        await self._ask(type_url, response_nonce=response.nonce)
        if type_url == CLUSTER and not self.complete.is_set():
            names = [one.name for one in response.resources]
            await self._ask(ENDPOINTS, resource_names_subscribe=names)
        elif type_url == LISTENER and not self.complete.is_set():
            await self._ask(ROUTES, resource_names_subscribe=["http"])
        if not any(self._missing.values()):
            self.complete.set()

    async def _ask(self, type_url: str, **fields: Any) -> None:
        request = protos.DeltaDiscoveryRequest(type_url=type_url, **fields)
        await self._call.write(request.SerializeToString())


async def _run(port: int, count: int) -> None:
    orders = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    nodes = [SimulatedNode(number, port) for number in range(count)]
    running: list[asyncio.Task[None]] = []
    while order := (await orders.readline()).decode().strip():
        answer: dict[str, Any] = {}
        if order == "connect":
            answer["began"] = time.monotonic()
            running = [asyncio.create_task(node.run()) for node in nodes]
            await asyncio.gather(*(node.complete.wait() for node in nodes))
        elif order == "next":
            for node in nodes:
                node.changed.clear()
        else:
            await asyncio.gather(*(node.changed.wait() for node in nodes))
            answer["at"] = [node.changed_at for node in nodes]
        failed = [one for one in running if one.done()]
        assert not failed, failed[0].exception()
        print(json.dumps(answer), flush=True)
    os._exit(0)  # a thousand channels need seconds to be closed one by one


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[3])})
    asyncio.run(_run(int(sys.argv[1]), int(sys.argv[2])))
