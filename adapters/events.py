"""The facts that ingestion and backend adapters share.

Facts are immutable and know nothing of where they came from. A number that nobody measured is
UNMEASURED, a text that nobody read is empty.
"""

from dataclasses import dataclass
from typing import Final

UNMEASURED: Final = -1


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """The head of an HTTP request.

    Attributes:
        method: As the client sent it; methods are case-sensitive.
        host: `:authority`, or `host` of HTTP/1.
        path: `:path`, with the query.
        tenant: Who the request is for; empty when it does not say.
        started_ns: When the proxy had the head, nanoseconds since 1970.
    """

    method: str
    host: str
    path: str
    tenant: str
    started_ns: int


@dataclass(frozen=True, slots=True)
class HttpExchange:
    """A request and what became of it.

    Attributes:
        request: The request's head.
        status_code: Status code of the response; 0 when the exchange ended without one.
        duration_ns: From the request's head to the end of the exchange, nanoseconds.
        request_bytes: Bytes received from the client, head and body, or UNMEASURED.
        response_bytes: Bytes sent to the client, head and body, or UNMEASURED.
    """

    request: HttpRequest
    status_code: int
    duration_ns: int
    request_bytes: int
    response_bytes: int


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The protocol of a connection, told from its first bytes.

    Attributes:
        protocol: Its name, `unknown`, or `server_first` when the client waits for the server.
        server_name: The server that a TLS client names, lower case; empty for none.
        application_protocols: What a TLS client offers to speak inside (ALPN).
        head_bytes: Bytes that were there when it was told.
    """

    protocol: str
    server_name: str
    application_protocols: list[str]
    head_bytes: int


@dataclass(frozen=True, slots=True)
class TcpConnection:
    """A connection of a client that is over.

    Attributes:
        source: Address of the client, `IP:PORT`; empty when the proxy does not say.
        destination: Address that it connected to.
        server_name: Server that it named by TLS; empty for none.
        tls_version: `TLSv1.3` and the like; empty without TLS at this proxy.
        protocol: What it spoke, as `Sniffed.protocol`; empty when nobody looked.
        received_bytes: Bytes of the client.
        sent_bytes: Bytes of the upstream.
        duration_ns: From the connection's start to its end, nanoseconds.
        closed_by: `downstream`, `upstream` or `proxy`; `unknown` when the proxy does not say.
        close_reason: Why the proxy ended it; empty when it did not.
    """

    source: str
    destination: str
    server_name: str
    tls_version: str
    protocol: str
    received_bytes: int
    sent_bytes: int
    duration_ns: int
    closed_by: str
    close_reason: str


@dataclass(frozen=True, slots=True)
class KafkaExchange:
    """A request to a Kafka broker and its response.

    Attributes:
        api: Name of the API, such as `Produce`.
        version: Its version.
        client_id: What the client calls itself; empty for nothing.
        request_bytes: Size of the request.
        response_bytes: Size of the response; 0 where none is sent (Produce without acks).
        duration_ns: From the end of the request to the end of the response, nanoseconds.
        throttle_ms: How long the broker slows the client down, milliseconds.
    """

    api: str
    version: int
    client_id: str
    request_bytes: int
    response_bytes: int
    duration_ns: int
    throttle_ms: int


@dataclass(frozen=True, slots=True)
class KafkaBatch:
    """Records of one topic and partition that a client sent in one exchange, or a batch it got.

    Attributes:
        is_produced: Whether the client sent them; else it got them.
        topic: The topic's name; its id in hexadecimal where nobody has seen the name.
        partition: The partition's number.
        client_id: What the client calls itself; empty for nothing.
        group: Consumer group of the client; empty when it is not known to have one.
        base_offset: Offset of the first record; -1 when the broker did not tell.
        record_count: How many records.
        size: Bytes of them, compressed as they are.
        codec: How they are compressed: `none`, `gzip`, `snappy`, `lz4`, `zstd`, `unknown`.
        error_code: 0, or why the broker did not take them or give them.
        started_ns: When the request had come, nanoseconds since 1970.
        duration_ns: Until its response had come, nanoseconds.
        traceparent: Trace context that the first record came with; empty for none.
        injected: Trace context that was given to the records which had none; empty for none.
        canary_of: The topic that the client sent them to, where they went to its canary instead;
            else empty.
    """

    is_produced: bool
    topic: str
    partition: int
    client_id: str
    group: str
    base_offset: int
    record_count: int
    size: int
    codec: str
    error_code: int
    started_ns: int
    duration_ns: int
    traceparent: str
    injected: str
    canary_of: str


@dataclass(frozen=True, slots=True)
class KafkaUnparsed:
    """Bytes of a Kafka connection that nobody here understands; they pass as they are.

    Attributes:
        api_key: Which API; -1 when that is not known.
        version: Which version of it; -1 when that is not known.
        reason: `version`, `malformed`, `too_large`, `codec`, `checksum` or `idempotent`.
    """

    api_key: int
    version: int
    reason: str
