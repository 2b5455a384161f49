"""TLS: the ClientHello, the server name and the protocols that it offers.

Source: RFC 8446 sections 4.1.2 and 5.1, RFC 6066 section 3 (server_name), RFC 7301 section 3.1
(application_layer_protocol_negotiation).
"""

from dataclasses import dataclass
from typing import Final

PROTOCOL: Final = "tls"

_HANDSHAKE: Final = 22
_CLIENT_HELLO: Final = 1
_RECORD_HEADER: Final = 5
_HANDSHAKE_HEADER: Final = 4
_MAX_RECORD: Final = 16_384

_SERVER_NAME: Final = 0
_ALPN: Final = 16
_HOST_NAME: Final = 0


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What a client offers.

    Attributes:
        server_name: The name it wants to reach, lower case; empty when it names none.
        application_protocols: ALPN, in its order of preference.
    """

    server_name: str
    application_protocols: list[str]


def may_start(head: bytes) -> bool:
    """Whether a TLS record with a ClientHello may start with these bytes."""
    if head[0] != _HANDSHAKE:
        return False
    if len(head) > 1 and head[1] != 3:
        return False
    if len(head) > 2 and head[2] > 4:
        return False
    if len(head) >= _RECORD_HEADER and not 1 <= _uint16(head, 3) <= _MAX_RECORD:
        return False
    return len(head) <= _RECORD_HEADER or head[_RECORD_HEADER] == _CLIENT_HELLO


def is_certain(head: bytes) -> bool:
    """Whether bytes that `may_start` suffice to say that they are TLS."""
    return len(head) > _RECORD_HEADER


def parse(head: bytes) -> ClientHello | None:
    """The ClientHello at the start of a connection; None while it is not complete.

    A malformed one offers nothing: it is for the server to refuse it.

    Args:
        head: The first bytes, of which `may_start` and `is_certain` hold.
    """
    message = _handshake(head)
    return None if message is None else _Reader(message).client_hello()


def _handshake(head: bytes) -> bytes | None:
    """The body of the first handshake message, which may come in several records."""
    message = b""
    at = 0
    while True:
        if len(head) < at + _RECORD_HEADER:
            return None
        if head[at] != _HANDSHAKE:
            return message[_HANDSHAKE_HEADER:]
        end = at + _RECORD_HEADER + _uint16(head, at + 3)
        message += head[at + _RECORD_HEADER : end]
        if len(message) >= _HANDSHAKE_HEADER:
            whole = _HANDSHAKE_HEADER + (message[1] << 16 | _uint16(message, 2))
            if len(message) >= whole:
                return message[_HANDSHAKE_HEADER:whole]
        if len(head) < end:
            return None
        at = end


class _Reader:
    """A ClientHello's body, read in order; what is cut short reads as empty."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def client_hello(self) -> ClientHello:
        self._skip(2 + 32)
        self._skip(self._uint8())
        self._skip(self._uint16())
        self._skip(self._uint8())
        server_name = ""
        application_protocols: list[str] = []
        end = min(len(self._body), self._uint16() + self._at)
        while self._at + 4 <= end:
            extension = self._uint16()
            size = self._uint16()
            content = self._body[self._at : self._at + size]
            self._skip(size)
            if extension == _SERVER_NAME:
                server_name = _Reader(content).server_name()
            elif extension == _ALPN:
                application_protocols = _Reader(content).protocol_names()
        return ClientHello(server_name, application_protocols)

    def server_name(self) -> str:
        """The host name in a server_name extension."""
        self._skip(2)
        while self._at + 3 <= len(self._body):
            kind = self._uint8()
            name = self._take(self._uint16())
            if kind == _HOST_NAME:
                return _text(name).lower()
        return ""

    def protocol_names(self) -> list[str]:
        """The names in an ALPN extension."""
        self._skip(2)
        names: list[str] = []
        while self._at < len(self._body):
            names.append(_text(self._take(self._uint8())))
        return names

    def _skip(self, size: int) -> None:
        self._at += size

    def _take(self, size: int) -> bytes:
        taken = self._body[self._at : self._at + size]
        self._at += size
        return taken

    def _uint8(self) -> int:
        self._at += 1
        return self._body[self._at - 1] if self._at <= len(self._body) else 0

    def _uint16(self) -> int:
        return self._uint8() << 8 | self._uint8()


def _uint16(data: bytes, at: int) -> int:
    return data[at] << 8 | data[at + 1]


def _text(name: bytes) -> str:
    return name.decode("ascii", "replace")
