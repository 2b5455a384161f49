"""Canaries of topics: where records go, and what the client sees of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.events import KafkaBatch, KafkaUnparsed
from adapters.ingestion.kafka.canary import ByHeader, ByKey, ByShare, CanaryRule
from tests.adapters.ingestion.kafka import wire
from tests.adapters.ingestion.kafka.talking import (
    TRACEPARENT,
    answered,
    conversation,
    events,
    produced_batches,
    rewritten,
)
from tests.adapters.ingestion.kafka.wire import Record

CANARY = "orders-canary"
MARKED = ("x-canary", b"yes")
PLAIN: Record = (b"plain", b"v", [])
TAGGED: Record = (b"tagged", b"v" * 100, [MARKED, ("other", b"")])

versions = pytest.mark.parametrize("version", range(3, 13))


def by_header(value: bytes = b"") -> dict[str, CanaryRule]:
    return {"orders": ByHeader(CANARY, b"x-canary", value)}


def routed(version: int, batches: dict[tuple[str, int], bytes], **options: Any) -> Any:
    """What a broker gets in the place of some batches, and the conversation."""
    options.setdefault("canaries", by_header())
    one = conversation(**options)
    data = rewritten(one, [wire.request(wire.produce_request(version, batches))])
    return one, produced_batches(version, data)


def told(version: int, data: bytes) -> dict[tuple[str, int], tuple[int, int]]:
    """Error code and offset by partition, as a client reads a response."""
    kind = wire.schema("produce", version, "response").ProduceResponse
    assert int.from_bytes(data[:4], "big") == len(data) - 4
    body = wire.decoded(kind, data[8 + (1 if version >= 9 else 0) :])
    return {
        (topic.name, one.index): (int(one.error_code), one.base_offset)
        for topic in body.responses
        for one in topic.partition_responses
    }


@versions
@pytest.mark.parametrize("codec", [0, 1])
def test_tagged_records_go_to_the_canary(version: int, codec: int) -> None:
    batches = {
        ("orders", 0): wire.batch([PLAIN, TAGGED, PLAIN, TAGGED] * 10, codec),
        ("orders", 1): wire.batch([PLAIN] * 20, codec),
        ("payments", 0): wire.batch([TAGGED] * 20, codec),
        ("orders", 2): wire.batch([TAGGED] * 20, codec),
    }
    one, after = routed(version, batches)

    assert {place: wire.records_of(data) for place, data in after.items()} == {
        ("orders", 0): [PLAIN] * 20,
        (CANARY, 0): [TAGGED] * 20,
        ("orders", 1): [PLAIN] * 20,
        (CANARY, 2): [TAGGED] * 20,
        ("payments", 0): [TAGGED] * 20,
    }
    assert after["orders", 1] == batches["orders", 1]
    assert after["payments", 0] == batches["payments", 0]

    answer = wire.produce_response(
        version,
        {
            ("orders", 0): (0, 40),
            ("orders", 1): (0, 50),
            (CANARY, 0): (0, 7),
            (CANARY, 2): (0, 8),
            ("payments", 0): (6, -1),
        },
    )
    assert told(version, answered(one, [wire.response(answer)])) == {
        ("orders", 0): (0, 40),
        ("orders", 1): (0, 50),
        ("orders", 2): (0, 8),
        ("payments", 0): (6, -1),
    }
    facts = [fact for fact in events(one) if isinstance(fact, KafkaBatch)]
    assert [
        (fact.topic, fact.canary_of, fact.record_count, fact.base_offset) for fact in facts
    ] == [
        ("orders", "", 20, 40),
        (CANARY, "orders", 20, 7),
        ("orders", "", 20, 50),
        (CANARY, "orders", 20, 8),
        ("payments", "", 20, -1),
    ]


def test_offsets_and_time_stamps_of_the_parts_are_their_own() -> None:
    _, after = routed(9, {("orders", 0): wire.batch([PLAIN, TAGGED, PLAIN, PLAIN, TAGGED])})
    for place, count, latest in ((("orders", 0), 3, 3), ((CANARY, 0), 2, 4)):
        head = after[place]
        assert int.from_bytes(head[23:27], "big") == count - 1
        assert int.from_bytes(head[35:43], "big") == 1_700_000_000_000 + latest
        assert int.from_bytes(head[57:61], "big") == count
    assert [record.offset for record in wire.parsed(after[CANARY, 0])] == [0, 1]
    assert [record.timestamp - 1_700_000_000_000 for record in wire.parsed(after[CANARY, 0])] == [
        1,
        4,
    ]


def test_records_of_a_canary_get_a_context_too() -> None:
    _, after = routed(9, {("orders", 0): wire.batch([PLAIN, TAGGED])}, inject=True)
    context = ("traceparent", TRACEPARENT.encode())
    assert wire.records_of(after["orders", 0]) == [(PLAIN[0], PLAIN[1], [context])]
    assert wire.records_of(after[CANARY, 0]) == [(TAGGED[0], TAGGED[1], [*TAGGED[2], context])]


@versions
def test_every_cut_changes_the_same(version: int) -> None:
    request = wire.request(
        wire.produce_request(version, {("orders", 0): wire.batch([PLAIN, TAGGED])})
    )
    answer = wire.response(
        wire.produce_response(version, {("orders", 0): (0, 4), (CANARY, 0): (0, 9)})
    )

    def both(size: int) -> tuple[bytes, bytes]:
        one = conversation(canaries=by_header())
        sent = rewritten(one, [request[at : at + size] for at in range(0, len(request), size)])
        pieces = [answer[at : at + size] for at in range(0, len(answer), size)]
        assert answered(one, pieces[:-1]) == b""
        return sent, answered(one, pieces[-1:])

    expected = both(10_000)
    for size in (1, 2, 3, 5, 7, 50):
        assert both(size) == expected


@versions
@pytest.mark.parametrize(
    ("own", "canary", "expected"),
    [
        ((0, 5), (0, 9), (0, 5)),
        ((0, 5), (2, -1), (2, -1)),
        ((7, -1), (0, 9), (7, -1)),
        ((7, -1), (2, -1), (7, -1)),
        ((0, 5), (3, -1), (6, -1)),
    ],
)
def test_an_error_of_either_part_is_the_clients(
    version: int, own: tuple[int, int], canary: tuple[int, int], expected: tuple[int, int]
) -> None:
    one, _ = routed(version, {("orders", 0): wire.batch([PLAIN, TAGGED])})
    answer = wire.produce_response(version, {("orders", 0): own, (CANARY, 0): canary})
    assert told(version, answered(one, [wire.response(answer)])) == {("orders", 0): expected}


@pytest.mark.parametrize("error", [3, 5, 6, 17, 29])
def test_a_canary_that_is_not_at_this_broker_is_given_up(error: int) -> None:
    batches = {("orders", 0): wire.batch([TAGGED])}
    one, after = routed(9, batches)
    assert list(after) == [(CANARY, 0)]
    answer = wire.response(wire.produce_response(9, {(CANARY, 0): (error, -1)}))
    # The client looks where its topic is, and sends again.
    assert told(9, answered(one, [answer])) == {("orders", 0): (6, -1)}

    request = wire.request(wire.produce_request(9, batches))
    assert rewritten(one, [request]) == request


def test_idempotent_and_transactional_producers_keep_their_topic() -> None:
    one = conversation(canaries=by_header())
    batch = wire.batch([PLAIN, TAGGED], producer_id=5, producer_epoch=1, base_sequence=9)
    request = wire.request(wire.produce_request(9, {("orders", 0): batch}, acks=0))
    assert rewritten(one, [request]) == request
    assert events(one)[0] == KafkaUnparsed(0, 9, "idempotent")


def test_a_client_that_sends_to_the_canary_itself_keeps_both_apart() -> None:
    batches = {("orders", 0): wire.batch([TAGGED]), (CANARY, 0): wire.batch([PLAIN])}
    _, after = routed(9, batches)
    assert after == batches


def test_other_responses_pass_while_one_is_changed() -> None:
    one, _ = routed(9, {("orders", 0): wire.batch([PLAIN, TAGGED])})
    one.receive_data(wire.request(wire.metadata_request(12), correlation_id=1), 0)
    other = wire.response(wire.metadata_response(12, {}), 1)
    assert answered(one, [other[:10]]) == other[:10]
    answer = wire.response(
        wire.produce_response(9, {("orders", 0): (0, 4), (CANARY, 0): (0, 9)}), 77
    )
    assert answered(one, [other[10:] + answer[:20]]) == other[10:]
    assert told(9, answered(one, [answer[20:]])) == {("orders", 0): (0, 4)}


def test_what_has_begun_to_pass_is_not_held() -> None:
    one = conversation(canaries=by_header())
    one.receive_data(wire.request(wire.metadata_request(12), correlation_id=1), 0)
    other = wire.response(wire.metadata_response(12, {}), 1)
    assert answered(one, [other[:2]]) == other[:2]
    batches = {("orders", 0): wire.batch([TAGGED])}
    assert rewritten(one, [wire.request(wire.produce_request(9, batches))]) != b""
    assert answered(one, [other[2:5], other[5:]]) == other[2:]


def test_a_header_may_have_to_have_a_value() -> None:
    records: list[Record] = [(b"1", b"", [MARKED]), (b"2", b"", [("x-canary", b"no")])]
    _, after = routed(9, {("orders", 0): wire.batch(records)}, canaries=by_header(b"yes"))
    assert wire.records_of(after[CANARY, 0]) == records[:1]


def test_keys_go_the_same_way_every_time() -> None:
    keys = [b"key-%d" % number for number in range(2_000)]
    records: list[Record] = [(key, b"v", []) for key in keys * 2]
    canaries: dict[str, CanaryRule] = {"orders": ByKey(CANARY, 0.1)}
    _, after = routed(
        9, {("orders", 0): wire.batch([*records, (None, b"v", [])])}, canaries=canaries
    )
    moved = [key for key, _, _ in wire.records_of(after[CANARY, 0])]
    kept = [key for key, _, _ in wire.records_of(after["orders", 0])]
    assert 140 < len(moved) // 2 < 260
    assert moved[: len(moved) // 2] == moved[len(moved) // 2 :]
    assert not set(moved) & set(kept)
    assert kept[-1] is None


@given(st.floats(0, 1), st.integers(1, 400))
def test_a_share_is_kept_exactly(share: float, count: int) -> None:
    one = conversation(canaries={"orders": ByShare(CANARY, share)})
    batch = wire.batch([PLAIN] * count)
    data = rewritten(one, [wire.request(wire.produce_request(9, {("orders", 0): batch}))])
    after = produced_batches(9, data)
    moved = len(wire.records_of(after[CANARY, 0])) if (CANARY, 0) in after else 0
    assert abs(moved - share * count) <= 3
