"""`python -m bench.kafka`: Kafka and sniffed connections through the proxy.

Environment:
    QUICK  1: one round of few records, about two minutes; five rounds else.
    ONLY   Parts of variants' names, separated by `;`; what has none of them is left out.
"""

import asyncio
import os
import random
import statistics
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bench import build
from bench.kafka import first_byte
from bench.kafka.first_byte import MOST_MS, FirstByte
from bench.kafka.measure import SIZE, Figures, measure, median, ratios
from bench.kafka.variants import ALONE, Variant, variants
from mixer2.compiler import build as compile_filter
from tests.adapters.ingestion.sniff.samples import HEADS

_ROOT: Final = Path(__file__).parents[2]
_MB: Final = 1 << 20


def module_of(source: str) -> Path:
    """A compiled filter."""
    build.BUILT.mkdir(exist_ok=True)
    target = build.BUILT / f"{Path(source).stem}.wasm"
    target.write_bytes(compile_filter(_ROOT / source).wasm)
    return target


def base_of(variant: Variant) -> str:
    """With which variant it is compared."""
    return ALONE if variant.codec == "none" else f"{ALONE}, {variant.codec}"


async def run(console: Console, rounds: int, records: int, only: list[str]) -> None:
    """Measure and print."""
    chosen = [
        one
        for one in variants()
        if one.plugin is None or not only or any(part in one.name for part in only)
    ]
    module = module_of("filters/kafka.py")
    figures: list[Figures] = []
    for number in range(rounds):
        order = chosen.copy()
        random.Random(number).shuffle(order)
        for variant in order:
            console.print(f"round {number + 1} of {rounds}: {variant.name}", style="dim")
            loaded = module if variant.plugin is not None else None
            figures.append(await measure(variant, loaded, number, records))
    console.print(throughput(figures, chosen, rounds, records))
    for line in judged(figures, chosen):
        console.print(line)
    heads = {protocol: head for protocol, head in HEADS if protocol not in {"grpc", "unknown"}}
    found = await first_byte.measure(module_of("filters/sniff.py"), heads, 100 * rounds)
    console.print(latencies(found))
    slowest = max(found, key=lambda one: one.added_ms)
    verdict = "met" if slowest.added_ms <= MOST_MS else "missed"
    added = f"{slowest.added_ms:.2f} ms added ({slowest.protocol})"
    console.print(f"first byte: {added}, at most {MOST_MS:g}: {verdict}")


def throughput(figures: list[Figures], chosen: list[Variant], rounds: int, records: int) -> Table:
    """The comparison."""
    shown = Table(
        title=f"{records:,} records of {SIZE} bytes there and back by librdkafka, one worker, "
        f"medians of {rounds}"
    )
    shown.add_column("variant")
    for column in (
        "produced/s",
        "consumed/s",
        "of tcp_proxy alone",
        "Envoy CPU, us a record",
        "peak by 10 MB batch, MB",
    ):
        shown.add_column(column, justify="right")
    for variant in chosen:
        name = variant.name
        share = statistics.median(ratios(figures, name, base_of(variant)))
        shown.add_row(
            name,
            f"{median(figures, name, 'produced'):,.0f}",
            f"{median(figures, name, 'consumed'):,.0f}",
            f"{100 * share:.0f} %",
            f"{median(figures, name, 'cpu_us'):.2f}",
            f"{median(figures, name, 'large_bytes') / _MB:.1f}",
        )
    return shown


def judged(figures: list[Figures], chosen: list[Variant]) -> list[str]:
    """Whether each variant is where it must be."""
    lines: list[str] = []
    for variant in chosen:
        if variant.least > 0:
            share = statistics.median(ratios(figures, variant.name, base_of(variant)))
            verdict = "met" if share >= variant.least else "missed"
            lines.append(
                f"{variant.name}: {100 * share:.0f} % of tcp_proxy alone, "
                f"at least {100 * variant.least:.0f} %: {verdict}"
            )
    return lines


def latencies(found: list[FirstByte]) -> Table:
    """First bytes by protocol."""
    shown = Table(title="Connect to first byte, client speaks first, the fastest tenth")
    shown.add_column("protocol")
    for column in ("tcp_proxy alone, us", "sniffed, us", "added, ms"):
        shown.add_column(column, justify="right")
    for one in found:
        shown.add_row(
            one.protocol, f"{one.alone_us:.0f}", f"{one.sniffed_us:.0f}", f"{one.added_ms:.2f}"
        )
    return shown


if __name__ == "__main__":
    quick = os.environ.get("QUICK") == "1"
    parts = [part for part in os.environ.get("ONLY", "").split(";") if part]
    # A pipe has no width of its own, and the tables need one.
    console = Console() if sys.stdout.isatty() else Console(width=120)
    asyncio.run(run(console, 1 if quick else 5, 100_000 if quick else 200_000, parts))
