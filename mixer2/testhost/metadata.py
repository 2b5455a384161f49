"""Metadata (`envoy.config.core.v3.Metadata`) as attributes show it."""

from collections.abc import Mapping

from google.protobuf.struct_pb2 import Struct

from mixer2.testhost.properties import AttributeValue, Message
from mixer2.testhost.protobuf import bytes_field


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
    result = b""
    for name, members in namespaces.items():
        struct = Struct()
        struct.update(dict(members))
        serialised = struct.SerializeToString(deterministic=True)
        entry = bytes_field(1, name.encode()) + bytes_field(2, serialised)
        result += bytes_field(1, entry)
    return result
