r"""Attributes: what the proxy knows of the exchange, the connection and itself.

A path names its elements with dots (`response.code`, `xds.node.id`). Where an element itself
holds a dot, separate the elements with NUL instead (`filter_state\0envoy.string`).

Every read is a host call of 1 to 2 us. What is readable depends on the callback: `request.duration`
only in `on_log`, `request.path` only in `on_request_headers` and `on_log`.

Source: Envoy documentation, "Attributes"; value encoding of `serializeValue` in Envoy's
`source/extensions/common/wasm/context.cc`.
"""

from typing import Final

from pal import hostcalls, status
from pal.errors import AttributeTypeError, HostcallError

_INT_BYTES: Final = 8


def get_bytes(path: str) -> bytes | None:
    """Serialised value; None when the attribute has no value here.

    Raises:
        HostcallError: the proxy refused for another reason than that.
    """
    if "\0" not in path:
        path = path.replace(".", "\0")
    value = hostcalls.get_property(path)
    if value is None:
        code = hostcalls.last_status()
        if code not in (status.NOT_FOUND, status.SERIALIZATION_FAILURE):
            raise HostcallError("get_property", code)
    return value


def get_str(path: str) -> str | None:
    """Value of a text attribute; None when it has none here."""
    value = get_bytes(path)
    if value is None:
        return None
    return value.decode("utf-8", "surrogateescape")


def get_int(path: str) -> int | None:
    """Value of an integer, timestamp or duration (both nanoseconds); None when it has none here.

    Raises:
        AttributeTypeError: the value is not 8 bytes long.
    """
    value = get_bytes(path)
    if value is None:
        return None
    if len(value) != _INT_BYTES:
        raise AttributeTypeError(f"{path}: expected an integer, got {len(value)} bytes")
    # Two's complement, little endian: only the highest byte has a sign.
    number = value[7]
    if number >= 0x80:
        number -= 0x100
    for index in range(6, -1, -1):
        number = number * 0x100 + value[index]
    return number


def get_bool(path: str) -> bool | None:
    """Value of a boolean attribute; None when it has none here.

    Raises:
        AttributeTypeError: the value is not one byte long.
    """
    value = get_bytes(path)
    if value is None:
        return None
    if len(value) != 1:
        raise AttributeTypeError(f"{path}: expected a boolean, got {len(value)} bytes")
    return value[0] != 0
