"""Produced records on their way: with trace contexts, and to canaries of their topics."""

from typing import Final

from adapters.events import KafkaUnparsed
from adapters.ingestion.kafka import apis, packing, record_batch
from adapters.ingestion.kafka.canary import CanaryRule, split
from adapters.ingestion.kafka.errors import CodecError, ProtocolError
from adapters.ingestion.kafka.inject import first_header, inject
from adapters.ingestion.kafka.packing import Compressor
from adapters.ingestion.kafka.produce import ProducedPartition
from adapters.ingestion.kafka.record_batch import BatchHead
from adapters.ingestion.kafka.traces import TRACEPARENT, TraceContexts

_NAME: Final = TRACEPARENT.encode()
IDEMPOTENT: Final = "idempotent"


class SentRecords:
    """The records for one partition as the broker gets them.

    Attributes:
        topic: The topic that they go to.
        partition: The partition's number.
        records: The records; None when they are those that came.
        size: How many bytes came, or were made of them.
        codec: How they are compressed.
        record_count: How many there are.
        traceparent: Context that the first record came with; empty for none.
        injected: Context that the others got; empty for none.
        canary_of: The topic that the client sent them to, where that is another; else empty.
    """

    def __init__(self, topic: str, partition: int, size: int) -> None:
        self.topic = topic
        self.partition = partition
        self.records: bytes | None = None
        self.size = size
        self.codec = packing.NONE
        self.record_count = 0
        self.traceparent = ""
        self.injected = ""
        self.canary_of = ""


