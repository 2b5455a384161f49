"""The protocols that are told apart: a class each.

To add one, write its class and put it into `known`: before every protocol whose first bytes it
shares and that would claim them too.
"""

# ruff: noqa: D102 - `judge` is described in Protocol

from typing import Final

from adapters.ingestion.sniff import client_hello, http2_head
from adapters.ingestion.sniff.verdict import Protocol, Verdict, starts_with

_MAX_REQUEST_LINE: Final = 8_192
_MAX_METHOD: Final = 20
_HTTP_VERSIONS: Final = (b" HTTP/1.1", b" HTTP/1.0")
_MAX_KAFKA_REQUEST: Final = 100 * 1024 * 1024
_MAX_KAFKA_API_KEY: Final = 127
_MAX_KAFKA_VERSION: Final = 31
_MAX_MONGODB_MESSAGE: Final = 48_000_000
_MAX_POSTGRESQL_STARTUP: Final = 10_000
# SSLRequest, GSSENCRequest, CancelRequest; protocol 3 of any minor version.
_POSTGRESQL_CODES: Final = (
    b"\x04\xd2\x16\x2f",
    b"\x04\xd2\x16\x30",
    b"\x04\xd2\x16\x2e",
    b"\x00\x03\x00",
)
_MAX_THRIFT_FRAME: Final = 16_384_000
_DIGITS: Final = b"0123456789"


def known(wait_for_grpc: bool = False) -> list[Protocol]:
    """All protocols, in the order in which they are asked.

    Args:
        wait_for_grpc: Whether gRPC is told from other HTTP/2. Its first request has to be there
            for that, which some clients send only after the server has spoken.
    """
    http2: list[Protocol] = [Grpc(), Http2()] if wait_for_grpc else [Http2()]
    return [
        Tls(),
        *http2,
        Http1(),
        Redis(),
        PostgreSql(),
        MongoDb(),
        Dubbo(),
        Thrift(),
        Kafka(),
    ]


class Tls(Protocol):
    """A ClientHello (RFC 8446)."""

    name = client_hello.PROTOCOL

    def judge(self, head: bytes) -> Verdict:
        if not client_hello.may_start(head):
            return Verdict.NO
        if not client_hello.is_certain(head):
            return Verdict.MORE
        return Verdict.LIKELY if client_hello.parse(head) is None else Verdict.YES


class Grpc(Protocol):
    """HTTP/2 whose first request is a gRPC call; some clients wait for the server before it."""

    name = "grpc"

    def judge(self, head: bytes) -> Verdict:
        verdict = starts_with(head, http2_head.PREFACE)
        return http2_head.is_grpc(head) if verdict is Verdict.YES else verdict


class Http2(Protocol):
    """HTTP/2 with prior knowledge (RFC 9113, section 3.4)."""

    name = "http2"

    def judge(self, head: bytes) -> Verdict:
        return starts_with(head, http2_head.PREFACE)


class Http1(Protocol):
    """A request line (RFC 9112, section 3): a method of capitals, a target, HTTP/1.0 or 1.1."""

    name = "http1"

    def judge(self, head: bytes) -> Verdict:
        space = head.find(b" ", 0, _MAX_METHOD + 1)
        method = head[: _MAX_METHOD + 1] if space < 0 else head[:space]
        if space == 0 or len(method) > _MAX_METHOD:
            return Verdict.NO
        for byte in method:
            # Capitals, and the hyphen of M-SEARCH.
            if not (65 <= byte <= 90 or byte == 45):
                return Verdict.NO
        if space < 0:
            return Verdict.MORE
        end = head.find(b"\n", space, _MAX_REQUEST_LINE)
        if end >= 0:
            line = head[:end].rstrip(b"\r")
            return Verdict.YES if line[-9:] in _HTTP_VERSIONS else Verdict.NO
        return Verdict.MORE if len(head) < _MAX_REQUEST_LINE else Verdict.NO


class Redis(Protocol):
    """A command: an array of bulk strings (RESP)."""

    name = "redis"

    def judge(self, head: bytes) -> Verdict:
        if head[0] != 42:
            return Verdict.NO
        at = 1
        for after in (b"\r\n$", b"\r\n"):
            start = at
            while at < len(head) and head[at] in _DIGITS:
                at += 1
            if at - start > 9:
                return Verdict.NO
            rest = head[at : at + len(after)]
            if len(rest) < len(after):
                more = after.startswith(rest) and (at > start or not rest)
                return Verdict.MORE if more else Verdict.NO
            if at == start or rest != after:
                return Verdict.NO
            at += len(after)
        return Verdict.YES


