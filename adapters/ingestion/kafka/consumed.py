"""Record batches that a client got."""

from typing import Final

from adapters.ingestion.kafka import record_batch
from adapters.ingestion.kafka.errors import ProtocolError
from adapters.ingestion.kafka.traces import TRACEPARENT

_NAME: Final = TRACEPARENT.encode()


class ConsumedBatches:
    """What the batches of one partition tell.

    Attributes:
        base_offset: Offset of the first; -1 when there is none.
        record_count: Records in all that are known.
        codec: How the last is compressed.
        traceparent: Context of the first record that has one and is not compressed; else empty.
        is_malformed: Whether something among them is no batch.
    """

    def __init__(self) -> None:
        self.base_offset = -1
        self.record_count = 0
        self.codec = "none"
        self.traceparent = ""
        self.is_malformed = False


def read_batches(data: bytes) -> ConsumedBatches:
    """Look into batches, the last of which may be cut short."""
    batches = ConsumedBatches()
    try:
        for head in record_batch.read_heads(data):
            if batches.base_offset < 0:
                batches.base_offset = head.base_offset
            if head.is_control:
                continue
            batches.record_count += head.count
            batches.codec = head.codec
            if head.codec == "none" and not batches.traceparent:
                value = record_batch.first_header(data, head, _NAME)
                batches.traceparent = value.decode("utf-8", "replace")
    except ProtocolError:
        batches.is_malformed = True
    return batches
