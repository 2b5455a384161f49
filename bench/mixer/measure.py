"""One Envoy for one scenario: its CPU time and latency per request, and the calls that it made."""

import statistics
import sys
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.errors import BenchError
from bench.mixer.scenarios import AUTHORISER, NONE, QUOTA, Scenario
from bench.processes import Helper, Load, Slice, cpu_seconds, free_port, pin, python_service
from bench.proxy import bootstrap
from bench.run import Cpus, Tools
from mixer2.envoy.process import EnvoyProcess

SINGLE: Final = "1x400"
BUSY: Final = "16x400"
_WARM_UP: Final = ("16x500",)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one Envoy showed.

    Attributes:
        scenario: Name of the scenario.
        cpu_us: Envoy's CPU time per request, microseconds, in the best busy slice.
        service_cpu_us: CPU time of the service, microseconds per request, in the same slice.
        p50_us: Median latency of one connection, microseconds, in the best slice.
        calls_per_request: Calls of the mixer to its check backend, of all requests.
        per_second: Requests a second in the best busy slice.
        start_cpu_s: CPU time that Envoy spent until its first answer, seconds.
    """

    scenario: str
    cpu_us: float
    service_cpu_us: float
    p50_us: float
    calls_per_request: float
    per_second: float
    start_cpu_s: float


async def measure(tools: Tools, scenario: Scenario, module: Path | None, slices: int) -> Figures:
    """Start Envoy with a scenario, and load it.

    Raises:
        BenchError, EnvoyError: something did not start, or requests did not pass.
    """
    cpus = Cpus()
    async with AsyncExitStack() as stack:
        service = _service(scenario)
        if service is not None:
            await stack.enter_async_context(service)
        port = free_port()
        config = bootstrap(scenario.chain(module, service.port if service else 0), port, None)
        envoy = EnvoyProcess(config, concurrency=1, log_level="warning")
        await stack.enter_async_context(envoy)
        # Over too soon to be kept on a CPU.
        await Load(tools.load, tools.request, port).first()
        load = Load(tools.load, tools.request, port, cpus.others)
        start_cpu_s = cpu_seconds(envoy.pid)
        watched = [envoy.pid, *([service.pid] if service else [])]
        if cpus.envoy is not None and cpus.others is not None:
            pin(envoy.pid, cpus.envoy)
            for pid in watched[1:]:
                pin(pid, cpus.others)
        warm = await load.slices(watched, _WARM_UP)
        found = await load.slices(watched, [*[SINGLE] * slices, *[BUSY] * slices])
        sent = 1 + sum(one.requests for one in (*warm, *found))
        calls, passed = await _counted(envoy, scenario)
        if passed is not None and passed != sent:
            raise BenchError(f"{scenario.name}: {passed} of {sent} requests passed the check")
    single = [one for one in found if one.connections == 1]
    busy = min(_of(found, 16), key=lambda one: one.cpu_us[0] / one.requests)
    return Figures(
        scenario.name,
        busy.cpu_us[0] / busy.requests,
        busy.cpu_us[1] / busy.requests if len(busy.cpu_us) > 1 else 0.0,
        min(one.p50_us for one in single),
        calls / sent,
        busy.requests / busy.seconds,
        start_cpu_s,
    )


def medians(figures: Iterable[Figures], name: str) -> Figures:
    """The medians of a scenario's rounds."""
    own = [one for one in figures if one.scenario == name]

    def of(attribute: str) -> float:
        return float(statistics.median(getattr(one, attribute) for one in own))

    return Figures(
        name,
        of("cpu_us"),
        of("service_cpu_us"),
        of("p50_us"),
        of("calls_per_request"),
        of("per_second"),
        of("start_cpu_s"),
    )


def _of(slices: Iterable[Slice], connections: int) -> list[Slice]:
    return [one for one in slices if one.connections == connections]


def _service(scenario: Scenario) -> Helper | None:
    if scenario.service == AUTHORISER:
        return python_service("ext_authz")
    if scenario.service == QUOTA:
        command = [sys.executable, "-m", "bench.mixer.quota_service"]
        return Helper(command, Path(__file__).parents[2])
    return None


async def _counted(envoy: EnvoyProcess, scenario: Scenario) -> tuple[int, int | None]:
    """Calls to the check backend, and requests that passed; None without a check."""
    stats = await envoy.admin.stats("mixer2_check")
    if scenario.name == NONE or not stats:
        return 0, None

    def count(what: str) -> int:
        return sum(value for name, value in stats.items() if f"mixer2_check_{what}_total" in name)

    return count("calls"), count("allowed")
