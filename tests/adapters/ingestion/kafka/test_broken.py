"""What is not as the protocol says passes untouched and is counted, and the next request works."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.events import KafkaBatch, KafkaUnparsed
from adapters.ingestion.kafka.canary import ByHeader, CanaryRule
from adapters.ingestion.kafka.errors import ProtocolError
from adapters.ingestion.kafka.records import Records
from tests.adapters.ingestion.kafka import wire
from tests.adapters.ingestion.kafka.talking import (
    RECORDS,
    TOPIC_IDS,
    conversation,
    events,
    rewritten,
)

GOOD = wire.batch(RECORDS)
CANARIES: dict[str, CanaryRule] = {"orders": ByHeader("canary", b"a", b"")}


def patched(at: int, *values: int) -> bytes:
    """The good batch with other bytes, and a checksum of them."""
    return wire.sealed(GOOD[:at] + bytes(values) + GOOD[at + len(values) :])


def length(value: int) -> bytes:
    """The good batch with another length."""
    return GOOD[:8] + value.to_bytes(4, "big", signed=True) + GOOD[12:]


def first_record(*varint: int) -> bytes:
    """A batch of one record that starts with these bytes."""
    return wire.sealed(GOOD[:57] + b"\0\0\0\1" + bytes(varint) + b"\0" * 20)


BROKEN = {
    "checksum": (GOOD[:17] + b"\0\0\0\0" + GOOD[21:], "checksum"),
    "a bit of a record": (GOOD[:-1] + bytes([GOOD[-1] ^ 1]), "checksum"),
    "format 1": (GOOD[:16] + b"\1" + GOOD[17:], "malformed"),
    "negative length": (length(-1), "malformed"),
    "length of a bomb": (length(2**31 - 1), "malformed"),
    "length below the head": (length(48), "malformed"),
    "length into the next": (length(len(GOOD)), "malformed"),
    "negative count": (patched(57, 0xFF, 0xFF, 0xFF, 0xFF), "malformed"),
    "count of a bomb": (patched(57, 0x7F, 0xFF, 0xFF, 0xFF), "malformed"),
    "a record too many": (patched(57, 0, 0, 0, 4), "malformed"),
    "a record too few": (patched(57, 0, 0, 0, 2), "malformed"),
    "record of negative length": (first_record(0x01), "malformed"),
    "record of a bomb": (first_record(0xFE, 0xFF, 0xFF, 0xFF, 0x0F), "malformed"),
    "varint that does not end": (first_record(*[0xFF] * 20), "malformed"),
    "key of a bomb": (first_record(0x26, 0, 0, 0, 0xFE, 0xFF, 0x7F), "malformed"),
    "value of a bomb": (first_record(0x26, 0, 0, 0, 1, 0xFE, 0xFF, 0x7F), "malformed"),
    "headers of a bomb": (first_record(0x26, 0, 0, 0, 1, 1, 0xFE, 0x7F), "malformed"),
    "negative headers": (first_record(0x26, 0, 0, 0, 1, 1, 1), "malformed"),
    "header name of a bomb": (first_record(0x26, 0, 0, 0, 1, 1, 2, 0xFE, 0x7F), "malformed"),
    "header without a name": (first_record(0x26, 0, 0, 0, 1, 1, 2, 1), "malformed"),
    "cut head": (GOOD[:40], "malformed"),
    "bytes behind the batch": (GOOD + b"\0", "malformed"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("with_canary", [False, True])
def test_a_broken_batch_is_left_to_the_broker(name: str, with_canary: bool) -> None:
    data, reason = BROKEN[name]
    one = conversation(inject=True, canaries=CANARIES if with_canary else None)
    request = wire.request(wire.produce_request(9, {("orders", 0): data}, acks=0))
    assert rewritten(one, [request]) == request
    assert events(one)[0] == KafkaUnparsed(0, 9, reason)

    again = wire.request(wire.produce_request(9, {("orders", 0): GOOD}, acks=0))
    assert len(rewritten(one, [again])) > len(again)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_batch_is_counted_where_nothing_is_changed(name: str) -> None:
    data, reason = BROKEN[name]
    one = conversation()
    request = wire.request(wire.produce_request(9, {("orders", 0): data}, acks=0))
    one.receive_data(request, 0)
    # Whoever only looks stops at the first record that tells a context; none of these does.
    assert events(one)[0] == KafkaUnparsed(0, 9, reason)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_batch_of_a_broker_is_counted(name: str) -> None:
    data, reason = BROKEN[name]
    if name in {"length of a bomb", "length into the next", "cut head", "bytes behind the batch"}:
        # Brokers cut the last batch.
        return
    one = conversation()
    one.receive_data(wire.request(wire.fetch_request(12)), 0)
    answer = wire.fetch_response(12, {("orders", 0): data}, TOPIC_IDS)
    one.receive_response_data(wire.response(answer), 0)
    assert KafkaUnparsed(1, 12, reason) in events(one)


REQUEST = wire.request(wire.produce_request(9, {("orders", 0): GOOD}))


@pytest.mark.parametrize(
    ("at", "values"),
    [
        (23, b"\xff\xff\xff\xff\x0f"),  # a transactional id of a bomb
        (30, b"\xff\xff\xff\xff\x0f"),  # topics of a bomb
        (31, b"\xff\xff\xff\xff\xff\xff"),  # a varint that does not end
    ],
)
def test_a_broken_request_passes_and_is_counted(at: int, values: bytes) -> None:
    one = conversation(inject=True)
    broken = REQUEST[:at] + values + REQUEST[at + len(values) :]
    assert rewritten(one, [broken]) == broken
    assert [type(event) for event in events(one)] == [KafkaUnparsed]
    assert len(rewritten(one, [REQUEST])) > len(REQUEST)


@pytest.mark.parametrize("size", [-1, 0, 7, 2**31 - 1])
def test_an_impossible_size_ends_the_following_and_nothing_else(size: int) -> None:
    one = conversation(inject=True)
    stream = REQUEST + size.to_bytes(4, "big", signed=True) + b"anything" * 100
    sent = rewritten(one, [stream])
    assert sent.endswith(stream[len(REQUEST) :])
    assert events(one) == [KafkaUnparsed(-1, -1, "malformed")]
    answer = wire.response(wire.produce_response(9, {("orders", 0): (0, 1)}))
    one.receive_response_data(answer, 0)
    assert isinstance(events(one)[0], KafkaBatch)


@given(st.binary(max_size=200), st.integers(0, 5))
def test_only_protocol_errors_escape_the_walk(noise: bytes, count: int) -> None:
    for data in (noise, GOOD[61:] + noise, GOOD[61 : 61 + len(noise)]):
        walk = Records(data)
        try:
            for _ in range(count):
                walk.advance()
                walk.header(b"traceparent")
                assert walk.start < walk.body_at <= walk.headers_at <= walk.end <= len(data)
        except ProtocolError:
            pass
