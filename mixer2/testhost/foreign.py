"""Foreign functions: what Envoy offers beside the ABI, by name.

Source: Envoy, `source/extensions/common/wasm/foreign.cc`.
"""

import zlib
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, TypeAlias

from mixer2.testhost import signatures
from mixer2.testhost.abi import Status
from mixer2.testhost.errors import Refused, UnsupportedError
from mixer2.testhost.pairs import decode_text
from mixer2.testhost.protobuf import last_bytes, last_number, read_fields

if TYPE_CHECKING:
    from mixer2.testhost.contexts import Context

ForeignFunction: TypeAlias = Callable[[bytes], bytes]
"""What a test adds: arguments in, result out; raise `Refused` for another status than OK."""


def _is_anything(_value: str) -> bool:
    return True


def _is_boolean(value: str) -> bool:
    return value in ("true", "false")


def _is_ip(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def _is_address(value: str) -> bool:
    host, _, port = value.rpartition(":")
    return _is_ip(host.strip("[]")) and port.isdigit()


FILTER_STATE_KEYS: Final[dict[str, Callable[[str], bool]]] = {
    "envoy.bool": _is_boolean,
    "envoy.filters.listener.original_dst.local_ip": _is_address,
    "envoy.filters.listener.original_dst.remote_ip": _is_address,
    "envoy.hashable_string": _is_anything,
    "envoy.network.application_protocols": _is_anything,
    "envoy.network.ip": _is_ip,
    "envoy.network.transport_socket.original_dst_address": _is_address,
    "envoy.network.upstream_server_name": _is_anything,
    "envoy.network.upstream_subject_alt_names": _is_anything,
    "envoy.ratelimit.hits_addend": str.isdigit,
    "envoy.string": _is_anything,
    "envoy.tcp_proxy.cluster": _is_anything,
    "envoy.tcp_proxy.disable_tunneling": _is_anything,
    "envoy.tcp_proxy.per_connection_idle_timeout_ms": str.isdigit,
    "envoy.upstream.dynamic_host": _is_anything,
    "envoy.upstream.dynamic_port": str.isdigit,
}
"""Keys that `set_envoy_filter_state` was seen to take, and what it takes for each."""


class ForeignFunctions:
    """The foreign functions of one proxy.

    Args:
        added: Functions that a test has added; they come first.
    """

    def __init__(self, added: Mapping[str, ForeignFunction]) -> None:
        self._added = added

    def call(self, context: "Context", name: str, arguments: bytes) -> bytes:
        """Call one. Refused with NOT_FOUND when there is none of that name.

        Raises:
            UnsupportedError: Envoy does something here that this host does not.
        """
        if name in self._added:
            return self._added[name](arguments)
        match name:
            case "compress":
                return zlib.compress(arguments)
            case "uncompress":
                return _uncompress(arguments)
            case "clear_route_cache":
                context.clear_route_cache()
                return b""
            case "set_envoy_filter_state":
                _set_filter_state(context, arguments)
                return b""
            case "sign":
                return signatures.sign(arguments)
            case "verify_signature":
                return signatures.verify_signature(arguments)
            case "declare_property":
                _declare_property(context, arguments)
                return b""
            case "expr_create":
                return context.root.expressions.create(arguments)
            case "expr_evaluate":
                return context.root.expressions.evaluate(context, arguments)
            case "expr_delete":
                context.root.expressions.delete(arguments)
                return b""
        raise Refused(Status.NOT_FOUND)


def _uncompress(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        raise Refused(Status.SERIALIZATION_FAILURE) from None


def _set_filter_state(context: "Context", arguments: bytes) -> None:
    """`SetEnvoyFilterStateArguments`: path 1, value 2, span 3."""
    fields = read_fields(arguments)
    if fields is None:
        raise Refused(Status.BAD_ARGUMENT)
    key, value = decode_text(last_bytes(fields, 1)), last_bytes(fields, 2)
    if key not in FILTER_STATE_KEYS:
        raise Refused(Status.NOT_FOUND)
    if not FILTER_STATE_KEYS[key](decode_text(value)):
        raise Refused(Status.BAD_ARGUMENT)
    if not context.set_filter_state(key, value):
        raise Refused(Status.NOT_FOUND)


def _declare_property(context: "Context", arguments: bytes) -> None:
    """`DeclarePropertyArguments`: name 1, readonly 2, type 3, schema 4, span 5."""
    fields = read_fields(arguments)
    if fields is None:
        raise Refused(Status.BAD_ARGUMENT)
    name = decode_text(last_bytes(fields, 1))
    declared = context.root.declared
    if name in declared:
        raise Refused(Status.BAD_ARGUMENT)
    if last_number(fields, 3) > 1:
        raise UnsupportedError(f"property {name!r} is declared as FlatBuffers or protobuf")
    declared[name] = last_number(fields, 2) != 0
