"""One run: a fresh Envoy with one variant, started, checked, loaded, weighed, and ended."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from bench.errors import BenchError
from bench.processes import (
    Helper,
    Load,
    Slice,
    cpu_seconds,
    free_port,
    pin,
    python_service,
    resident_bytes,
)
from bench.proxy import Scenario, bootstrap
from bench.variants.variant import Setting, Variant
from bench.works import AMPLE, F2, F3, HEADER, NOTHING, SCARCE, TENANT, Bucket
from mixer2.envoy.admin import AdminClient
from mixer2.envoy.process import EnvoyProcess

_COUNTED_WITHIN_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Tools:
    """What every run needs, and is built once.

    Attributes:
        load: The program `load`.
        upstream: The program `upstream`.
        request: File with the request.
    """

    load: Path
    upstream: Path
    request: Path


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run loads its Envoy, as `CONNECTIONSxMILLISECONDS`.

    Attributes:
        warm_up: Slices that do not count.
        slices: Slices that do.
    """

    warm_up: tuple[str, ...]
    slices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What one Envoy showed.

    Attributes:
        variant: Name of the variant.
        work: Name of its work.
        scenario: What answered.
        round: In which round; 0 is the first.
        workers: Envoy's worker threads.
        start_s: From the start of the process to the first answer.
        start_cpu_s: CPU time that Envoy spent until then.
        rss: Resident bytes of Envoy after the load.
        watched: Whose CPU time the slices have: `envoy`, and `service` and `upstream` where there
            are such.
        slices: What the load generator measured.
        service_rss: Resident bytes of the service.
    """

    variant: str
    work: str
    scenario: str
    round: int
    workers: int
    start_s: float
    start_cpu_s: float
    rss: int
    watched: list[str]
    slices: list[Slice]
    service_rss: int | None = None


class Cpus:
    """Who runs where: Envoy alone on one CPU, everybody else on the others."""

    def __init__(self) -> None:
        first, *others = sorted(os.sched_getaffinity(0))
        self.envoy: set[int] | None = {first} if others else None
        self.others: set[int] | None = set(others) or None


async def measure(
    tools: Tools, variant: Variant, scenario: Scenario, plan: Plan, round_number: int, workers: int
) -> Run:
    """Make one run.

    With one worker, Envoy is kept on a CPU of its own as soon as it has started.

    Raises:
        BenchError, EnvoyError: something did not start, or the variant did not do its work.
    """
    cpus = Cpus()
    async with _started(tools, variant, scenario, workers, AMPLE) as stage:
        if workers == 1:
            stage.pin(cpus)
        load = Load(tools.load, tools.request, stage.port, cpus.others)
        watched = stage.processes()
        warm_up = await load.slices(list(watched.values()), plan.warm_up)
        slices = await load.slices(list(watched.values()), plan.slices)
        run = Run(
            variant=variant.name,
            work=variant.work.name,
            scenario=scenario.value,
            round=round_number,
            workers=workers,
            start_s=stage.start_s,
            start_cpu_s=stage.start_cpu_s,
            rss=resident_bytes(stage.envoy.pid),
            watched=list(watched),
            slices=slices,
            service_rss=resident_bytes(stage.service.pid) if stage.service else None,
        )
        sent = sum(one.requests for one in (*warm_up, *slices)) + 1
        await _check_counts(stage, variant, sent)
    return run


async def check(tools: Tools, variant: Variant) -> None:
    """See that a variant does its work at all.

    Raises:
        BenchError: it does not.
    """
    bucket = SCARCE if variant.work == F3 else AMPLE
    async with (
        _started(tools, variant, Scenario.DIRECT, 1, bucket) as stage,
        aiohttp.ClientSession(f"http://127.0.0.1:{stage.port}") as client,
    ):
        # One token went to the first answer, the one that Envoy's start is timed by.
        statuses = []
        for _ in range(6):
            async with client.get("/orders/42", headers={"x-tenant": TENANT}) as response:
                statuses.append(response.status)
                added = response.headers.getall(HEADER[0], [])
        if variant.work == F3:
            expected = [200] * (SCARCE.capacity - 1) + [429] * (7 - SCARCE.capacity)
            if statuses != expected:
                raise BenchError(f"expected {expected}, got {statuses}")
        elif variant.work not in (NOTHING, F2):
            values = [one.strip() for value in added for one in value.split(",")]
            if values != [HEADER[1]] * variant.work.stack:
                raise BenchError(f"the response has {HEADER[0]}: {values}")
        await _check_counts(stage, variant, 7)


class _Stage:
    """What runs: an Envoy and what belongs to it."""

    def __init__(
        self, envoy: EnvoyProcess, port: int, service: Helper | None, upstream: Helper | None
    ) -> None:
        self.envoy = envoy
        self.port = port
        self.service = service
        self.upstream = upstream
        self.start_s = 0.0
        self.start_cpu_s = 0.0

    def processes(self) -> dict[str, int]:
        """Ids of the processes that work on a request, the load generator aside."""
        found = {"envoy": self.envoy.pid}
        if self.service is not None:
            found["service"] = self.service.pid
        if self.upstream is not None:
            found["upstream"] = self.upstream.pid
        return found

    def pin(self, cpus: Cpus) -> None:
        """Give Envoy a CPU of its own."""
        if cpus.envoy is None or cpus.others is None:
            return
        for name, pid in self.processes().items():
            pin(pid, cpus.envoy if name == "envoy" else cpus.others)


@asynccontextmanager
async def _started(
    tools: Tools, variant: Variant, scenario: Scenario, workers: int, bucket: Bucket
) -> AsyncIterator[_Stage]:
    async with AsyncExitStack() as stack:
        service = upstream = None
        if variant.service is not None:
            service = await stack.enter_async_context(python_service(variant.service))
        if scenario is Scenario.UPSTREAM:
            upstream = await stack.enter_async_context(Helper([tools.upstream]))
        setting = Setting(bucket, service.port if service else 0)
        port = free_port()
        config = bootstrap(variant.chain(setting), port, upstream.port if upstream else None)
        envoy = EnvoyProcess(config, concurrency=workers, log_level="warning")
        stage = _Stage(envoy, port, service, upstream)
        first = await stack.enter_async_context(
            _in_background(Load(tools.load, tools.request, port).first())
        )
        began = time.monotonic_ns()
        await stack.enter_async_context(envoy)
        stage.start_s = (await first - began) / 1e9
        stage.start_cpu_s = cpu_seconds(envoy.pid)
        try:
            yield stage
        except BenchError as error:
            # A plugin that failed lets traffic pass, and says why in the log alone.
            lines = [line for line in envoy.log().splitlines() if "][error][" in line]
            raise BenchError("\n".join([f"{_name(variant)}: {error}", *lines[:4]])) from error


@asynccontextmanager
async def _in_background(work: Coroutine[None, None, int]) -> AsyncIterator[asyncio.Task[int]]:
    """Do something while the block runs; what is left of it ends with the block."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _check_counts(stage: _Stage, variant: Variant, sent: int) -> None:
    """See that the variant counted every request once per filter."""
    if variant.work in (NOTHING, F3):
        return
    expected = sent * variant.work.stack
    if stage.service is not None:
        counts: dict[str, int] = json.loads(await stage.service.finish())
        counted = counts.get(TENANT, 0)
    else:
        # Histograms are merged from the workers, which takes a moment.
        deadline = time.monotonic() + _COUNTED_WITHIN_S
        while (counted := await _counted(stage.envoy.admin, variant)) != expected:
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(0.05)
    if counted != expected:
        raise BenchError(f"counted {counted} of {expected} requests")


async def _counted(admin: AdminClient, variant: Variant) -> int:
    if variant.work == F2:
        histograms = await admin.histograms("bench_f2[._]duration")
        return sum(one.count for one in histograms.values())
    counters = await admin.stats("bench_f1[._]requests_total")
    return sum(value for name, value in counters.items() if TENANT in name)


def _name(variant: Variant) -> str:
    return f"{variant.work.name}, {variant.name}"
