r"""Attributes: what the proxy knows of the exchange, the connection and itself.

A path names its elements with dots (`response.code`, `xds.node.id`). Where an element itself
holds a dot, separate the elements with NUL instead (`filter_state\0envoy.string`).

Every read is a host call of 1 to 2 us. What is readable depends on the callback: `request.duration`
only in `on_log`, `request.path` only in `on_request_headers` and `on_log`.

`pal.facts` has a function for every path that Envoy has.

Source: Envoy documentation, "Attributes"; value encoding of `serializeValue` in Envoy's
`source/extensions/common/wasm/context.cc`.
"""

from typing import Final

from pal import hostcalls, pairs, status
from pal.errors import AttributeTypeError, HostcallError

_INT_BYTES: Final = 8

_DOUBLE_SPECIAL: Final = 0x7FF
_DOUBLE_IMPLICIT: Final = 1 << 52
_DOUBLE_BIAS: Final = 1075
_DOUBLE_SMALLEST: Final = 5e-324


def get_bytes(path: str) -> bytes | None:
    """Serialised value; None when the attribute has no value here.

    Raises:
        HostcallError: the proxy refused for another reason than that.
    """
    value = hostcalls.get_property(separated(path))
    if value is None:
        _check_absent()
    return value


def get_str(path: str) -> str | None:
    """Value of a text attribute; None when it has none here."""
    value = _text(path)
    if value is None:
        _check_absent()
    return value


def _text(path: str) -> str | None:
    """Value of a text attribute. Why there is none says the last status.

    In profile aot build/runtime/hostcalls.c.
    """
    value = hostcalls.get_property(separated(path))
    return None if value is None else value.decode("utf-8", "surrogateescape")


def _check_absent() -> None:
    code = hostcalls.last_status()
    if code not in (status.NOT_FOUND, status.SERIALIZATION_FAILURE):
        raise HostcallError("get_property", code)


def get_int(path: str) -> int | None:
    """Value of an integer, timestamp or duration (both nanoseconds); None when it has none here.

    Raises:
        AttributeTypeError: the value is not 8 bytes long.
    """
    value = _number(path)
    return value if _is_there(path) else None


def int_or(path: str, otherwise: int) -> int:
    """Value as of `get_int`, `otherwise` when it has none here; for what each request reads."""
    value = _number(path)
    if hostcalls.last_status() == status.OK or _is_there(path):
        return value
    return otherwise


def _number(path: str) -> int:
    """The number in the 8 bytes of a value. What the last status says is for `_is_there`.

    In profile aot build/runtime/host_numbers.c, which tells a value of another size by status
    PARSE_FAILURE.
    """
    value = hostcalls.get_property(separated(path))
    if value is None:
        return 0
    if len(value) != _INT_BYTES:
        raise _no_integer(path, value)
    return int.from_bytes(value, "little", signed=True)


def _is_there(path: str) -> bool:
    """Whether `_number` just found a value."""
    code = hostcalls.last_status()
    if code == status.OK:
        return True
    if code == status.PARSE_FAILURE:
        raise _no_integer(path, get_bytes(path) or b"")
    if code not in (status.NOT_FOUND, status.SERIALIZATION_FAILURE):
        raise HostcallError("get_property", code)
    return False


def _no_integer(path: str, value: bytes) -> AttributeTypeError:
    return AttributeTypeError(f"{path}: expected an integer, got {len(value)} bytes")


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


def get_double(path: str) -> float | None:
    """Value of a floating-point attribute, as numbers of metadata are; None without one here.

    Raises:
        AttributeTypeError: the value is not 8 bytes long.
    """
    value = get_bytes(path)
    if value is None:
        return None
    if len(value) != _INT_BYTES:
        raise AttributeTypeError(f"{path}: expected a number, got {len(value)} bytes")
    return decode_double(value)


def get_map(path: str) -> list[tuple[str, bytes]]:
    """Names and serialised values of a map, in its order; of a header map text is its bytes.

    Empty when the attribute has no value here.
    """
    return decode_map(get_bytes(path) or b"")


def get_text_map(path: str) -> list[tuple[str, str]]:
    """Names and values of a map of text, such as `request.headers`; empty without one here."""
    return pairs.items(get_bytes(path) or b"")


def get_list(path: str) -> list[bytes]:
    """Serialised items of a list; empty when the attribute has no value here."""
    return decode_list(get_bytes(path) or b"")


def decode_map(value: bytes) -> list[tuple[str, bytes]]:
    """Names and serialised values of a serialised map."""
    return [(name, text.encode("utf-8", "surrogateescape")) for name, text in pairs.items(value)]


def decode_list(value: bytes) -> list[bytes]:
    """Serialised items of a serialised list."""
    return [name.encode("utf-8", "surrogateescape") for name, _ in pairs.items(value)]


def decode_double(value: bytes) -> float:
    """The number in 8 bytes: IEEE 754, binary64, little endian."""
    exponent = (value[7] & 0x7F) << 4 | value[6] >> 4
    fraction = value[6] & 0x0F
    for index in range(5, -1, -1):
        fraction = fraction << 8 | value[index]
    if exponent == _DOUBLE_SPECIAL:
        magnitude = float("inf") if fraction == 0 else float("nan")
    elif exponent == 0:
        magnitude = fraction * _DOUBLE_SMALLEST
    else:
        # Exact: the integer has 53 bits, and each factor is a power of two.
        magnitude = float(fraction | _DOUBLE_IMPLICIT)
        shift = exponent - _DOUBLE_BIAS
        while shift > 0:
            step = min(shift, 60)
            magnitude *= float(1 << step)
            shift -= step
        while shift < 0:
            step = min(-shift, 60)
            magnitude /= float(1 << step)
            shift += step
    return -magnitude if value[7] & 0x80 else magnitude


def separated(path: str) -> str:
    """The path with its elements separated by NUL: what is read often is found sooner by that.

    In profile aot build/runtime/names.c.
    """
    return path if "\0" in path else path.replace(".", "\0")
