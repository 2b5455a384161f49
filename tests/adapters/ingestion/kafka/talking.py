"""Conversations for tests, and what goes through them."""

import uuid
import zlib
from collections.abc import Iterable

from adapters.ingestion.kafka.canary import CanaryRule
from adapters.ingestion.kafka.conversation import Conversation, Event
from adapters.ingestion.kafka.packing import Compressor
from adapters.ingestion.kafka.rewrite import Rewriter
from adapters.ingestion.kafka.topics import Directory
from adapters.ingestion.kafka.traces import TraceContexts
from tests.adapters.ingestion.kafka import wire
from tests.adapters.ingestion.kafka.wire import Record

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OWN = "00-11111111111111111111111111111111-2222222222222222-01"
RECORDS: list[Record] = [
    (b"key", b"value", []),
    (None, b"v" * 200, [("a", b"1"), ("b", b"")]),
    (b"", None, []),
]
TOPIC_IDS = {"orders": uuid.UUID(int=7), "payments": uuid.UUID(int=8)}

MAX_UNPACKED = 1 << 20


class OneContext(TraceContexts):
    def new_context(self) -> str:
        return TRACEPARENT


class Zlib(Compressor):
    def compress(self, data: bytes) -> bytes:
        return zlib.compress(data)


def conversation(
    inject: bool = False,
    max_request: int = 1 << 20,
    max_response: int = 1 << 20,
    canaries: dict[str, CanaryRule] | None = None,
) -> Conversation:
    contexts = OneContext() if inject else None
    rewriter = Rewriter(contexts, canaries or {}, Zlib(), MAX_UNPACKED)
    return Conversation(Directory(), max_request, max_response, rewriter)


def events(one: Conversation) -> list[Event]:
    return list(iter(one.next_event, None))


def rewritten(one: Conversation, pieces: Iterable[bytes]) -> bytes:
    """What the broker gets of what the client sends."""
    sent = b""
    for piece in pieces:
        one.receive_data(piece, 1_000)
        changed = one.pass_on(is_end=False)
        sent += piece if changed is None else changed
    return sent


def produced_batches(version: int, data: bytes) -> dict[tuple[str, int], bytes]:
    """The batches in a rewritten request, by Kafka's own definitions."""
    assert int.from_bytes(data[:4], "big") == len(data) - 4
    kind = wire.schema("produce", version, "request").ProduceRequest
    header = kind.__header_schema__
    head_size = len(
        wire.encoded(
            header(
                request_api_key=0,
                request_api_version=version,
                correlation_id=77,
                client_id="a-client",
            )
        )
    )
    body = wire.decoded(kind, data[4 + head_size :])
    return {
        (topic.name, partition.index): bytes(partition.records)
        for topic in body.topic_data
        for partition in topic.partition_data
    }


def answered(one: Conversation, pieces: Iterable[bytes]) -> bytes:
    """What the client gets of what the broker sends."""
    sent = b""
    for piece in pieces:
        one.receive_response_data(piece, 2_000)
        changed = one.pass_on_response(is_end=False)
        sent += piece if changed is None else changed
    return sent
