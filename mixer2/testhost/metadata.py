"""Metadata (`envoy.config.core.v3.Metadata`) as attributes show it.

Written by hand: loading protobuf takes longer than loading all the rest of the test host.
"""

import struct
from collections.abc import Mapping

from mixer2.testhost.properties import AttributeValue, Message
from mixer2.testhost.protobuf import bytes_field, write_varint


def metadata(namespaces: Mapping[str, Mapping[str, AttributeValue]] | None = None) -> Message:
    """A metadata message.

    Args:
        namespaces: `filter_metadata`: name -> structure of str, float, bool, None, lists, dicts.
    """
    filter_metadata = _as_json(namespaces or {})
    return Message({"filter_metadata": filter_metadata}, lambda: _serialise(filter_metadata))


def _as_json(value: AttributeValue) -> AttributeValue:
    """Numbers of a `Struct` are doubles."""
    if isinstance(value, Mapping):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _serialise(namespaces: Mapping[str, Mapping[str, AttributeValue]]) -> bytes:
    """`map<string, Struct> filter_metadata = 1`."""
    return b"".join(
        bytes_field(1, bytes_field(1, name.encode()) + bytes_field(2, _struct(members)))
        for name, members in namespaces.items()
    )


def _struct(members: Mapping[str, AttributeValue]) -> bytes:
    """`Struct`: `map<string, Value> fields = 1`."""
    return b"".join(
        bytes_field(1, bytes_field(1, name.encode()) + bytes_field(2, _value(value)))
        for name, value in members.items()
    )


def _value(value: AttributeValue) -> bytes:
    """`Value`: one of null 1, number 2, string 3, bool 4, struct 5, list 6."""
    match value:
        case None:
            return write_varint(1 << 3) + b"\0"
        case bool():
            return write_varint(4 << 3) + bytes([value])
        case float():
            return write_varint(2 << 3 | 1) + struct.pack("<d", value)
        case str():
            return bytes_field(3, value.encode())
        case dict():
            return bytes_field(5, _struct(value))
        case list():
            return bytes_field(6, b"".join(bytes_field(1, _value(item)) for item in value))
    raise TypeError(f"metadata cannot hold {value!r}")
