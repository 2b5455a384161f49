"""Foreign functions: what Envoy offers beside the ABI, all ten of them.

Every one raises `HostcallError` when the proxy refuses, with NOT_FOUND when it is no Envoy or one
that lacks the function.

Source: Envoy, `source/extensions/common/wasm/foreign.cc`, and its messages in `ext/*.proto`.
"""

from typing import Final

from pal import hostcalls
from pal.errors import HostcallError, PalError

_VARINT: Final = 0
_LENGTH_DELIMITED: Final = 2


class CryptoError(PalError):
    """Envoy could not sign or verify: a bad key, or an unknown hash."""


def call(name: str, arguments: bytes = b"") -> bytes:
    """Call a foreign function by name, for those that a build of the proxy adds."""
    result = hostcalls.call_foreign_function(name, arguments)
    if result is None:
        raise HostcallError(f"foreign function {name}", hostcalls.last_status())
    return result


def compress(data: bytes) -> bytes:
    """`data` in zlib's format."""
    return call("compress", data)


def uncompress(data: bytes) -> bytes:
    """What was compressed; SERIALIZATION_FAILURE when that is not zlib's format."""
    return call("uncompress", data)


def clear_route_cache() -> None:
    """Have the route chosen again: needed after a change of `:path` or `:authority`."""
    call("clear_route_cache")


def set_envoy_filter_state(key: str, value: str, span: int) -> None:
    """Set one of Envoy's own filter state objects; `pal.filter_state.set_known` names the spans."""
    call("set_envoy_filter_state", _text(1, key) + _text(2, value) + _number(3, span))


def declare_property(name: str, read_only: bool, kind: int, schema: bytes, span: int) -> None:
    """Say how `set_property` stores a name; `pal.filter_state.declare` names kinds and spans."""
    call(
        "declare_property",
        _text(1, name)
        + _number(2, int(read_only))
        + _number(3, kind)
        + _bytes(4, schema)
        + _number(5, span),
    )


class Expression:
    """A CEL expression over attributes, compiled once and evaluated in stream callbacks.

    Args:
        text: The expression, such as `request.path.startsWith('/api')`; BAD_ARGUMENT when it is
            none.
    """

    def __init__(self, text: str) -> None:
        self._token = call("expr_create", text.encode("utf-8", "surrogateescape"))

    def evaluate(self) -> bytes:
        """Its value, serialised as an attribute's; INTERNAL_FAILURE when there is none."""
        return call("expr_evaluate", self._token)

    def holds(self) -> bool:
        """Whether it is true; other values than true are not."""
        return self.evaluate() == b"\x01"

    def delete(self) -> None:
        """Free it; it cannot be evaluated any more."""
        call("expr_delete", self._token)


def verify_signature(
    hash_name: str, public_key: bytes, signature: bytes, text: bytes, public_key_pem: str = ""
) -> bool:
    """Whether `signature` is that of `text`.

    Args:
        hash_name: `sha256` and the like.
        public_key: The key as DER; empty when it is given as PEM.
        signature: The signature's bytes.
        text: What was signed.
        public_key_pem: The key as PEM.
    """
    answer = call(
        "verify_signature",
        _text(1, hash_name)
        + _bytes(2, public_key)
        + _bytes(3, signature)
        + _bytes(4, text)
        + _text(5, public_key_pem),
    )
    return _field(answer, 1) == b"\x01"


def sign(hash_name: str, private_key: bytes, text: bytes, private_key_pem: str = "") -> bytes:
    """The signature of `text`; keys as of `verify_signature`.

    Raises:
        CryptoError: Envoy could not sign; it says why.
    """
    answer = call(
        "sign",
        _text(1, hash_name) + _bytes(2, private_key) + _bytes(3, text) + _text(4, private_key_pem),
    )
    if _field(answer, 1) != b"\x01":
        reason = _field(answer, 3).decode("utf-8", "surrogateescape")
        raise CryptoError(reason or "no signature")
    return _field(answer, 2)


# The arguments and results are protobuf messages of bytes, text and small numbers.


def _varint(number: int) -> bytes:
    parts: list[int] = []
    while number >= 0x80:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def _number(field: int, value: int) -> bytes:
    return b"" if value == 0 else _varint(field << 3 | _VARINT) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    if not value:
        return b""
    return _varint(field << 3 | _LENGTH_DELIMITED) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode("utf-8", "surrogateescape"))


def _field(message: bytes, wanted: int) -> bytes:
    """Bytes of a field, a number's as one byte; empty when it is not there.

    What is malformed reads as if the message ended there.
    """
    at = 0
    while at < len(message):
        tag, at = _read_varint(message, at)
        size, at = _read_varint(message, at)
        if at < 0:
            break
        if tag & 7 == _VARINT:
            if tag >> 3 == wanted:
                return bytes([size & 0xFF])
            continue
        if tag & 7 != _LENGTH_DELIMITED or at + size > len(message):
            break
        if tag >> 3 == wanted:
            return message[at : at + size]
        at += size
    return b""


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    """A number, and where it ends; -1 when it does not."""
    number = 0
    shift = 0
    while 0 <= at < len(message) and shift < 35:
        byte = message[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
    return 0, -1
