"""The server that is measured, in a process and on a CPU of its own.

Takes orders on standard input and answers on standard output, a JSON object a line:

    change     another endpoint for a service -> when that was
    usage      -> CPU seconds and resident bytes so far
    settled    waits until all nodes have everything -> how many nodes, and when that was
"""

import asyncio
import json
import logging
import os
import resource
import sys
import time
from pathlib import Path

import structlog

from bench.xds.mesh import SERVICES, endpoints, mesh
from mixer2.xds.server import XdsServer


def _usage() -> dict[str, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {"cpu": used.ru_utime + used.ru_stime, "rss": pages * resource.getpagesize()}


async def _serve() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    orders = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    changes = 0
    async with XdsServer() as server:
        server.cache.set(mesh())
        print(json.dumps({"port": server.port}), flush=True)
        while order := (await orders.readline()).decode().strip():
            answer: dict[str, float] = {}
            if order == "change":
                changes += 1
                one = endpoints(changes % SERVICES, 1 + changes // SERVICES)
                answer = {"at": time.monotonic()}
                server.cache.update(put=[one])
            elif order == "usage":
                answer = _usage()
            else:
                snapshot = server.cache.get()
                assert snapshot is not None
                await server.nodes.wait_settled(snapshot.version)
                answer = {"at": time.monotonic(), "nodes": len(server.nodes)}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    asyncio.run(_serve())
