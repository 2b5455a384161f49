"""Compressed batches: gzip is read and written, of the others the head is read."""

import gzip

import pytest

from adapters.events import KafkaBatch, KafkaUnparsed
from tests.adapters.ingestion.kafka import wire
from tests.adapters.ingestion.kafka.talking import (
    MAX_UNPACKED,
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

GZIP = 1
CODECS = {2: "snappy", 3: "lz4", 4: "zstd", 5: "unknown"}
TRACED: list[Record] = [(b"k", b"v", [("traceparent", OWN.encode())])]


@pytest.mark.parametrize("version", range(3, 13))
def test_records_of_gzip_batches_get_a_context(version: int) -> None:
    one = conversation(inject=True)
    batch = wire.batch(
        TRACED + RECORDS * 20, GZIP, producer_id=5, producer_epoch=1, base_sequence=9
    )
    data = rewritten(one, [wire.request(wire.produce_request(version, {("orders", 0): batch}))])

    after = produced_batches(version, data)["orders", 0]
    assert [headers for _, _, headers in wire.records_of(after)] == [
        [("traceparent", OWN.encode())],
        *[[*headers, ("traceparent", TRACEPARENT.encode())] for _, _, headers in RECORDS * 20],
    ]
    assert after[23:61] == batch[23:61]
    assert after[22] == GZIP


def test_gzip_batches_whose_records_have_contexts_stay() -> None:
    one = conversation(inject=True)
    batches = {("orders", 0): wire.batch(TRACED * 20, GZIP)}
    request = wire.request(wire.produce_request(9, batches, acks=0))
    assert rewritten(one, [request]) == request
    batch, _ = events(one)
    assert isinstance(batch, KafkaBatch)
    assert (batch.codec, batch.record_count, batch.traceparent) == ("gzip", 20, OWN)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("inject", [False, True])
def test_other_codecs_are_left_alone_and_counted(codec: int, inject: bool) -> None:
    one = conversation(inject)
    data = wire.with_codec(wire.batch(RECORDS), codec)
    request = wire.request(wire.produce_request(9, {("orders", 0): data}, acks=0))
    assert rewritten(one, [request]) == request
    unparsed, batch, _ = events(one)
    assert unparsed == KafkaUnparsed(0, 9, "codec")
    assert isinstance(batch, KafkaBatch)
    assert (batch.codec, batch.record_count) == (CODECS[codec], 3)


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (gzip.compress(bytes(MAX_UNPACKED + 1)), "too_large"),
        (gzip.compress(bytes(MAX_UNPACKED + 1))[:-4] + b"\x10\0\0\0", "malformed"),
        (gzip.compress(b"no records"), "malformed"),
        (b"no gzip", "malformed"),
        (b"", "malformed"),
    ],
)
def test_what_is_no_gzip_is_left_to_the_broker(packed: bytes, reason: str) -> None:
    one = conversation(inject=True)
    data = wire.sealed(wire.with_codec(wire.batch(RECORDS), GZIP)[:61] + packed)
    request = wire.request(wire.produce_request(9, {("orders", 0): data}, acks=0))
    assert rewritten(one, [request]) == request
    assert events(one)[0] == KafkaUnparsed(0, 9, reason)


def test_contexts_of_fetched_gzip_batches_are_told() -> None:
    one = conversation()
    one.receive_data(wire.request(wire.fetch_request(12)), 0)
    data = wire.batch(TRACED * 20, GZIP, base_offset=7)
    answer = wire.fetch_response(12, {("orders", 2): data}, TOPIC_IDS)
    one.receive_response_data(wire.response(answer), 0)
    batch, _ = events(one)
    assert isinstance(batch, KafkaBatch)
    assert (batch.base_offset, batch.codec, batch.traceparent) == (7, "gzip", OWN)
