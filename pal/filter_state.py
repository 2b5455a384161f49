"""Filter state and dynamic metadata: what filters of one stream tell each other.

    filter_state.share("tenant", b"gold")             # read by others as `wasm.tenant`
    filter_state.get("wasm.tenant")
    filter_state.set_known("envoy.tcp_proxy.cluster", "blue", Span.CONNECTION)

Envoy lets a Wasm filter read dynamic metadata, and not write it.

Source: Envoy, `source/extensions/common/wasm/context.cc` and `foreign.cc`.
"""

from enum import Enum

from pal import attributes, foreign, hostcalls, status
from pal.errors import HostcallError


class Span(Enum):
    """How long an object lives, and who shares it.

    FILTER_CHAIN: one request in this chain of filters.
    REQUEST: one request, also over internal redirects.
    CONNECTION: the client's connection.
    """

    FILTER_CHAIN = 0
    REQUEST = 1
    CONNECTION = 2


class ValueType(Enum):
    """What other filters and `%FILTER_STATE%` take a shared value for."""

    BYTES = 0
    STRING = 1
    FLAT_BUFFERS = 2
    PROTOBUF = 3


def get(key: str) -> bytes | None:
    """An object of the filter state, serialised; None when there is none."""
    return attributes.get_bytes(f"filter_state\0{key}")


def share(name: str, value: bytes) -> None:
    """Store a value of one's own, in the filter state under `wasm.NAME`.

    Raises:
        HostcallError: BAD_ARGUMENT, it is declared read-only and stored already; NOT_FOUND, there
            is no stream in this callback.
    """
    code = hostcalls.set_property(name, value)
    if code != status.OK:
        raise HostcallError(f"set_property {name!r}", code)


def shared(name: str) -> bytes | None:
    """A value that `share` has stored; None when there is none."""
    return get(f"wasm.{name}")


def declare(
    name: str,
    value_type: ValueType = ValueType.BYTES,
    span: Span = Span.FILTER_CHAIN,
    read_only: bool = False,
    schema: bytes = b"",
) -> None:
    """Say how `share` stores `name`; once, in `on_configure`.

    Args:
        name: Name of the value.
        value_type: What others take it for.
        span: How long it lives.
        read_only: Whether it can be stored once only.
        schema: Of FLAT_BUFFERS the binary schema, of PROTOBUF the type's name.

    Raises:
        HostcallError: BAD_ARGUMENT, it is declared already.
    """
    foreign.declare_property(name, read_only, value_type.value, schema, span.value)


def set_known(key: str, value: str, span: Span = Span.FILTER_CHAIN) -> None:
    """Set an object that Envoy itself looks at, such as `envoy.tcp_proxy.cluster`.

    Args:
        key: One of Envoy's well-known filter state keys.
        value: Its text.
        span: How long it lives.

    Raises:
        HostcallError: NOT_FOUND, Envoy has no such key, or there is no stream in this callback;
            BAD_ARGUMENT, it does not take the value.
    """
    foreign.set_envoy_filter_state(key, value, span.value)


def metadata(namespace: str, key: str) -> bytes | None:
    """A value of the dynamic metadata, serialised as attributes are; None when there is none.

    Text is its bytes; of numbers and lists see `pal.attributes.decode_double` and `decode_list`.
    """
    return attributes.get_bytes(f"metadata\0filter_metadata\0{namespace}\0{key}")