class RoutedPartition:
    """What became of the records for one partition.

    Attributes:
        kept: Those that go to it; None when all go to the canary.
        moved: Those that go to the canary; None when none do.
        unparsed: Why records could not be looked into; None when they could.
    """

    def __init__(self, kept: SentRecords) -> None:
        self.kept: SentRecords | None = kept
        self.moved: SentRecords | None = None
        self.unparsed: KafkaUnparsed | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the broker gets other bytes than came."""
        kept = self.kept
        return self.moved is not None or kept is None or kept.records is not None


class Rewriter:
    """Changes produced records.

    Args:
        contexts: Gives contexts to records that have none; None to leave them alone.
        canaries: Which records of which topics go to others.
        compressor: Makes gzip of records again; None where nothing does.
        max_unpacked: Most bytes that the compressed records of a batch may become.
    """

    def __init__(
        self,
        contexts: TraceContexts | None,
        canaries: dict[str, CanaryRule],
        compressor: Compressor | None,
        max_unpacked: int,
    ) -> None:
        self._contexts = contexts
        self._canaries = canaries
        self._compressor = compressor
        self._max_unpacked = max_unpacked

    @property
    def changes(self) -> bool:
        """Whether records may go on as others than they came."""
        return self._contexts is not None or len(self._canaries) > 0

    @property
    def has_canaries(self) -> bool:
        """Whether records may go to other topics than they were sent to."""
        return len(self._canaries) > 0

    def canary_of(self, topic: str) -> str:
        """The canary of a topic; empty when it has none."""
        rule = self._canaries.get(topic)
        return "" if rule is None else rule.to

    def route(
        self, message: bytes, partition: ProducedPartition, version: int, with_canary: bool
    ) -> RoutedPartition:
        """Look into the records for one partition, and change them.

        Whatever is wrong with them stays as it is: it is for the broker to refuse.

        Args:
            message: The request.
            partition: Where in it the records are.
            version: The request's version.
            with_canary: Whether the canary of the topic takes records of this partition.
        """
        data = message[partition.records_at : partition.records_at + partition.size]
        rule = self._canaries.get(partition.topic) if with_canary else None
        work = _Work(self, partition, rule)
        try:
            work.do(data)
        except ProtocolError as error:
            work.abandon(error)
        return work.done(version)

    def unpacked(self, batch: bytes, head: BatchHead) -> bytes:
        """The records of a batch, uncompressed; errors as of `packing.unpacked`."""
        record_batch.check(batch, head)
        return packing.unpacked(batch, head, self._max_unpacked)

    def packed(self, records: bytes, head: BatchHead) -> bytes:
        """Records compressed as they came; errors as of `packing.packed`."""
        return packing.packed(records, head, self._compressor)

    def new_context(self) -> str:
        """A context for records that have none; empty to leave them so."""
        contexts = self._contexts
        return "" if contexts is None else contexts.new_context()


class _Stream:
    """The batches that go to one topic and partition."""

    def __init__(self, rewriter: Rewriter, sent: SentRecords) -> None:
        self.sent = sent
        self.is_changed = False
        self._rewriter = rewriter
        self._batches: list[bytes] = []
        self._context = ""

    def add(self, batch: bytes, head: BatchHead, count: int, records: bytes, changed: bool) -> None:
        """Give a batch's records their context.

        Args:
            batch: The batch, or the head of one that is to be sealed.
            head: The head that came.
            count: How many records.
            records: The records, uncompressed.
            changed: Whether they are others than came.
        """
        sent = self.sent
        sent.record_count += count
        sent.codec = head.codec
        context = self._context or self._rewriter.new_context()
        self._context = context
        if not context:
            value = first_header(records, count, _NAME, is_whole=True)
            self._note(value)
        else:
            injection = inject(records, count, _NAME, context.encode())
            self._note(injection.first_value)
            if injection.injected > 0:
                sent.injected = context
                records = injection.records
                changed = True
        if changed:
            self.is_changed = True
            batch = record_batch.sealed(batch, self._rewriter.packed(records, head))
        self._batches.append(batch)

    def pass_on(self, batch: bytes, head: BatchHead) -> None:
        """Leave a batch as it came."""
        self.sent.record_count += head.count
        self.sent.codec = head.codec
        self._batches.append(batch)

    def data(self) -> bytes:
        """All batches."""
        return b"".join(self._batches)

    def _note(self, traceparent: bytes) -> None:
        sent = self.sent
        sent.traceparent = sent.traceparent or traceparent.decode("utf-8", "replace")


class _Work:
    """The records for one partition while they are looked into."""

    def __init__(
        self, rewriter: Rewriter, partition: ProducedPartition, rule: CanaryRule | None
    ) -> None:
        self._rewriter = rewriter
        self._partition = partition
        self._rule = rule
        self._kept = self._new_stream(partition.topic)
        self._moved = self._new_stream("" if rule is None else rule.to)
        self._reason = ""

    def do(self, data: bytes) -> None:
        """Look into all batches, and change them.

        Raises:
            ProtocolError: they are none.
        """
        at = 0
        for head in record_batch.read_heads(data):
            if head.end > len(data):
                raise ProtocolError(f"record batch of {head.end - head.start} bytes is cut")
            at = head.end
            batch = data[head.start : head.end]
            try:
                records = self._rewriter.unpacked(batch, head)
            except CodecError as error:
                self._reason = error.reason()
                self._kept.pass_on(batch, head)
                continue
            self._route(batch, head, records)
        if at != len(data):
            raise ProtocolError(f"{len(data) - at} bytes behind the last record batch")

    def abandon(self, error: ProtocolError) -> None:
        """Leave everything as it came."""
        counted = self._kept.sent.record_count + self._moved.sent.record_count
        self._reason = error.reason()
        self._kept = self._new_stream(self._partition.topic)
        self._moved = self._new_stream("")
        self._kept.sent.record_count = counted

    def done(self, version: int) -> RoutedPartition:
        """What became of them."""
        routed = RoutedPartition(self._kept.sent)
        if self._reason:
            routed.unparsed = KafkaUnparsed(apis.PRODUCE, version, self._reason)
        if self._kept.is_changed:
            _fill(self._kept)
        if self._moved.sent.record_count > 0:
            _fill(self._moved)
            self._moved.sent.canary_of = self._partition.topic
            routed.moved = self._moved.sent
            if self._kept.sent.record_count == 0:
                routed.kept = None
        return routed

    def _route(self, batch: bytes, head: BatchHead, records: bytes) -> None:
        rule = self._rule
        if rule is not None and head.producer_id != record_batch.NO_PRODUCER_ID:
            # The broker expects the numbers of such a producer without gaps.
            self._reason = IDEMPOTENT
            rule = None
        if rule is None:
            self._kept.add(batch, head, head.count, records, changed=False)
            return
        parts = split(records, head, rule)
        if parts.moved.count == 0:
            self._kept.add(batch, head, head.count, records, changed=False)
            return
        for stream, part in ((self._kept, parts.kept), (self._moved, parts.moved)):
            if part.count > 0:
                own = record_batch.recounted(batch, part.count, part.max_timestamp_ms)
                stream.add(own, head, part.count, part.records(), changed=True)
        self._kept.is_changed = True

    def _new_stream(self, topic: str) -> _Stream:
        size = self._partition.size
        return _Stream(self._rewriter, SentRecords(topic, self._partition.partition, size))


def _fill(stream: _Stream) -> None:
    """Note the bytes that were made."""
    data = stream.data()
    stream.sent.records = data
    stream.sent.size = len(data)
