"""Both directions of a Kafka connection, as Kafka's own message definitions encode them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.events import KafkaBatch, KafkaExchange, KafkaUnparsed
from tests.adapters.ingestion.kafka import wire
from tests.adapters.ingestion.kafka.talking import (
    OWN,
    RECORDS,
    TOPIC_IDS,
    TRACEPARENT,
    conversation,
    events,
    produced_batches,
    rewritten,
)
from tests.adapters.ingestion.kafka.wire import Record

produce_versions = pytest.mark.parametrize("version", range(3, 13))


@produce_versions
def test_produced_batches_are_told_with_what_became_of_them(version: int) -> None:
    one = conversation()
    data = wire.batch(RECORDS)
    batches = {("orders", 0): data, ("orders", 3): data, ("payments", 1): data}
    one.receive_data(wire.request(wire.produce_request(version, batches)), 1_000)
    assert events(one) == []

    answer = wire.produce_response(
        version, {("orders", 0): (0, 40), ("orders", 3): (6, -1), ("payments", 1): (0, 9)}
    )
    one.receive_response_data(wire.response(answer), 5_000)

    *told, exchange = events(one)
    assert [
        (fact.topic, fact.partition, fact.error_code, fact.base_offset)
        for fact in told
        if isinstance(fact, KafkaBatch)
    ] == [("orders", 0, 0, 40), ("orders", 3, 6, -1), ("payments", 1, 0, 9)]
    assert told[0] == KafkaBatch(
        True, "orders", 0, "a-client", "", 40, 3, len(data), "none", 0, 1_000, 4_000, "", "", ""
    )
    assert isinstance(exchange, KafkaExchange)
    assert (exchange.api, exchange.version, exchange.throttle_ms) == ("Produce", version, 12)


@produce_versions
def test_records_get_a_context_and_stay_what_they_are(version: int) -> None:
    one = conversation(inject=True)
    traced: list[Record] = [(b"k", b"v", [("traceparent", OWN.encode())])]
    before = {
        ("orders", 0): wire.batch(RECORDS, producer_id=5, producer_epoch=1, base_sequence=9),
        ("orders", 1): wire.batch(traced),
        ("payments", 0): wire.batch(traced + RECORDS) + wire.batch(RECORDS),
    }
    request = wire.produce_request(version, before, transaction="tx")
    data = rewritten(one, [wire.request(request)])

    after = produced_batches(version, data)
    assert list(after) == list(before)
    for place, batches in before.items():
        expected = [
            (key, value, [*headers, ("traceparent", TRACEPARENT.encode())])
            if "traceparent" not in dict(headers)
            else (key, value, headers)
            for key, value, headers in wire.records_of(batches)
        ]
        assert wire.records_of(after[place]) == expected
    # Offset, epoch and sequence of the batch are the client's.
    first = ("orders", 0)
    assert after[first][23:61] == before[first][23:61]
    assert after["orders", 1] == before["orders", 1]


def test_contexts_are_told() -> None:
    one = conversation(inject=True)
    traced: list[Record] = [(b"k", b"v", [("traceparent", OWN.encode())])]
    batches = {("orders", 0): wire.batch(RECORDS), ("orders", 1): wire.batch(traced)}
    one.receive_data(wire.request(wire.produce_request(9, batches, acks=0)), 1_000)

    told = [event for event in events(one) if isinstance(event, KafkaBatch)]
    assert [(batch.traceparent, batch.injected) for batch in told] == [
        ("", TRACEPARENT),
        (OWN, ""),
    ]


@produce_versions
def test_every_cut_changes_the_same(version: int) -> None:
    request = wire.request(wire.produce_request(version, {("orders", 0): wire.batch(RECORDS)}))
    stream = request + wire.request(wire.metadata_request(9)) + request
    expected = rewritten(conversation(inject=True), [stream])
    assert len(expected) > len(stream)
    for cut in range(len(stream)):
        assert rewritten(conversation(inject=True), [stream[:cut], stream[cut:]]) == expected
    pieces = [stream[at : at + 1] for at in range(len(stream))]
    assert rewritten(conversation(inject=True), pieces) == expected


def test_only_what_may_be_changed_waits() -> None:
    one = conversation(inject=True, max_request=1_000)
    request = wire.request(wire.produce_request(9, {("orders", 0): wire.batch(RECORDS)}))
    other = wire.request(wire.metadata_request(9))
    for at in range(len(request) - 1):
        assert rewritten(one, [request[at : at + 1]]) == b""
    assert rewritten(one, [request[-1:] + other[:6]]).endswith(other[:6])
    assert rewritten(one, [other[6:] + request[:50]]) == other[6:]


def test_what_is_whole_goes_on_while_the_next_waits() -> None:
    one = conversation(inject=True, max_request=1_000)
    request = wire.request(wire.produce_request(9, {("orders", 0): wire.batch(RECORDS)}))
    large: list[Record] = [(b"k", bytes(100_000), [])]
    other = wire.request(wire.produce_request(9, {("orders", 0): wire.batch(large)}))
    sent = rewritten(one, [other + request + other + request[:2]])
    assert sent.startswith(other)
    assert sent.endswith(other)
    one.receive_data(b"", 0)
    assert one.pass_on(is_end=True) == request[:2]


def test_a_large_request_passes_and_is_counted() -> None:
    one = conversation(inject=True, max_request=1_000)
    large: list[Record] = [(b"k", b"v" * 5_000, [])]
    request = wire.request(wire.produce_request(9, {("orders", 0): wire.batch(large)}))
    assert rewritten(one, [request[:100]]) == request[:100]
    assert rewritten(one, [request[100:]]) == request[100:]
    assert events(one) == [KafkaUnparsed(0, 9, "too_large")]
    answer = wire.produce_response(9, {("orders", 0): (0, 40)})
    one.receive_response_data(wire.response(answer), 5)
    assert [type(event) for event in events(one)] == [KafkaExchange]


@pytest.mark.parametrize("version", range(4, 18))
def test_fetched_batches_are_told(version: int) -> None:
    one = conversation()
    one.receive_data(wire.request(wire.metadata_request(12), correlation_id=1), 0)
    one.receive_response_data(wire.response(wire.metadata_response(12, TOPIC_IDS), 1), 0)
    one.receive_data(
        wire.request(
            wire.schema("heartbeat", 4, "request").HeartbeatRequest(
                group_id="billing", generation_id=1, member_id="m", group_instance_id=None
            ),
            correlation_id=2,
        ),
        0,
    )
    events(one)
    traced: list[Record] = [(b"k", b"v", [("traceparent", OWN.encode())])]
    data = wire.batch(RECORDS, base_offset=40) + wire.batch(traced, base_offset=43)
    one.receive_data(wire.request(wire.fetch_request(version)), 1_000)
    answer = wire.fetch_response(version, {("orders", 2): data, ("payments", 0): b""}, TOPIC_IDS)
    one.receive_response_data(wire.response(answer), 3_000)

    first, second, exchange = events(one)
    assert isinstance(first, KafkaBatch)
    assert (first.base_offset, first.record_count, first.traceparent) == (40, 3, "")
    size = len(wire.batch(traced))
    assert second == KafkaBatch(
        is_produced=False,
        topic="orders",
        partition=2,
        client_id="a-client",
        group="billing",
        base_offset=43,
        record_count=1,
        size=size,
        codec="none",
        error_code=0,
        started_ns=1_000,
        duration_ns=2_000,
        traceparent=OWN,
        injected="",
        canary_of="",
    )
    assert first.size == len(data) - size
    assert isinstance(exchange, KafkaExchange)
    assert exchange.throttle_ms == 3


@pytest.mark.parametrize("version", range(4, 18))
def test_of_a_large_response_the_beginning_is_told(version: int) -> None:
    one = conversation(max_request=1_000, max_response=600)
    traced: list[Record] = [(b"k", b"v", [("traceparent", OWN.encode())])]
    data = wire.batch(traced, base_offset=5) + wire.batch([(b"k", b"v" * 5_000, [])])
    one.receive_data(wire.request(wire.fetch_request(version)), 0)
    answer = wire.response(wire.fetch_response(version, {("orders", 2): data}, TOPIC_IDS))
    for at in range(0, len(answer), 100):
        one.receive_response_data(answer[at : at + 100], 0)

    unparsed, batch, cut, exchange = events(one)
    assert unparsed == KafkaUnparsed(1, version, "too_large")
    assert isinstance(batch, KafkaBatch)
    assert isinstance(cut, KafkaBatch)
    assert (batch.base_offset, batch.record_count, batch.traceparent) == (5, 1, OWN)
    assert (cut.record_count, cut.traceparent) == (1, "")
    assert batch.size + cut.size == len(data)
    assert isinstance(exchange, KafkaExchange)
    assert exchange.response_bytes == len(answer) - 4


def test_unknown_versions_pass_and_are_counted() -> None:
    one = conversation(inject=True)
    head = b"\x00\x00\x00\x63" + b"\0\0\0\x05" + b"\xff\xff" + b"abc"
    stream = len(head).to_bytes(4, "big") + head
    assert rewritten(one, [stream]) == stream
    one.receive_response_data(b"\0\0\0\x06\0\0\0\x05zz", 9)
    assert events(one) == [
        KafkaUnparsed(0, 99, "version"),
        KafkaExchange("Produce", 99, "", len(head), 6, 0, 0),
    ]


def test_what_is_no_kafka_is_followed_no_more() -> None:
    one = conversation(inject=True)
    assert rewritten(one, [b"GE", b"T / HTTP/1.1\r\n", b"more"]) == b"GET / HTTP/1.1\r\nmore"
    assert events(one) == [KafkaUnparsed(-1, -1, "malformed")]


@given(st.lists(st.binary(max_size=300), max_size=6), st.booleans())
def test_nothing_is_ever_refused(pieces: list[bytes], prefixed: bool) -> None:
    one = conversation(inject=True)
    if prefixed:
        pieces = [wire.framed(piece) for piece in pieces]
    for piece in pieces:
        one.receive_data(piece, 0)
        one.pass_on(is_end=False)
        one.receive_response_data(piece, 0)
        one.pass_on_response(is_end=False)
    events(one)


REQUEST = wire.request(wire.produce_request(9, {("orders", 0): wire.batch(RECORDS)}))
ANSWER = wire.response(wire.fetch_response(12, {("orders", 0): wire.batch(RECORDS)}, TOPIC_IDS))


@given(st.data())
def test_changed_bytes_are_never_an_error(data: st.DataObject) -> None:
    one = conversation(inject=True)
    request, answer = bytearray(REQUEST), bytearray(ANSWER)
    for message in (request, answer):
        for _ in range(data.draw(st.integers(0, 3))):
            message[data.draw(st.integers(4, len(message) - 1))] = data.draw(st.integers(0, 255))
    sent = rewritten(one, [bytes(request)])
    one.receive_data(wire.request(wire.fetch_request(12)), 0)
    one.receive_response_data(bytes(answer), 0)
    events(one)
    assert int.from_bytes(sent[:4], "big") == len(sent) - 4
