"""One Envoy and one broker for one variant: throughput, CPU time and memory."""

import asyncio
import statistics
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.kafka import clients
from bench.kafka.broker import Broker
from bench.kafka.variants import Variant, bootstrap
from bench.processes import cpu_seconds, forget_peak, free_port, peak_bytes, resident_bytes
from mixer2.envoy.process import EnvoyProcess

SIZE: Final = 100
"""Bytes of a record's value."""

_CANARY: Final = "bench-canary"
_FIRST: Final = 1_000
_WARM_UP: Final = 20_000
_LARGE: Final = 10 << 20


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run showed.

    Attributes:
        variant: Name of the variant.
        round: Number of the round.
        produced: Records a second, from producer to acknowledgement.
        consumed: Records a second, from broker to consumer.
        both: Records a second of which each was produced and consumed.
        cpu_us: Envoy's CPU time for a record there and back, microseconds.
        large_bytes: How far Envoy's resident memory rose above what it was, at its peak, while a
            batch of 10 MB passed.
    """

    variant: str
    round: int
    produced: float
    consumed: float
    both: float
    cpu_us: float
    large_bytes: int


async def measure(variant: Variant, module: Path | None, number: int, records: int) -> Figures:
    """Start Envoy and a broker, and send records through both.

    Raises:
        BenchError, EnvoyError: something did not start, or a record did not come through.
    """
    port = free_port()
    topics = [clients.TOPIC, *([_CANARY] if "canary" in variant.configuration else [])]
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(Broker(port))
        config = bootstrap(module, variant.configuration, port, broker.port)
        envoy = EnvoyProcess(config, concurrency=1, log_level="warning")
        await stack.enter_async_context(envoy)
        await asyncio.to_thread(clients.create_topics, port, [*topics, clients.LARGE])

        async def through(count: int) -> clients.Passed:
            return await asyncio.to_thread(
                clients.pass_through, port, count, SIZE, variant.codec, topics
            )

        await through(_FIRST)
        resident = resident_bytes(envoy.pid)
        forget_peak(envoy.pid)
        await asyncio.to_thread(clients.pass_large, port, bytes(_LARGE))
        large = peak_bytes(envoy.pid) - resident
        await through(_WARM_UP)
        before = cpu_seconds(envoy.pid)
        passed = await through(records)
        cpu_s = cpu_seconds(envoy.pid) - before
    return Figures(
        variant.name,
        number,
        records / passed.produce_s,
        records / passed.consume_s,
        records / (passed.produce_s + passed.consume_s),
        1e6 * cpu_s / records,
        large,
    )


def ratios(figures: Iterable[Figures], name: str, base: str) -> list[float]:
    """Throughput of a variant by that of another in the same round."""
    by_place = {(one.variant, one.round): one.both for one in figures}
    return [
        both / by_place[base, number]
        for (variant, number), both in by_place.items()
        if variant == name
    ]


def median(figures: Iterable[Figures], name: str, attribute: str) -> float:
    """The median of a figure over the rounds."""
    return float(
        statistics.median(getattr(one, attribute) for one in figures if one.variant == name)
    )
