"""Attributes: how a path is looked up, and how a value becomes bytes.

Source: Envoy, `context.cc`, `getProperty` and `serializeValue`.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from mixer2.testhost import pairs
from mixer2.testhost.abi import Status
from mixer2.testhost.errors import Refused
from mixer2.testhost.header_map import HeaderMap

AttributeValue: TypeAlias = Any
"""str, bytes, int (also times and durations, in nanoseconds), float, bool, None, a HeaderMap, a
Namespace, a Message, or a Mapping or Sequence of these."""

AttributePath: TypeAlias = str | tuple[str, ...]
"""`source.address`, or its elements when one of them has dots of its own."""


class Namespace:
    """A group of attributes, like `request`: it has members but no value of its own.

    Args:
        members: Those that are there now.
    """

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[str, AttributeValue]) -> None:
        self._members = members

    def member(self, name: str) -> AttributeValue:
        """Value of a member. Raises KeyError when it is not there."""
        return self._members[name]

    def members(self) -> Mapping[str, AttributeValue]:
        """All that are there."""
        return self._members


class Message:
    """A protobuf message: has fields, and its own bytes.

    Args:
        fields: The fields by name.
        serialise: Makes the bytes; raises UnsupportedError when nobody taught it to.
    """

    __slots__ = ("_fields", "serialise")

    def __init__(
        self, fields: Mapping[str, AttributeValue], serialise: Callable[[], bytes]
    ) -> None:
        self._fields = fields
        self.serialise = serialise

    def field(self, name: str) -> AttributeValue:
        """Value of a field. Raises KeyError when there is none of that name."""
        return self._fields[name]


def elements(path: AttributePath) -> tuple[str, ...]:
    """A path, in its elements."""
    return tuple(path.split(".")) if isinstance(path, str) else path


def step(value: AttributeValue, name: str) -> AttributeValue:
    """One element further. Raises KeyError when there is nothing of that name."""
    if isinstance(value, Namespace):
        return value.member(name)
    if isinstance(value, Message):
        return value.field(name)
    if isinstance(value, HeaderMap):
        values = value.get_all(name)
        if not values:
            raise KeyError(name)
        return ",".join(values)
    if isinstance(value, Mapping):
        return value[name]
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        if not name.isdigit() or int(name) >= len(value):
            raise KeyError(name)
        return value[int(name)]
    raise KeyError(name)


def lookup(top: Callable[[str], AttributeValue], path: str) -> AttributeValue:
    """The value at a path whose elements are separated by NUL.

    Args:
        top: Finds the first element; raises KeyError when there is nothing of that name.
        path: As the guest gave it.

    Raises:
        Refused: NOT_FOUND; SERIALIZATION_FAILURE for an empty path.
    """
    parts = path.split("\0")
    if parts[-1] == "":
        parts.pop()
    if not parts:
        raise Refused(Status.SERIALIZATION_FAILURE)
    try:
        value = top(parts[0])
        for part in parts[1:]:
            value = step(value, part)
    except KeyError:
        raise Refused(Status.NOT_FOUND) from None
    return value


def serialise(value: AttributeValue) -> bytes:
    """The bytes that `proxy_get_property` hands out.

    Raises:
        Refused: SERIALIZATION_FAILURE for None and for a Namespace.
    """
    match value:
        case bool():
            return b"\x01" if value else b"\x00"
        case int():
            return (value & (1 << 64) - 1).to_bytes(8, "little")
        case float():
            return struct.pack("<d", value)
        case str():
            return pairs.encode_text(value)
        case bytes():
            return value
        case Message():
            return value.serialise()
        case HeaderMap():
            joint = {name: ",".join(value.get_all(name)) for name in value}
            return _serialise_pairs(list(joint.items()))
        case Mapping():
            return _serialise_pairs([(key, serialise(item)) for key, item in value.items()])
        case Sequence():
            return _serialise_pairs([(serialise(item), b"") for item in value])
        case _:
            raise Refused(Status.SERIALIZATION_FAILURE)


def _serialise_pairs(items: Sequence[tuple[AttributeValue, AttributeValue]]) -> bytes:
    """As `pairs.encode`, but an empty map is its four zero bytes."""
    encoded = [(serialise(key), serialise(value)) for key, value in items]
    return pairs.encode(encoded) or b"\0\0\0\0"
