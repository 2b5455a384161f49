"""The Kafka filter: records get contexts, everything is counted, nothing is lost."""

import json
import re
from typing import Any

import pytest

from mixer2.testhost import ConfigurationRefusedError, Connection, Host, Response
from mixer2.testhost.plugin import Load
from tests.adapters.ingestion.kafka import wire
from tests.adapters.ingestion.kafka.talking import produced_batches
from tests.adapters.ingestion.kafka.wire import Record

FILTER = "filters/kafka.py"
RECORDS: list[Record] = [(b"key", b"value", []), (None, b"v" * 200, [("a", b"1")])]
TRACEPARENT = re.compile(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-01")


def produce(version: int = 9, acks: int = -1, correlation_id: int = 77) -> bytes:
    batches = {("orders", 0): wire.batch(RECORDS), ("orders", 1): wire.batch(RECORDS)}
    return wire.request(
        wire.produce_request(version, batches, acks=acks), correlation_id=correlation_id
    )


def contexts(sent: bytes) -> set[bytes]:
    return set(TRACEPARENT.findall(sent))


def counted(host: Host) -> dict[str, int]:
    prefix = "mixer2_kafka_"
    return {
        name.removeprefix(prefix): count
        for name, count in host.stats.items()
        if name.startswith(prefix) and "bytes" not in name
    }


@pytest.mark.simulated("trace ids are random")
@pytest.mark.parametrize("cut", [0, 3, 5, 100])
def test_records_get_a_context_for_each_partition(load: Load, cut: int) -> None:
    connection = load(FILTER, {"inject": True}).connect()
    request = produce()
    connection.send(request[:cut])
    assert connection.upstream_received == b""
    connection.send(request[cut:])

    sent = connection.upstream_received
    assert int.from_bytes(sent[:4], "big") == len(sent) - 4
    assert len(contexts(sent)) == 2
    assert len(TRACEPARENT.findall(sent)) == 4


def test_requests_one_behind_the_other(load: Load) -> None:
    host = load(FILTER, {"inject": True})
    connection = host.connect()
    metadata = wire.request(wire.metadata_request(9), correlation_id=1)
    stream = metadata + produce(correlation_id=2) + produce(correlation_id=3)
    for at in range(0, len(stream), 97):
        connection.send(stream[at : at + 97])
    sent = connection.upstream_received
    assert sent.startswith(metadata)
    assert len(TRACEPARENT.findall(sent)) == 8

    results = {("orders", 0): (0, 5), ("orders", 1): (6, -1)}
    answer = wire.produce_response(9, results)
    connection.upstream_send(wire.response(answer, 2) + wire.response(answer, 3))
    assert connection.received == wire.response(answer, 2) + wire.response(answer, 3)
    assert counted(host) == {
        "requests_total{api=Produce}": 2,
        "produced_records_total{topic=orders}": 4,
        "errors_total{topic=orders,code=6}": 2,
    }
    assert host.samples["mixer2_kafka_throttle_ms{api=Produce}"] == [12, 12]


def test_observing_holds_and_changes_nothing(load: Load) -> None:
    host = load(FILTER, {})
    connection = host.connect()
    request = produce()
    for at in range(0, len(request), 50):
        connection.send(request[at : at + 50])
        assert connection.upstream_received == request[: at + 50]


def test_the_bytes_of_a_client_that_stops_in_the_middle_go_on(load: Load) -> None:
    connection = load(FILTER, {"inject": True}).connect()
    request = produce()
    connection.send(request[:-10])
    connection.half_close()
    assert connection.upstream_received == request[:-10]


def test_what_is_too_large_passes(load: Load) -> None:
    host = load(FILTER, {"inject": True, "max_request": 300})
    connection = host.connect()
    request = produce()
    connection.send(request[:100])
    assert connection.upstream_received == request[:100]
    connection.send(request[100:])
    assert connection.upstream_received == request
    assert counted(host) == {"unparsed_total{api=Produce,version=9,reason=too_large}": 1}


def test_what_is_no_kafka_passes(load: Load) -> None:
    host = load(FILTER, {"inject": True})
    connection = host.connect()
    connection.send(b"GET / HTTP/1.1\r\n\r\n")
    connection.upstream_send(b"HTTP/1.1 200 OK\r\n\r\n")
    assert connection.upstream_received == b"GET / HTTP/1.1\r\n\r\n"
    assert connection.received == b"HTTP/1.1 200 OK\r\n\r\n"
    assert counted(host) == {"unparsed_total{api=Api-1,version=-1,reason=malformed}": 2}


CANARY = {"topic": "orders", "to": "orders-canary", "header": {"name": "a"}}


@pytest.mark.parametrize("cut", [1, 9, 1_000])
@pytest.mark.parametrize("codec", [0, 1])
def test_a_canary_does_not_show(load: Load, codec: int, cut: int) -> None:
    host = load(FILTER, {"canary": [CANARY]})
    connection = host.connect()
    batch = wire.batch(RECORDS * 10, codec)
    connection.send(wire.request(wire.produce_request(9, {("orders", 0): batch})))
    assert produced_batches(9, connection.upstream_received).keys() == {
        ("orders", 0),
        ("orders-canary", 0),
    }

    answer = wire.produce_response(9, {("orders", 0): (0, 5), ("orders-canary", 0): (0, 1)})
    stream = wire.response(answer)
    for at in range(0, len(stream), cut):
        assert connection.received == b""
        connection.upstream_send(stream[at : at + cut])
    assert connection.received == wire.response(wire.produce_response(9, {("orders", 0): (0, 5)}))
    assert counted(host) == {
        "requests_total{api=Produce}": 1,
        "produced_records_total{topic=orders}": 10,
        "produced_records_total{topic=orders-canary}": 10,
        "canary_records_total{topic=orders,canary=orders-canary}": 10,
    }


@pytest.mark.simulated("trace ids are random")
def test_records_of_gzip_batches_get_a_context(load: Load) -> None:
    connection = load(FILTER, {"inject": True}).connect()
    batch = wire.batch(RECORDS * 20, codec=1)
    connection.send(wire.request(wire.produce_request(9, {("orders", 0): batch})))
    after = produced_batches(9, connection.upstream_received)["orders", 0]
    assert {dict(headers)["traceparent"] for _, _, headers in wire.records_of(after)} != set()
    assert len(wire.records_of(after)) == len(RECORDS) * 20


def test_a_broken_batch_passes_and_the_next_request_is_changed(load: Load) -> None:
    host = load(FILTER, {"inject": True})
    connection = host.connect()
    broken = produce()[:-1] + b"\x01"
    connection.send(broken)
    assert connection.upstream_received == broken
    connection.send(produce(correlation_id=78))
    assert len(connection.upstream_received) > 2 * len(broken)


def test_a_large_request_before_one_that_waits(load: Load) -> None:
    """Envoy reads no more than a buffer of 1 MiB: what can go must not wait in it."""
    connection = load(FILTER, {"inject": True}).connect()
    large = wire.request(
        wire.produce_request(9, {("orders", 0): wire.batch([(b"k", bytes(2_000_000), [])])})
    )
    connection.send(large + produce()[:100])
    assert connection.upstream_received == large
    connection.send(produce()[100:] + large)
    assert connection.upstream_received.endswith(large)


MB = 1 << 20


@pytest.mark.simulated("counts what a module keeps")
@pytest.mark.parametrize("inject", [False, True])
def test_a_batch_of_10_mb_is_passed_and_never_kept(load: Load, inject: bool) -> None:
    host = load(FILTER, {"inject": inject})
    start = host.memory_size
    connection = host.connect()
    connection.send(produce(correlation_id=1))
    large = wire.request(
        wire.produce_request(9, {("orders", 0): wire.batch([(b"k", bytes(10 * MB), [])])})
    )
    passed = len(connection.upstream_received)
    for at in range(0, len(large), MB // 4):
        connection.send(large[at : at + MB // 4])
        passed += len(large[at : at + MB // 4])
        assert len(connection.upstream_received) >= passed
    answer = wire.produce_response(9, {("orders", 0): (0, 5)})
    connection.upstream_send(wire.response(answer))
    fetched = wire.fetch_response(11, {("orders", 0): wire.batch([(b"k", bytes(10 * MB), [])])}, {})
    connection.send(wire.request(wire.fetch_request(11), correlation_id=2))
    stream = wire.response(fetched, 2)
    for at in range(0, len(stream), MB // 4):
        connection.upstream_send(stream[at : at + MB // 4])
    assert connection.received.endswith(stream)
    memory = host.memory_size
    # Half a megabyte of request and one of response, each with a copy being made.
    assert memory is None or start is None or memory - start <= 8 * MB


@pytest.mark.simulated("trace ids are random")
def test_nothing_is_left_of_many_connections(load: Load) -> None:
    host = load(FILTER, {"inject": True})
    answer = wire.response(wire.produce_response(9, {("orders", 0): (0, 5), ("orders", 1): (0, 1)}))

    def exchange() -> None:
        connection = host.connect()
        connection.send(produce())
        connection.upstream_send(answer)
        connection.close()

    for _ in range(3):
        exchange()
    before = host.live_objects
    for _ in range(20):
        exchange()
    assert host.live_objects == before


def spans(host: Host) -> list[dict[str, Any]]:
    return [span for callout in host.http_callouts for span in json.loads(callout.request.body)]


def test_spans_of_what_was_produced_and_fetched(load: Load) -> None:
    tracing = {"cluster": "zipkin", "format": "zipkin", "service": "orders"}
    host = load(FILTER, {"inject": True, "tracing": tracing}, clusters={"zipkin": Response(202)})
    producer = host.connect()
    producer.send(produce())
    results = {("orders", 0): (0, 5), ("orders", 1): (6, -1)}
    producer.upstream_send(wire.response(wire.produce_response(9, results)))
    stored = wire.batch([(b"k", b"v", [("traceparent", contexts_of(producer)[0])])], base_offset=5)

    consumer = host.connect()
    consumer.send(wire.request(wire.fetch_request(11), client_id="reader"))
    answer = wire.fetch_response(11, {("orders", 0): stored}, {})
    consumer.upstream_send(wire.response(answer))
    host.advance(2)

    first, second, fetched = spans(host)
    assert [first["name"], first["kind"]] == ["send orders", "PRODUCER"]
    assert first["tags"]["messaging.kafka.offset"] == "5"
    assert first["tags"]["messaging.batch.message_count"] == "2"
    assert second["tags"]["error.type"] == "6"
    assert "parentId" not in first
    assert [fetched["name"], fetched["kind"]] == ["poll orders", "CONSUMER"]
    assert (fetched["traceId"], fetched["parentId"]) == (first["traceId"], first["id"])
    assert fetched["tags"]["messaging.client.id"] == "reader"


def contexts_of(connection: Connection) -> list[bytes]:
    """Trace contexts that the records of a client got, in their order, each once."""
    return list(dict.fromkeys(TRACEPARENT.findall(connection.upstream_received)))


def test_a_collector_that_is_down_breaks_nothing(load: Load) -> None:
    tracing = {"cluster": "zipkin", "format": "zipkin", "buffer": {"interval": "100ms"}}
    host = load(FILTER, {"inject": True, "tracing": tracing}, clusters={"zipkin": Response(503)})
    connection = host.connect()
    connection.send(produce())
    results = {("orders", 0): (0, 5), ("orders", 1): (0, 1)}
    connection.upstream_send(wire.response(wire.produce_response(9, results)))
    host.advance(5)

    assert host.stats["mixer2_report_errors_total{handler=tracing}"] == 3
    assert host.stats["mixer2_report_dropped_total{handler=tracing}"] == 2


@pytest.mark.parametrize(
    "configuration",
    [
        {"tracing": {}},
        {"inject": 1},
        {"max_request": 3},
        {"max_topics": 0},
        {"max_unpacked": 0},
        {"topics": []},
        {"canary": [{"topic": "a", "to": "b"}]},
        {"canary": [{"topic": "a", "share": 0.5}]},
        {"canary": [{"to": "b", "share": 0.5}]},
        {"canary": [{"topic": "a", "to": "a", "share": 0.5}]},
        {"canary": [{"topic": "a", "to": "b", "share": 1.5}]},
        {"canary": [{"topic": "a", "to": "b", "share": 0.5, "keys": 0.5}]},
        {"canary": [{"topic": "a", "to": "b", "header": {}}]},
        {"canary": [{"topic": "a", "to": "b", "header": {"name": "x", "key": "y"}}]},
        {"canary": [CANARY, CANARY]},
        {"canary": [CANARY, {**CANARY, "topic": "orders-canary", "to": "b"}]},
    ],
)
def test_a_wrong_configuration_is_refused(load: Load, configuration: object) -> None:
    with pytest.raises(ConfigurationRefusedError):
        load(FILTER, configuration)
