"""Record batches that a client got."""

from typing import Final

from adapters.ingestion.kafka import packing, record_batch
from adapters.ingestion.kafka.errors import CodecError, ProtocolError
from adapters.ingestion.kafka.inject import first_header
from adapters.ingestion.kafka.record_batch import BatchHead
from adapters.ingestion.kafka.rewrite import Rewriter
from adapters.ingestion.kafka.traces import TRACEPARENT

_NAME: Final = TRACEPARENT.encode()


class Consumed:
    """What a batch tells.

    Attributes:
        base_offset: Offset of the first record; -1 when there is none.
        record_count: Records in it.
        size: Bytes of it.
        codec: How it is compressed.
        traceparent: Context of the first record that has one and can be read; else empty.
    """

    def __init__(self) -> None:
        self.base_offset = -1
        self.record_count = 0
        self.size = 0
        self.codec = packing.NONE
        self.traceparent = ""


class ConsumedBatches:
    """The batches of one partition.

    Attributes:
        batches: All that are known, without those that mark the end of a transaction.
        reason: Why something among them could not be read; empty when it could.
    """

    def __init__(self) -> None:
        self.batches: list[Consumed] = []
        self.reason = ""


def read_batches(data: bytes, rewriter: Rewriter) -> ConsumedBatches:
    """Look into batches, the last of which may be cut short."""
    consumed = ConsumedBatches()
    at = 0
    try:
        while len(data) - at >= record_batch.HEAD_BYTES:
            head = record_batch.read_head(data, at)
            at = head.end
            if not head.is_control:
                batch = Consumed()
                consumed.batches.append(batch)
                _read(data, head, batch, rewriter)
    except ProtocolError as error:
        consumed.reason = error.reason()
    return consumed


def _read(data: bytes, head: BatchHead, batch: Consumed, rewriter: Rewriter) -> None:
    batch.base_offset = head.base_offset
    batch.record_count = head.count
    batch.size = head.end - head.start
    batch.codec = head.codec
    known = data[head.start : head.end]
    is_whole = len(known) == batch.size
    if is_whole:
        try:
            records = rewriter.unpacked(known, head)
        except CodecError:
            # The context stays unknown; nothing else is lost.
            return
    elif head.codec == packing.NONE:
        records = known[record_batch.HEAD_BYTES :]
    else:
        return
    batch.traceparent = first_header(records, head.count, _NAME, is_whole).decode(
        "utf-8", "replace"
    )
