"""Real clients and a real broker, with Envoy between them that gives every record a context."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from e2e.scenarios import kafka_clients as clients
from e2e.scenarios.kafka_clients import Consumed
from e2e.world import plan as parts
from e2e.world.plan import HOST
from e2e.world.world import World, eventually, fetch
from tests.adapters.ingestion.kafka import wire
from tests.adapters.ingestion.kafka.wire import Record

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


async def kafka(world: World, configuration: str, module: str = "", **ports: int) -> str:
    """A broker behind the edge; where clients start.

    Args:
        world: The world.
        configuration: The filter's.
        module: Another filter than that for Kafka.
        ports: Of another `kafka` or `collector` than the world's.
    """
    module = module or world.build("filters/kafka.py").name
    quoted = configuration.replace("'", "''")
    addresses = {**world.plan.ports, **ports}
    world.plan.write_mesh(MESH.format(module=module, configuration=quoted, **addresses))
    if "kafka" not in ports and not world.runs(parts.KAFKA):
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
TRACING = {"cluster": "collector", "format": "zipkin", "service": "orders", "timeout": "5s"}
# Responses are large here, and all of their records are to be counted.
TRACED = {"inject": True, "max_response": 67_108_864, "tracing": TRACING}


async def round_trip(world: World, name: str, produce: Produce, consume: Consume) -> None:
    """All records go through, each with a context that the collector has a span of."""
    bootstrap = await kafka(world, json.dumps(TRACED))
    topic = f"orders-{name}"
    sent = [b"%s record %d" % (name.encode(), number) for number in range(RECORDS)]
    await produce(bootstrap, topic, sent)
    consumed = await consume(bootstrap, topic, RECORDS)

    intact(consumed, sent)
    contexts = Counter(record.headers["traceparent"] for record in consumed)
    assert all(TRACEPARENT.fullmatch(context) for context in contexts)
    await counted(world, topic, "produced", RECORDS)
    await counted(world, topic, "fetched", RECORDS)
    carried = {tuple(context.decode().split("-")[1:3]) for context in contexts}
    await eventually(lambda: joined(world, topic, carried), f"the spans of {topic} have come")


async def joined(world: World, topic: str, carried: set[tuple[str, ...]]) -> bool:
    """Whether each context that records carry is a producer's span, and the consumers' parent."""
    spans = [
        span
        for span in await fetch(f"{world.url('collector')}/spans")
        if span["tags"].get("messaging.destination.name") == topic
    ]
    produced = {(one["traceId"], one["id"]) for one in spans if one["kind"] == "PRODUCER"}
    polled = {(one["traceId"], one["parentId"]) for one in spans if one["kind"] == "CONSUMER"}
    return produced == carried == polled


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


async def test_kafka_spans_of_otlp(world: World) -> None:
    received: list[Any] = []

    async def take(request: web.Request) -> web.Response:
        message = ExportTraceServiceRequest.FromString(await request.read())
        for resource in message.resource_spans:
            for scope in resource.scope_spans:
                received.extend(scope.spans)
        return web.Response(body=b"", content_type="application/x-protobuf")

    app = web.Application()
    app.router.add_post("/v1/traces", take)
    runner = web.AppRunner(app)
    await runner.setup()
    port = world.plan.ports["edge_tls"]
    await web.TCPSite(runner, HOST, port).start()
    try:
        tracing = {**TRACING, "format": "otlp_http"}
        bootstrap = await kafka(
            world, json.dumps({"inject": True, "tracing": tracing}), collector=port
        )
        sent = [b"otlp %d" % number for number in range(2_000)]
        await clients.aiokafka_produce(bootstrap, "otlp", sent)
        consumed = await clients.aiokafka_consume(bootstrap, "otlp", len(sent))
        carried = {
            tuple(
                bytes.fromhex(part) for part in one.headers["traceparent"].decode().split("-")[1:3]
            )
            for one in consumed
        }

        async def all_there() -> bool:
            own = [span for span in received if span.name.endswith(" otlp")]
            produced = {
                (span.trace_id, span.span_id)
                for span in own
                if span.kind == Span.SPAN_KIND_PRODUCER
            }
            polled = {
                (span.trace_id, span.parent_span_id)
                for span in own
                if span.kind == Span.SPAN_KIND_CONSUMER
            }
            return produced == carried == polled

        await eventually(all_there, "the spans of otlp have come")
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("codec", ["gzip", "none"])
async def test_kafka_idempotent_producers(world: World, codec: str) -> None:
    bootstrap = await kafka(world, '{"inject": true}')
    topic = f"idempotent-{codec}"
    sent = [b"idempotent %d" % number for number in range(20_000)]
    await asyncio.to_thread(
        partial(clients.confluent_produce, enable_idempotence=True, compression_type=codec),
        bootstrap,
        topic,
        sent,
    )
    consumed = await clients.aiokafka_consume(bootstrap, topic, len(sent))
    intact(consumed, sent)
    assert all(TRACEPARENT.fullmatch(record.headers["traceparent"]) for record in consumed)


async def test_kafka_transactions(world: World) -> None:
    bootstrap = await kafka(world, '{"inject": true}')
    await asyncio.to_thread(clients.create_topic, bootstrap, "transactions", 1)
    kept = [b"kept %d" % number for number in range(2_000)]
    lost = [b"lost %d" % number for number in range(1_000)]
    await asyncio.to_thread(clients.confluent_transactions, bootstrap, "transactions", kept, lost)
    consumed = await asyncio.to_thread(
        clients.confluent_consume, bootstrap, "transactions", len(kept)
    )
    read = [record for record in consumed if record.value in set(kept)]
    assert [record.value for record in read] == kept[: len(read)]
    assert all(TRACEPARENT.fullmatch(record.headers["traceparent"]) for record in consumed)


@pytest.mark.parametrize("codec", [None, "gzip"])
async def test_kafka_canary(world: World, codec: str | None) -> None:
    topic, canary = f"stable-{codec}", f"canary-{codec}"
    rule = {"topic": topic, "to": canary, "header": {"name": "x-canary"}}
    bootstrap = await kafka(world, json.dumps({"inject": True, "canary": [rule]}))
    for name in (topic, canary):
        await asyncio.to_thread(clients.create_topic, bootstrap, name, 3)
    plain = [b"plain %d" % number for number in range(5_000)]
    tagged = [b"tagged %d" % number for number in range(500)]
    await asyncio.gather(
        clients.aiokafka_produce(bootstrap, topic, plain, compression_type=codec),
        clients.aiokafka_produce(
            bootstrap, topic, tagged, headers=[("x-canary", b"")], compression_type=codec
        ),
    )
    intact(await clients.aiokafka_consume(bootstrap, topic, len(plain)), plain)
    moved = await clients.aiokafka_consume(bootstrap, canary, len(tagged))
    intact(moved, tagged)
    assert all(TRACEPARENT.fullmatch(record.headers["traceparent"]) for record in moved)


async def test_kafka_canary_of_a_share(world: World) -> None:
    rule = {"topic": "shared", "to": "shared-canary", "share": 0.1}
    bootstrap = await kafka(world, json.dumps({"canary": [rule]}))
    for name in ("shared", "shared-canary"):
        await asyncio.to_thread(clients.create_topic, bootstrap, name, 1)
    sent = [b"share %d" % number for number in range(10_000)]
    await asyncio.to_thread(clients.confluent_produce, bootstrap, "shared", sent)
    moved = await clients.aiokafka_consume(bootstrap, "shared-canary", 990)
    kept = await clients.aiokafka_consume(bootstrap, "shared", 8_990)
    assert {record.value for record in moved}.isdisjoint(record.value for record in kept)


async def test_kafka_connections_are_denied_and_reported(world: World) -> None:
    module = world.build("filters/tcp_mixer.py")
    rules: list[dict[str, object]] = [
        {"report": "stats", "with": {"service": "default(upstream.cluster, 'none')"}}
    ]
    configuration: dict[str, object] = {
        "handlers": {"closed": {"fixed": {}}, "stats": {"metrics": {}}},
        "rules": rules,
    }
    bootstrap = await kafka(world, json.dumps(configuration), module=module.name)
    sent = [b"told %d" % number for number in range(100)]
    await clients.aiokafka_produce(bootstrap, "told", sent)

    async def reported() -> bool:
        stats = await world.stats(parts.EDGE, "wasmcustom.mixer2_tcp")
        return all(
            any(name.startswith(f"wasmcustom.mixer2_tcp_{kind}{{service=") for name in stats)
            for kind in ("connections_total", "received_bytes_total", "sent_bytes_total")
        )

    await eventually(reported, "connections are reported by service")

    rules.append({"check": "closed", "when": "source.ip == '127.0.0.1'"})
    await kafka(world, json.dumps(configuration), module=module.name)
    port = world.plan.ports["edge_kafka"]

    async def denied() -> bool:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            return await asyncio.wait_for(reader.read(), 1.0) == b""
        except (TimeoutError, ConnectionResetError):
            return False
        finally:
            writer.close()

    await eventually(denied, "nobody may connect")
    stats = await world.stats(parts.EDGE, "wasmcustom.mixer2_check_denied_total")
    assert sum(stats.values()) > 0


async def test_kafka_mock_cluster_of_librdkafka(world: World) -> None:
    """Another broker on the wire; its own clients would go around the proxy."""
    with clients.mock_cluster("mocked") as port:
        bootstrap = await kafka(world, json.dumps(TRACED), kafka=port)
        records: list[Record] = [(b"k", b"mocked %d" % number, []) for number in range(1_000)]
        batch = wire.batch(records)
        request = wire.produce_request(9, {("mocked", 0): batch})
        produced = await asked(bootstrap, wire.request(request))
        assert b"mocked" in produced

        consumed = await asyncio.to_thread(
            clients.confluent_consume, f"{HOST}:{port}", "mocked", len(records)
        )
        assert [record.value for record in consumed] == [value for _, value, _ in records]
        contexts = {record.headers["traceparent"] for record in consumed}
        assert all(TRACEPARENT.fullmatch(context) for context in contexts)

        fetched = await asked(bootstrap, wire.request(wire.fetch_request(11, topic="mocked")))
        assert all(context in fetched for context in contexts)
        await counted(world, "mocked", "produced", len(records))
        await counted(world, "mocked", "fetched", len(records))
        carried = {tuple(context.decode().split("-")[1:3]) for context in contexts}
        await eventually(lambda: joined(world, "mocked", carried), "the spans of mocked have come")


async def asked(bootstrap: str, request: bytes) -> bytes:
    """What the broker answers through the proxy."""
    host, _, port = bootstrap.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(request)
        async with asyncio.timeout(20):
            size = int.from_bytes(await reader.readexactly(4), "big")
            return await reader.readexactly(size)
    finally:
        writer.close()
