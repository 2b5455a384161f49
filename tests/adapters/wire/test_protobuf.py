"""Protobuf's wire format, against the protobuf library."""

import pytest
from envoy.service.ratelimit.v3 import rls_pb2
from google.protobuf import struct_pb2, wrappers_pb2
from hypothesis import given
from hypothesis import strategies as st

from adapters.wire.protobuf import MessageReader, MessageWriter, ProtobufError
from tests.adapters.wire.strategies import clean, numbers, texts


@given(st.integers(-(2**62), 2**62 - 1))
def test_every_int_of_the_dialect_is_read(number: int) -> None:
    reader = MessageReader(wrappers_pb2.Int64Value(value=number).SerializeToString())

    assert reader.next_field() == (number != 0)
    if number:
        assert reader.varint() == number
        assert not reader.next_field()


@pytest.mark.parametrize("number", [-(2**63), -(2**62) - 1, 2**62, 2**63 - 1])
def test_what_the_dialect_cannot_hold_is_refused(number: int) -> None:
    data = wrappers_pb2.Int64Value(value=number).SerializeToString()

    with pytest.raises(ProtobufError, match="beyond 62 bits"):
        MessageReader(data).next_field()


def test_an_unsigned_number_beyond_is_refused() -> None:
    for number in (2**62, 2**63, 2**64 - 2**62 - 1):
        data = wrappers_pb2.UInt64Value(value=number).SerializeToString()
        with pytest.raises(ProtobufError, match="beyond 62 bits"):
            MessageReader(data).next_field()


@given(numbers, st.integers(1, 2**29 - 1))
def test_what_is_written_is_read(number: int, field: int) -> None:
    writer = MessageWriter()
    writer.varint(field, number)

    reader = MessageReader(writer.finish())

    if number:
        assert reader.next_field()
        assert (reader.number, reader.varint()) == (field, number)
    assert not reader.next_field()


@given(texts, st.binary(max_size=300), numbers)
def test_the_library_reads_what_is_written(text: str, data: bytes, number: int) -> None:
    inner = MessageWriter()
    inner.text(3, text)
    value = MessageWriter()
    value.message(1, inner)
    value.varint(99, number)
    value.fixed32(100, 7)
    value.fixed64(101, number)
    value.data(102, data)

    parsed = struct_pb2.ListValue()
    parsed.ParseFromString(value.finish())

    assert parsed.values[0].string_value == clean(text)
    parsed.DiscardUnknownFields()
    expected = struct_pb2.ListValue()
    expected.values.append(
        struct_pb2.Value(string_value=clean(text)) if text else struct_pb2.Value()
    )
    assert parsed == expected


@given(st.binary(max_size=200))
def test_only_protobuf_error_ever_escapes(data: bytes) -> None:
    read_all(MessageReader(data), depth=3)


def read_all(reader: MessageReader, depth: int) -> None:
    for read in (reader.varint, reader.text, reader.message):
        try:
            while reader.next_field():
                found = read()
                if isinstance(found, MessageReader) and depth:
                    read_all(found, depth - 1)
        except ProtobufError:
            pass


@given(st.lists(texts), st.integers(0, 2**32 - 1))
def test_what_the_library_writes_is_read(values: list[str], hits: int) -> None:
    message = rls_pb2.RateLimitRequest(domain="d", hits_addend=hits)
    for value in values:
        entry = message.descriptors.add().entries.add()
        entry.key = "key"
        entry.value = clean(value)
    reader = MessageReader(message.SerializeToString())
    found: list[str] = []
    read_hits = 0
    while reader.next_field():
        if reader.number == 2:
            descriptor = reader.message()
            assert descriptor.next_field()
            entries = descriptor.message()
            assert entries.next_field()
            assert entries.text() == "key"
            found.append(entries.text() if entries.next_field() else "")
        elif reader.number == 3:
            read_hits = reader.varint()

    assert found == [clean(value) for value in values]
    assert read_hits == hits


def test_a_field_of_another_kind_is_refused() -> None:
    writer = MessageWriter()
    writer.varint(1, 5)
    reader = MessageReader(writer.finish())
    assert reader.next_field()

    with pytest.raises(ProtobufError, match="field 1: expected wire type 2, got 0"):
        reader.text()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x08", "ends within a number"),
        (b"\x0a\x05ab", "5 bytes, beyond the message's end"),
        (b"\x00", "field number 0"),
        (b"\x0b", "wire type 3"),
        (b"\x0d\x00", "4 bytes, beyond"),
        (b"\x08" + b"\xff" * 9 + b"\x02", "beyond 62 bits"),
    ],
)
def test_what_is_no_message_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ProtobufError, match=reason):
        MessageReader(data).next_field()
