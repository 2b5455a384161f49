"""The measurement: a server, its nodes, and what it takes to keep them up to date."""

import asyncio
import json
import os
import statistics
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.errors import BenchError

NODES: Final = 1000
_CHANGES: Final = 10
_PATIENCE: Final = 120.0  # seconds
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class XdsCost:
    """What was measured.

    Attributes:
        nodes: How many nodes were connected.
        sync: Seconds from the first connection until every node had accepted everything.
        change_median: Seconds from a change of one endpoint until it had reached half of the nodes;
            the median over the changes.
        change_p99: Until it had reached 99 of 100 nodes; the worst of the changes.
        idle: Share of a CPU that the server took while nothing happened.
        memory: Bytes that each node costs the server.
        cpu_per_update: Seconds of CPU for bringing one change to one node, answer included.
    """

    nodes: int
    sync: float
    change_median: float
    change_p99: float
    idle: float
    memory: float
    cpu_per_update: float


LIMITS: Final = XdsCost(
    nodes=NODES,
    sync=20.0,
    change_median=1.0,
    change_p99=2.0,
    idle=0.02,
    memory=150_000,
    cpu_per_update=0.001,
)
"""What a thousand nodes may cost."""


class _Worker:
    """A process that takes orders."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def order(self, order: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n".encode())
        return await self.answer()

    async def answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(_PATIENCE):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise BenchError(f"xDS: no answer within {_PATIENCE:g} s") from None
        if not line:
            raise BenchError("xDS: a process has ended; its error stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer


async def measure(
    tell: Callable[[str, str], None], nodes: int = NODES, pause: float = 10.0
) -> XdsCost:
    """Measure a server with that many nodes.

    Args:
        tell: Takes a phase and a step, for people.
        nodes: How many.
        pause: Seconds for which nothing happens.

    Raises:
        BenchError: server or nodes failed.
    """
    cpus = sorted(os.sched_getaffinity(0))
    async with _worker("bench.xds.served", str(cpus[0])) as server:
        port = (await server.answer())["port"]
        before = await server.order("usage")
        async with _worker("bench.xds.fleet", str(port), str(nodes), str(cpus[-1])) as fleet:
            tell("xDS", f"{nodes} nodes connect")
            began = (await fleet.order("connect"))["began"]
            settled = await server.order("settled")
            if settled["nodes"] != nodes:
                raise BenchError(f"xDS: {settled['nodes']} nodes came, expected {nodes}")
            connected = await server.order("usage")
            tell("xDS", "one endpoint changes, ten times")
            half, most = await _changes(server, fleet)
            changed = await server.order("usage")
            tell("xDS", f"nothing happens for {pause:g} s")
            await asyncio.sleep(pause)
            idle = await server.order("usage")
    return XdsCost(
        nodes=nodes,
        sync=settled["at"] - began,
        change_median=statistics.median(half),
        change_p99=max(most),
        idle=(idle["cpu"] - changed["cpu"]) / pause,
        memory=(idle["rss"] - before["rss"]) / nodes,
        cpu_per_update=(changed["cpu"] - connected["cpu"]) / nodes / _CHANGES,
    )


async def _changes(server: _Worker, fleet: _Worker) -> tuple[list[float], list[float]]:
    """Seconds of each change until it reached half of the nodes, and 99 of 100."""
    half, most = [], []
    for _ in range(_CHANGES):
        await fleet.order("next")
        began = (await server.order("change"))["at"]
        arrived = sorted(at - began for at in (await fleet.order("arrived"))["at"])
        half.append(statistics.median(arrived))
        most.append(arrived[len(arrived) * 99 // 100])
        await server.order("settled")
    return half, most


@asynccontextmanager
async def _worker(module: str, *arguments: str) -> AsyncIterator[_Worker]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=_ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        yield _Worker(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
