"""What must not grow unnoticed: instructions, host calls and bytes of the works' modules.

Nothing here depends on how busy a machine is, so it runs with the tests. The limits are in
`gate.toml`; `python -m bench.gate` prints that file with the figures of now.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import wasmtime
from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from bench.works import AMPLE, REQUEST
from mixer2.testhost.boundary import Boundary
from mixer2.testhost.host import Host
from mixer2.testhost.properties import AttributePath, AttributeValue
from mixer2.testhost.proxy import Proxy
from mixer2.testhost.settings import HostOptions, PluginSettings
from mixer2.testhost.trace import HostCalled
from mixer2.testhost.wasm import WasmGuest
from mixer2.testhost.wasm_module import WasmModule

LIMITS: Final = Path(__file__).with_name("gate.toml")

# The first request of a key defines its metrics, and later ones may still grow tables.
_WARM_UP: Final = 20
_FUEL: Final = 1_000_000_000
_HEADROOM: Final = 1.10

_ATTRIBUTES: Final[dict[AttributePath, AttributeValue]] = {"xds.route_name": "orders"}


@dataclass(frozen=True)
class Cost:
    """What a module costs, or may cost.

    Attributes:
        module_bytes: Size of the module.
        fuel: Instructions per request by callback, in wasmtime's measure.
        host_calls: Host calls per request, by name.
    """

    module_bytes: int
    fuel: dict[str, int]
    host_calls: dict[str, int]

    def __str__(self) -> str:
        fuel = ", ".join(f"{name} {count:,}" for name, count in self.fuel.items())
        calls = ", ".join(f"{count} {name}" for name, count in self.host_calls.items())
        total = sum(self.fuel.values())
        return f"{self.module_bytes:,} bytes; {total:,} instructions: {fuel}; host calls: {calls}"


class Excess(NamedTuple):
    """A figure above its limit; what has no limit may not be there at all."""

    what: str
    figure: int
    limit: int

    def __str__(self) -> str:
        return f"{self.what}: {self.figure:,}, at most {self.limit:,}"


def read_limits(path: Path = LIMITS) -> dict[str, Cost]:
    """Limits by work."""
    with path.open("rb") as file:
        return TypeAdapter(dict[str, Cost]).validate_python(tomllib.load(file))


def excesses(cost: Cost, limit: Cost) -> Iterator[Excess]:
    """Every figure that is above its limit."""
    if cost.module_bytes > limit.module_bytes:
        yield Excess("module bytes", cost.module_bytes, limit.module_bytes)
    for callback, fuel in cost.fuel.items():
        if fuel > limit.fuel.get(callback, 0):
            yield Excess(f"instructions of {callback}", fuel, limit.fuel.get(callback, 0))
    for call, count in cost.host_calls.items():
        if count > limit.host_calls.get(call, 0):
            yield Excess(f"calls of {call}", count, limit.host_calls.get(call, 0))


def measure(wasm: bytes, configuration: str = str(AMPLE)) -> Cost:
    """Run a module in the test host and count what its last request takes."""
    meter = _Meter(wasm, configuration)
    for _ in range(_WARM_UP):
        meter.request()
    fuel, calls = meter.request()
    return Cost(len(wasm), fuel, calls)


class _Meter:
    """A module in a test host whose instructions are counted."""

    def __init__(self, wasm: bytes, configuration: str) -> None:
        self._spent: Counter[str] = Counter()
        module = _MeteredModule(wasm)
        proxy = Proxy()
        settings = PluginSettings(name="bench", configuration=configuration.encode())

        def make_guest(boundary: Boundary) -> WasmGuest:
            return _MeteredGuest(module, boundary, proxy, self._spent)

        self._host = Host(make_guest, settings, proxy, HostOptions(_ATTRIBUTES))

    def request(self) -> tuple[dict[str, int], dict[str, int]]:
        """Send the request of the works; instructions by callback and host calls by name."""
        self._spent.clear()
        crossings = self._host.transcript.crossings
        start = len(crossings)
        head, *lines = REQUEST.decode().split("\r\n")
        method, path, _ = head.split()
        headers = [tuple(line.split(": ", 1)) for line in lines if line]
        response = self._host.request(
            method, path, [(name, value) for name, value in headers if name != "host"]
        )
        assert response.status == 200
        calls = Counter(one.name for one in crossings[start:] if isinstance(one, HostCalled))
        return dict(self._spent), dict(calls)


class _MeteredModule(WasmModule):
    """A module of an engine that counts instructions."""

    def __init__(self, wasm: bytes) -> None:
        super().__init__(wasm)
        self.engine = _metering_engine()
        self._module = wasmtime.Module(self.engine, wasm)


class _MeteredGuest(WasmGuest):
    """An instance that notes what each of its functions spends."""

    def __init__(
        self, module: WasmModule, boundary: Boundary, proxy: Proxy, spent: Counter[str]
    ) -> None:
        super().__init__(module, boundary, {}, proxy.clock.now_ns)
        self._spent = spent

    def _run(self, name: str, *arguments: int) -> int | None:
        self._store.set_fuel(_FUEL)
        try:
            return super()._run(name, *arguments)
        finally:
            self._spent[name] += _FUEL - self._store.get_fuel()


@cache
def _metering_engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.consume_fuel = True
    return wasmtime.Engine(config)


def to_toml(costs: dict[str, Cost]) -> str:
    """Limits a little above some costs, as the file has them."""
    parts: list[str] = []
    for work, cost in costs.items():
        parts += [f"[{work}]", f"module_bytes = {_with_headroom(cost.module_bytes):_}", ""]
        parts.append(f"[{work}.fuel]")
        parts += [f"{name} = {_with_headroom(fuel):_}" for name, fuel in cost.fuel.items()]
        parts += ["", f"[{work}.host_calls]"]
        parts += [f"{name} = {count}" for name, count in cost.host_calls.items()]
        parts.append("")
    return "\n".join(parts)


def _with_headroom(figure: int) -> int:
    return round(figure * _HEADROOM)


if __name__ == "__main__":
    from bench.build import mixer2_module

    print(
        to_toml(
            {name.upper(): measure(mixer2_module(name).read_bytes()) for name in ("f1", "f2", "f3")}
        )
    )
