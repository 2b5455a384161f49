"""Real clients and a real broker, with Envoy between them that gives every record a context."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from e2e.scenarios import kafka_clients as clients
from e2e.scenarios.kafka_clients import Consumed
from e2e.world import plan as parts
from e2e.world.world import World, eventually, fetch

pytestmark = pytest.mark.asyncio(loop_scope="session")

RECORDS = 100_000
TRACEPARENT = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01")
MESH = """
version: 1
nodes:
  edge: {{id: edge}}
listeners:
  kafka:
    port: {edge_kafka}
    protocol: tcp
    to: broker
    filters: [tracing]
    nodes: edge
services:
  broker:
    endpoints: ["127.0.0.1:{kafka}"]
    protocol: tcp
  collector:
    endpoints: ["127.0.0.1:{collector}"]
filters:
  tracing:
    code: {module}
    configuration: '{configuration}'
    calls: collector
"""


async def kafka(world: World, configuration: str) -> str:
    """A broker behind the edge; where clients start."""
    module = world.build("filters/kafka.py")
    world.plan.write_mesh(
        MESH.format(module=module.name, configuration=configuration, **world.plan.ports)
    )
    if not world.runs(parts.KAFKA):
        await world.start(parts.KAFKA)
    await world.listening("edge_kafka")
    await world.in_force(parts.EDGE, configuration)
    return clients.bootstrap_of(world)


def intact(consumed: list[Consumed], sent: list[bytes]) -> None:
    """Every record came once, those of a partition in the order in which they were sent."""
    assert sorted(record.value for record in consumed) == sorted(sent)
    numbers = {value: number for number, value in enumerate(sent)}
    last: dict[int, int] = {}
    for record in consumed:
        number = numbers[record.value]
        assert number > last.get(record.partition, -1)
        last[record.partition] = number


async def counted(world: World, topic: str, kind: str, count: int) -> None:
    """Wait until Envoy has counted the records of a topic."""
    name = f"wasmcustom.mixer2_kafka_{kind}_records_total{{topic={topic}}}"

    async def enough() -> bool:
        stats = await world.stats(parts.EDGE, "wasmcustom.mixer2_kafka")
        return stats.get(name, 0) >= count

    await eventually(enough, f"{count} records of {topic} are counted as {kind}")


Produce = Callable[[str, str, list[bytes]], Awaitable[None]]
Consume = Callable[[str, str, int], Awaitable[list[Consumed]]]


async def round_trip(world: World, name: str, produce: Produce, consume: Consume) -> None:
    # Responses are large here, and all of their records are to be counted.
    bootstrap = await kafka(world, '{"inject": true, "max_response": 67108864}')
    topic = f"orders-{name}"
    sent = [b"%s record %d" % (name.encode(), number) for number in range(RECORDS)]
    await produce(bootstrap, topic, sent)
    consumed = await consume(bootstrap, topic, RECORDS)

    intact(consumed, sent)
    contexts = Counter(record.headers["traceparent"] for record in consumed)
    assert all(TRACEPARENT.fullmatch(context) for context in contexts)
    await counted(world, topic, "produced", RECORDS)
    await counted(world, topic, "fetched", RECORDS)


async def test_kafka_aiokafka(world: World) -> None:
    await round_trip(world, "aiokafka", clients.aiokafka_produce, clients.aiokafka_consume)


async def test_kafka_librdkafka(world: World) -> None:
    async def produce(bootstrap: str, topic: str, values: list[bytes]) -> None:
        await asyncio.to_thread(clients.confluent_produce, bootstrap, topic, values)

    async def consume(bootstrap: str, topic: str, count: int) -> list[Consumed]:
        return await asyncio.to_thread(clients.confluent_consume, bootstrap, topic, count)

    await round_trip(world, "librdkafka", produce, consume)


# kafka-python reads its message definitions in a way that Python 3.11 will not have for ever.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_kafka_python(world: World) -> None:
    async def produce(bootstrap: str, topic: str, values: list[bytes]) -> None:
        await asyncio.to_thread(clients.kafka_python_produce, bootstrap, topic, values)

    async def consume(bootstrap: str, topic: str, count: int) -> list[Consumed]:
        return await asyncio.to_thread(clients.kafka_python_consume, bootstrap, topic, count)

    await round_trip(world, "kafka-python", produce, consume)


async def test_kafka_observed_only(world: World) -> None:
    bootstrap = await kafka(world, '{"inject": false}')
    sent = [b"plain %d" % number for number in range(1_000)]
    await clients.aiokafka_produce(bootstrap, "plain", sent)
    consumed = await clients.aiokafka_consume(bootstrap, "plain", len(sent))

    intact(consumed, sent)
    assert all(record.headers == {} for record in consumed)
    await counted(world, "plain", "produced", len(sent))


async def test_kafka_batches_beyond_the_cap_pass(world: World) -> None:
    bootstrap = await kafka(world, '{"inject": true, "max_request": 20000}')
    sent = [b"%d " % number + b"x" * 200_000 for number in range(20)]
    await clients.aiokafka_produce(bootstrap, "large", sent)
    consumed = await clients.aiokafka_consume(bootstrap, "large", len(sent))

    intact(consumed, sent)
    stats = await world.stats(parts.EDGE, "wasmcustom.mixer2_kafka_unparsed")
    too_large = [count for name, count in stats.items() if "reason=too_large" in name]
    assert sum(too_large) > 0


async def test_kafka_spans_join_producers_and_consumers(world: World) -> None:
    tracing = {"cluster": "collector", "format": "zipkin", "service": "orders"}
    bootstrap = await kafka(world, json.dumps({"inject": True, "tracing": tracing}))
    sent = [b"traced %d" % number for number in range(2_000)]
    await clients.aiokafka_produce(bootstrap, "traced", sent)
    consumed = await clients.aiokafka_consume(bootstrap, "traced", len(sent))
    carried = {tuple(one.headers["traceparent"].decode().split("-")[1:3]) for one in consumed}

    async def joined() -> bool:
        spans = [
            span
            for span in await fetch(f"{world.url('collector')}/spans")
            if span["tags"].get("messaging.destination.name") == "traced"
        ]
        produced = {(one["traceId"], one["id"]) for one in spans if one["kind"] == "PRODUCER"}
        polled = {(one["traceId"], one["parentId"]) for one in spans if one["kind"] == "CONSUMER"}
        return produced == carried and bool(polled) and polled <= produced

    await eventually(joined, "the spans of producers and consumers are at the collector")
