"""First bytes of real clients, and what they are."""

import ssl
from typing import Final

from hpack import Encoder

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS: Final = b"\0\0\0\x04\0\0\0\0\0"


def client_hello(server_name: str | None, protocols: list[str]) -> bytes:
    """What OpenSSL sends."""
    context = ssl.create_default_context()
    context.check_hostname = False
    if protocols:
        context.set_alpn_protocols(protocols)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname=server_name)
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.read()
    raise AssertionError("a handshake without a server")


def http2_request(content_type: str, huffman: bool, is_whole: bool = False) -> bytes:
    """A client's bytes up to its first request; `is_whole` without a body."""
    headers = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/helloworld.Greeter/SayHello"),
        (":authority", "localhost"),
        ("content-type", content_type),
        ("te", "trailers"),
    ]
    block = Encoder().encode(headers, huffman=huffman)
    frame = len(block).to_bytes(3, "big") + bytes([1, 5 if is_whole else 4]) + b"\0\0\0\x01" + block
    return PREFACE + SETTINGS + frame


def kafka_request(api_key: int, version: int, client_id: bytes | None, body: bytes = b"") -> bytes:
    """A request with header 1."""
    named = b"\xff\xff" if client_id is None else len(client_id).to_bytes(2, "big") + client_id
    request = api_key.to_bytes(2, "big") + version.to_bytes(2, "big") + b"\0\0\0\x07" + named + body
    return len(request).to_bytes(4, "big") + request


def mongodb_message(operation: int, body: bytes = b"\0\0\0\0\0{}") -> bytes:
    """A message that answers none."""
    fields = [16 + len(body), 5, 0, operation]
    return b"".join(field.to_bytes(4, "little") for field in fields) + body


def postgresql_startup() -> bytes:
    """StartupMessage of protocol 3.0."""
    parameters = b"user\0ada\0database\0orders\0\0"
    return (8 + len(parameters)).to_bytes(4, "big") + b"\0\x03\0\0" + parameters


HEADS: Final[list[tuple[str, bytes]]] = [
    ("tls", client_hello("Orders.Example.com", ["h2", "http/1.1"])),
    ("tls", client_hello(None, [])),
    ("http2", http2_request("application/json", huffman=True)),
    ("http2", http2_request("application/json", huffman=False)),
    ("grpc", http2_request("application/grpc", huffman=True)),
    ("grpc", http2_request("application/grpc+proto", huffman=True)),
    ("grpc", http2_request("application/grpc", huffman=False)),
    ("http1", b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"),
    ("http1", b"M-SEARCH * HTTP/1.1\r\n"),
    ("http1", b"OPTIONS * HTTP/1.0\n"),
    ("http1", b"POST /" + b"x" * 4_000 + b" HTTP/1.1\r\n"),
    ("redis", b"*1\r\n$4\r\nPING\r\n"),
    ("redis", b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n"),
    ("postgresql", b"\0\0\0\x08\x04\xd2\x16\x2f"),
    ("postgresql", b"\0\0\0\x08\x04\xd2\x16\x30"),
    ("postgresql", b"\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\x01\0\0\0\x02"),
    ("postgresql", postgresql_startup()),
    ("mongodb", mongodb_message(2013)),
    ("mongodb", mongodb_message(2004)),
    ("mongodb", mongodb_message(2012)),
    ("dubbo", b"\xda\xbb\xc2\0" + bytes(7) + b"\x01\0\0\0\x10"),
    ("thrift", b"\x80\x01\0\x01\0\0\0\x04ping\0\0\0\0\0"),
    ("thrift", b"\0\0\0\x11\x80\x01\0\x01\0\0\0\x04ping\0\0\0\0\0"),
    ("thrift", b"\0\0\0\x0a\x82\x21\0\x04ping\0\0"),
    ("thrift", b"\0\0\0\x20\x0f\xff\0\0" + bytes(24)),
    ("kafka", kafka_request(18, 3, b"adminclient-1", b"\0\x05java")),
    ("kafka", kafka_request(18, 0, None)),
    ("kafka", kafka_request(3, 1, b"rdkafka", b"\xff\xff\xff\xff")),
    ("kafka", kafka_request(0, 9, b"")),
    ("unknown", b"\xff\xfe\xfd\xfc"),
    ("unknown", b"hello\r\n"),
    ("unknown", b"GET foo\r\n"),
    ("unknown", b"*x\r\n"),
    ("unknown", b"PRI * HTTP/1.1\r\n"[:-2] + b"\0\n"),
    ("unknown", b"\xda\xbb\0\0" + b"\xff" * 12),
    ("unknown", b"\x16\x03\x01\0\x05\x02" + b"\xff" * 10),
]
