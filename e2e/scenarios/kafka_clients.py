"""Kafka clients: each produces numbered records and reads them back."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from e2e.world.world import World

Headers: TypeAlias = dict[str, bytes]
_LINGER_MS = 5
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Consumed:
    """A record as a client read it."""

    partition: int
    value: bytes
    headers: Headers


Produce: TypeAlias = Callable[[str, str, list[bytes]], None]
Consume: TypeAlias = Callable[[str, str, int], list[Consumed]]


def confluent_produce(bootstrap: str, topic: str, values: list[bytes], **options: Any) -> None:
    """By librdkafka; options are its own, with `_` for `.`."""
    from confluent_kafka import Producer

    failed: list[Any] = []
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "client.id": "confluent",
            "linger.ms": _LINGER_MS,
            "queue.buffering.max.messages": 200_000,
            **{name.replace("_", "."): value for name, value in options.items()},
        }
    )
    for value in values:
        producer.produce(
            topic, value, on_delivery=lambda error, _: failed.append(error) if error else None
        )
        producer.poll(0)
    assert producer.flush(_PATIENCE_S) == 0
    assert failed == []


def confluent_transactions(
    bootstrap: str, topic: str, kept: list[bytes], lost: list[bytes]
) -> None:
    """By librdkafka: a transaction that is committed, one that is not, and one more that is.

    Args:
        bootstrap: Where it starts.
        topic: The topic.
        kept: Values of the transactions that are committed.
        lost: Values of the other one.
    """
    from confluent_kafka import Producer

    producer = Producer(
        {"bootstrap.servers": bootstrap, "transactional.id": topic, "linger.ms": _LINGER_MS}
    )
    producer.init_transactions(_PATIENCE_S)
    half = len(kept) // 2
    for values, commits in ((kept[:half], True), (lost, False), (kept[half:], True)):
        producer.begin_transaction()
        for value in values:
            producer.produce(topic, value)
            producer.poll(0)
        assert producer.flush(_PATIENCE_S) == 0
        if commits:
            producer.commit_transaction(_PATIENCE_S)
        else:
            producer.abort_transaction(_PATIENCE_S)


@contextmanager
def mock_cluster(topic: str) -> Iterator[int]:
    """librdkafka's own broker, for tests of clients; its port, with a topic."""
    from confluent_kafka import Producer

    producer = Producer({"test.mock.num.brokers": 1})
    cluster = producer.list_topics(topic, _PATIENCE_S)
    (broker,) = cluster.brokers.values()
    yield broker.port
    producer.flush(_PATIENCE_S)


def create_topic(bootstrap: str, topic: str, partitions: int) -> None:
    """Make a topic."""
    from confluent_kafka.admin import AdminClient
    from confluent_kafka.cimpl import NewTopic

    admin = AdminClient({"bootstrap.servers": bootstrap})
    for made in admin.create_topics([NewTopic(topic, partitions, 1)]).values():
        made.result(_PATIENCE_S)


def confluent_consume(bootstrap: str, topic: str, count: int) -> list[Consumed]:
    """By librdkafka."""
    from confluent_kafka import Consumer

    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "client.id": "confluent",
            "group.id": f"{topic}-readers",
            "auto.offset.reset": "earliest",
            "session.timeout.ms": 6_000,
        }
    )
    consumer.subscribe([topic])
    consumed: list[Consumed] = []
    try:
        while len(consumed) < count:
            messages = consumer.consume(1_000, _PATIENCE_S / 4)
            assert messages, f"{len(consumed)} of {count} records came"
            for message in messages:
                assert message.error() is None, message.error()
                consumed.append(_consumed(message))
    finally:
        consumer.close()
    return consumed


def kafka_python_produce(bootstrap: str, topic: str, values: list[bytes]) -> None:
    """By kafka-python."""
    from kafka import KafkaProducer

    producer = KafkaProducer(
        bootstrap_servers=bootstrap, client_id="kafka-python", linger_ms=_LINGER_MS
    )
    futures = [producer.send(topic, value) for value in values]
    producer.flush(_PATIENCE_S)
    for future in futures:
        future.get(_PATIENCE_S)
    producer.close()


def kafka_python_consume(bootstrap: str, topic: str, count: int) -> list[Consumed]:
    """By kafka-python."""
    from kafka import KafkaConsumer

    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        client_id="kafka-python",
        group_id=f"{topic}-readers",
        auto_offset_reset="earliest",
        consumer_timeout_ms=int(_PATIENCE_S * 500),
    )
    consumed: list[Consumed] = []
    try:
        for message in consumer:
            consumed.append(Consumed(message.partition, message.value, dict(message.headers)))
            if len(consumed) == count:
                break
    finally:
        consumer.close()
    return consumed


async def aiokafka_produce(
    bootstrap: str,
    topic: str,
    values: list[bytes],
    headers: Sequence[tuple[str, bytes]] = (),
    **options: Any,
) -> None:
    """By aiokafka; options are those of its producer."""
    from aiokafka import AIOKafkaProducer

    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, client_id="aiokafka", linger_ms=_LINGER_MS, **options
    )
    await producer.start()
    try:
        sent = [await producer.send(topic, value, headers=list(headers)) for value in values]
        for future in sent:
            await future
    finally:
        await producer.stop()


async def aiokafka_consume(bootstrap: str, topic: str, count: int) -> list[Consumed]:
    """By aiokafka."""
    from aiokafka import AIOKafkaConsumer

    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        client_id="aiokafka",
        group_id=f"{topic}-readers",
        auto_offset_reset="earliest",
    )
    await consumer.start()
    consumed: list[Consumed] = []
    try:
        while len(consumed) < count:
            batches = await consumer.getmany(timeout_ms=int(_PATIENCE_S * 250))
            assert batches, f"{len(consumed)} of {count} records came"
            for records in batches.values():
                consumed += [
                    Consumed(one.partition, one.value, dict(one.headers)) for one in records
                ]
    finally:
        await consumer.stop()
    return consumed


def _consumed(message: Any) -> Consumed:
    return Consumed(message.partition(), message.value(), dict(message.headers() or ()))


def bootstrap_of(world: World) -> str:
    """Where clients start: the proxy, never the broker."""
    return f"127.0.0.1:{world.plan.ports['edge_kafka']}"