class PostgreSql(Protocol):
    """SSLRequest, GSSENCRequest, CancelRequest, or StartupMessage of protocol 3.

    Source: PostgreSQL, "Message Formats".
    """

    name = "postgresql"

    def judge(self, head: bytes) -> Verdict:
        size = _uint(head, 0, 4)
        if size > _MAX_POSTGRESQL_STARTUP or (len(head) >= 4 and size < 8):
            return Verdict.NO
        verdict = Verdict.NO
        for code in (
            b"\x04\xd2\x16\x2f",
            b"\x04\xd2\x16\x30",
            b"\x04\xd2\x16\x2e",
            b"\x00\x03\x00",
        ):
            found = starts_with(head[4:8], code) if len(head) > 4 else Verdict.MORE
            if found is Verdict.YES and len(code) == 3:
                # The minor version tells nothing; the first parameter begins with a letter.
                found = _letter_at(head, 8)
            if found.value > verdict.value:
                verdict = found
        return verdict


class MongoDb(Protocol):
    """The head of a message: OP_MSG, OP_QUERY or OP_COMPRESSED, that answers none."""

    name = "mongodb"

    def judge(self, head: bytes) -> Verdict:
        if len(head) < 4:
            return Verdict.MORE
        size = int.from_bytes(head[:4], "little")
        if not 16 <= size <= _MAX_MONGODB_MESSAGE:
            return Verdict.NO
        answers = head[8:12]
        if not b"\0\0\0\0".startswith(answers):
            return Verdict.NO
        verdict = Verdict.NO
        for code in (b"\xdd\x07\0\0", b"\xd4\x07\0\0", b"\xdc\x07\0\0"):
            found = starts_with(head[12:16], code)
            if found.value > verdict.value:
                verdict = found
        return verdict


class Dubbo(Protocol):
    """The magic number, and the flag of a request."""

    name = "dubbo"

    def judge(self, head: bytes) -> Verdict:
        verdict = starts_with(head, b"\xda\xbb")
        if verdict is not Verdict.YES or len(head) < 3:
            return verdict if verdict is Verdict.NO else Verdict.MORE
        return Verdict.YES if head[2] & 0x80 else Verdict.NO


class Thrift(Protocol):
    """A call in the strict binary, the compact or the header protocol, framed or not.

    Source: Thrift, "Thrift Binary protocol encoding", "Thrift Compact protocol encoding",
    "THeader".
    """

    name = "thrift"

    def judge(self, head: bytes) -> Verdict:
        if head[0] >= 0x80:
            return _thrift_message(head)
        frame = _uint(head, 0, 4)
        if frame > _MAX_THRIFT_FRAME:
            return Verdict.NO
        if len(head) <= 4:
            return Verdict.MORE
        if frame < 8:
            return Verdict.NO
        found = _thrift_message(head[4:])
        return found if found is not Verdict.NO else starts_with(head[4:6], b"\x0f\xff")


class Kafka(Protocol):
    """A request header with a client id of printable ASCII, or none.

    Source: Kafka protocol guide, "Protocol Request and Response Headers".
    """

    name = "kafka"

    def judge(self, head: bytes) -> Verdict:
        size = _uint(head, 0, 4)
        if size > _MAX_KAFKA_REQUEST or (len(head) >= 4 and size < 10):
            return Verdict.NO
        if _uint(head, 4, 6) > _MAX_KAFKA_API_KEY or _uint(head, 6, 8) > _MAX_KAFKA_VERSION:
            return Verdict.NO
        if len(head) > 8 and head[8] >= 0x80:
            return Verdict.NO
        if len(head) < 14:
            return Verdict.MORE
        client_id = int.from_bytes(head[12:14], "big")
        if client_id == 0xFFFF:
            return Verdict.YES
        if client_id + 10 > size:
            return Verdict.NO
        for byte in head[14 : 14 + client_id]:
            if not 32 <= byte <= 126:
                return Verdict.NO
        return Verdict.YES if len(head) >= 14 + client_id else Verdict.MORE


def _thrift_message(head: bytes) -> Verdict:
    """A message's head: a call, or a call without reply."""
    if head[0] == 0x82:
        if len(head) < 2:
            return Verdict.MORE
        return Verdict.YES if head[1] in (0x21, 0x81) else Verdict.NO
    verdict = starts_with(head[:3], b"\x80\x01\x00")
    if verdict is not Verdict.YES or len(head) < 4:
        return verdict if verdict is Verdict.NO else Verdict.MORE
    return Verdict.YES if head[3] in (1, 4) else Verdict.NO


def _letter_at(head: bytes, at: int) -> Verdict:
    if len(head) <= at:
        return Verdict.MORE
    return Verdict.YES if 97 <= head[at] <= 122 else Verdict.NO


def _uint(head: bytes, start: int, end: int) -> int:
    """The least that a big-endian number can be, of which the last bytes may be to come."""
    came = head[start:end]
    return int.from_bytes(came, "big") << (8 * (end - start - len(came)))
