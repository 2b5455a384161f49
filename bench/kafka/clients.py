"""librdkafka as producer and consumer: how long it takes to send records and to get them."""

import time
from dataclasses import dataclass
from typing import Any, Final

from bench.errors import BenchError

TOPIC: Final = "bench"
LARGE: Final = "bench-large"
_PATIENCE_S: Final = 60.0
_SESSION_MS: Final = 6_000


@dataclass(frozen=True, slots=True)
class Passed:
    """Records that went there and back.

    Attributes:
        produce_s: From the first record to the last acknowledgement, seconds.
        consume_s: From the first record that came to the last, seconds.
    """

    produce_s: float
    consume_s: float


def pass_through(port: int, records: int, size: int, codec: str, topics: list[str]) -> Passed:
    """Produce records to `TOPIC` and consume them.

    Args:
        port: Of the proxy on 127.0.0.1.
        records: How many.
        size: Bytes of each value.
        codec: How they are compressed.
        topics: Where they are looked for.

    Raises:
        BenchError: a record did not come through.
    """
    value = bytes(range(32, 127)) * (size // 95 + 1)
    values = [value[:size]] * records
    produce_s = _produce(port, TOPIC, values, {"compression.type": codec})
    return Passed(produce_s, _consume(port, topics, records, {}))


def create_topics(port: int, topics: list[str]) -> None:
    """Make topics of one partition."""
    from confluent_kafka.admin import AdminClient
    from confluent_kafka.cimpl import NewTopic

    admin = AdminClient({"bootstrap.servers": f"127.0.0.1:{port}"})
    for future in admin.create_topics([NewTopic(topic, 1, 1) for topic in topics]).values():
        future.result(_PATIENCE_S)


def pass_large(port: int, value: bytes) -> None:
    """Produce one large record to `LARGE` and consume it."""
    most = len(value) + 100_000
    _produce(port, LARGE, [value], {"message.max.bytes": most})
    _consume(port, [LARGE], 1, {"fetch.message.max.bytes": most})


def _produce(port: int, topic: str, values: list[bytes], settings: dict[str, Any]) -> float:
    from confluent_kafka import Producer

    failed: list[object] = []
    producer = Producer(
        {
            "bootstrap.servers": f"127.0.0.1:{port}",
            "linger.ms": 5,
            "queue.buffering.max.messages": 1_000_000,
            **settings,
        }
    )

    def told(error: object, _message: object) -> None:
        if error is not None:
            failed.append(error)

    started = time.monotonic()
    for value in values:
        producer.produce(topic, value, on_delivery=told)
        producer.poll(0)
    left = producer.flush(_PATIENCE_S)
    seconds = time.monotonic() - started
    if failed or left:
        raise BenchError(
            f"{len(failed)} records were refused, {left} not acknowledged: {failed[:1]}"
        )
    return seconds


def _consume(port: int, topics: list[str], records: int, settings: dict[str, Any]) -> float:
    from confluent_kafka import Consumer

    consumer = Consumer(
        {
            "bootstrap.servers": f"127.0.0.1:{port}",
            "group.id": "bench",
            "auto.offset.reset": "earliest",
            "session.timeout.ms": _SESSION_MS,
            **settings,
        }
    )
    consumer.subscribe(topics)
    got = 0
    started = 0.0
    try:
        while got < records:
            messages = consumer.consume(10_000, _PATIENCE_S / 4)
            if not messages:
                raise BenchError(f"{got} of {records} records came")
            started = started or time.monotonic()
            got += len([message for message in messages if message.error() is None])
    finally:
        seconds = time.monotonic() - started
        consumer.close()
    return seconds
