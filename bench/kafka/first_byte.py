"""What sniffing adds to the first byte of a connection whose client speaks first."""

import asyncio
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.kafka.variants import bootstrap
from bench.processes import free_port
from mixer2.envoy.process import EnvoyProcess

MOST_MS: Final = 1.0

_CONFIGURATION: Final = {"release_after_ms": 1_000}
_WARM_UP: Final = 50


@dataclass(frozen=True, slots=True)
class FirstByte:
    """The first answer of one protocol.

    Attributes:
        protocol: Its name.
        alone_us: Time from the connect to the first byte that comes back, microseconds; a tenth of
            the connections took less, since what disturbs a machine only ever adds.
        sniffed_us: The same with the sniffer.
    """

    protocol: str
    alone_us: float
    sniffed_us: float

    @property
    def added_ms(self) -> float:
        """What the sniffer added, milliseconds."""
        return (self.sniffed_us - self.alone_us) / 1000


async def measure(module: Path, heads: dict[str, bytes], connections: int) -> list[FirstByte]:
    """Connect again and again, with and without the sniffer in turn.

    Args:
        module: The compiled sniffer.
        heads: What clients send first, by protocol.
        connections: How many of each protocol and way.

    Raises:
        EnvoyError: one did not start.
    """
    async with AsyncExitStack() as stack:
        server = await asyncio.start_server(_echo, "127.0.0.1", 0)
        stack.callback(server.close)
        upstream = server.sockets[0].getsockname()[1]
        ports: list[int] = []
        for filter_module, configuration in ((None, {}), (module, _CONFIGURATION)):
            port = free_port()
            config = bootstrap(filter_module, configuration, port, upstream)
            envoy = EnvoyProcess(config, concurrency=1, log_level="warning")
            await stack.enter_async_context(envoy)
            ports.append(port)
        found: list[FirstByte] = []
        for protocol, head in heads.items():
            times: list[list[float]] = [[], []]
            for _ in range(_WARM_UP + connections):
                for way, port in enumerate(ports):
                    times[way].append(await _first_byte(port, head))
            alone, sniffed = (statistics.quantiles(one[_WARM_UP:], n=10)[0] for one in times)
            found.append(FirstByte(protocol, alone, sniffed))
    return found


async def _first_byte(port: int, head: bytes) -> float:
    """Microseconds."""
    started = time.perf_counter_ns()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head)
    await reader.readexactly(1)
    taken = time.perf_counter_ns() - started
    writer.close()
    return taken / 1000


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
    writer.close()
